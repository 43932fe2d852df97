"""What may not stand in the repository."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_lock_files_name_every_package_with_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        packages = re.findall(r"^[\w.\-]+(?:\[[\w,]+\])?==", text, re.MULTILINE)
        assert packages
        assert text.count("--hash=sha256:") >= len(packages)


def test_no_path_of_a_machine_stands_in_a_tracked_file() -> None:
    found = [
        str(path)
        for path in _tracked("*.py", "*.md", "*.yaml", "*.toml", "Makefile", "*.sh", "*.html", "*.json")
        if re.search(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/", path.read_text(encoding="utf-8"))
        and path != Path(__file__)
    ]
    assert found == []


def test_services_have_the_folders_the_client_fixed() -> None:
    for name in ("services/admission", "services/redress", "services/advance-ruling", "shared", "deploy", "tests"):
        assert (ROOT / name).is_dir()
