"""The running service against its own OpenAPI description, by thousands of generated requests."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.serving import served_suite

from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

_SECONDS = 240
#: What the description allows the law may still refuse: a class that is not in force, a cursor that no page gave. And
#: an update without If-Match is 428 (RFC 6585), which schemathesis does not expect.
_NOT_OURS = "positive_data_acceptance,missing_required_header"


def test_no_request_brings_a_5xx_or_an_answer_outside_the_description(tmp_path: Path) -> None:
    with served_suite(tmp_path, {"CROSSING_OPEN_REQUESTS_PER_MINUTE": "1000000"}) as address:
        token = DevelopmentIssuer(tmp_path).token(Role.SUPERVISOR, subject="test-supervisor", port_id="US-DETROIT")
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{address}/admission/v1/openapi.json",
            f"--url={address}/admission",
            f"--header=Authorization: Bearer {token}",
            "--max-examples=10",
            "--seed=20261121",
            "--generation-database=none",
            f"--exclude-checks={_NOT_OURS}",
            "--no-color",
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=os.environ)
    generated = re.search(r"(\d+) generated", ran.stdout)
    assert ran.returncode == 0, ran.stdout[-6_000:]
    assert generated is not None
    assert int(generated.group(1)) > 1_000
