"""Entity tags name the version that was read (RFC 9110 §8.8.3, §13.1.1)."""

import pytest
from starlette.requests import Request

from crossing.kit.etag import etag, require_match
from crossing.kit.problems import PreconditionRequired, StaleVersion


def request(condition: str | None) -> Request:
    headers = [] if condition is None else [(b"if-match", condition.encode())]
    return Request({"type": "http", "headers": headers})


def test_a_tag_is_the_version_in_quotes() -> None:
    assert etag(7) == '"7"'


@pytest.mark.parametrize("condition", ['"7"', "*", '"1", "7"', '"7","8"', ' "7" ', '"1", *'])
def test_the_version_that_stands_matches(condition: str) -> None:
    require_match(request(condition), 7)


@pytest.mark.parametrize("condition", ['"6"', '"77"', "7", 'W/"7"', "", " ", '"7', "'7'", '""'])
def test_any_other_condition_is_stale_and_told_what_stands(condition: str) -> None:
    with pytest.raises(StaleVersion) as refusal:
        require_match(request(condition), 7)
    assert refusal.value.headers == {"ETag": '"7"'}


def test_a_change_without_a_condition_is_told_to_send_one() -> None:
    with pytest.raises(PreconditionRequired):
        require_match(request(None), 7)
