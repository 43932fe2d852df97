"""A service does not start with rule packs that have mistakes, and says which."""

from pathlib import Path

import pytest

from admission.app import create_app
from crossing.desk.lawbook import PacksDoNotHold
from crossing.embedded.suite import admission_settings
from crossing.kit.issuer import DevelopmentIssuer
from crossing.packs.check import Finding, Inspection


def test_the_mistake_is_named_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Inspection([Finding("us/tn.yaml:12", "US-TN-02 has no citation; write it")])
    monkeypatch.setattr("crossing.desk.lawbook.check_release", lambda: found)
    with pytest.raises(PacksDoNotHold, match=r"us/tn\.yaml:12: US-TN-02 has no citation"):
        create_app(admission_settings(tmp_path, DevelopmentIssuer(tmp_path)))
