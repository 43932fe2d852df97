"""A log line carries the fields that are allowed and no other, whatever an event brings."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from crossing.kit.logging import OfLibraries, allow_listed, configure_logging, log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_field_that_nobody_allowed_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.contextvars.bind_contextvars(request_id="r-1", surname="Tremblay")
    log().info("examination.opened", document_number="GA302922", status=201)
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "examination.opened", "level": "info", "request_id": "r-1", "status": 201}


def test_an_exception_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        raise ValueError("Tremblay")
    except ValueError:
        log().exception("request.failed", exc_info=True, stack_info=True)
    assert "Tremblay" not in capsys.readouterr().err


def test_of_a_library_s_line_only_who_says_it_and_the_type_of_the_error_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging()
    library = logging.Logger("sqlalchemy.pool")
    library.addHandler(OfLibraries())
    try:
        raise ValueError("Tremblay")
    except ValueError:
        library.exception("Connection of %s is broken", "Tremblay")
    written = capsys.readouterr().err
    line = json.loads(written)
    assert (line["event"], line["logger"], line["error"]) == ("library.warned", "sqlalchemy.pool", "ValueError")
    assert "Tremblay" not in written


@pytest.mark.parametrize(("level", "lines"), [("DEBUG", 3), ("INFO", 2), ("WARNING", 1), ("CRITICAL", 0)])
def test_only_lines_of_the_level_asked_for_leave_the_process(
    capsys: pytest.CaptureFixture[str], level: str, lines: int
) -> None:
    configure_logging(level)
    log().debug("a")
    log().info("b")
    log().warning("c")
    assert len(capsys.readouterr().err.splitlines()) == lines


def test_nothing_that_could_name_a_person_is_on_the_list() -> None:
    personal = {
        "surname",
        "name",
        "given_names",
        "document_number",
        "born_on",
        "facts",
        "body",
        "path",
        "query",
        "url",
        "token",
    }
    assert allow_listed(None, "info", dict.fromkeys(personal, "x")) == {}
