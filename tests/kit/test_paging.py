"""A cursor stands for the last row of a page; whatever no page gave is refused."""

import base64
import json

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from crossing.kit.paging import decode_cursor, encode_cursor, link_next
from crossing.kit.problems import InvalidRequest

KEYS = st.lists(st.text().filter(str.isprintable), min_size=1, max_size=4)


@given(KEYS)
def test_a_cursor_gives_back_the_key_it_was_made_of(key: list[str]) -> None:
    cursor = encode_cursor(key)
    assert decode_cursor(cursor, len(key)) == key
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(KEYS, st.integers(0, 6))
def test_a_cursor_of_another_list_is_refused(key: list[str], size: int) -> None:
    if size != len(key):
        with pytest.raises(InvalidRequest):
            decode_cursor(encode_cursor(key), size)


@given(st.text() | st.text("ABCDabcd0123-_=", max_size=40))
def test_garbage_is_refused_and_nothing_else_happens(garbage: str) -> None:
    try:
        found = decode_cursor(garbage, 1)
    except InvalidRequest as refusal:
        assert [error.pointer for error in refusal.errors] == ["/cursor"]
    else:
        assert found is not None
        assert len(found) == 1


@pytest.mark.parametrize(
    "value", [None, 1, "a", {}, [], [1], [None], [["a"]], ["a\nb"], ["a\x00"], ["\ud800"], ["a", "b"], [True]]
)
def test_what_is_json_and_no_key_is_refused(value: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    with pytest.raises(InvalidRequest):
        decode_cursor(cursor, 1)


@pytest.mark.parametrize("body", [b"[" * 300, b"[9" + b"9" * 300, b'["\xff"]', b"NaN", b'["a"] x', b""])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(base64.urlsafe_b64encode(body).decode().rstrip("="), 1)


def test_without_a_cursor_a_list_begins_at_its_beginning() -> None:
    assert decode_cursor(None, 1) is None


def test_the_link_to_the_next_page_keeps_the_query_and_replaces_the_cursor() -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/admission/v1/ports",
        "query_string": b"limit=2&cursor=old",
        "headers": [(b"host", b"crossing.test")],
        "server": ("crossing.test", 80),
        "scheme": "http",
    }
    response = Response()
    link_next(Request(scope), response, "new")
    assert response.headers["link"] == '</admission/v1/ports?limit=2&cursor=new>; rel="next"'


def test_the_last_page_has_no_link() -> None:
    response = Response()
    link_next(Request({"type": "http", "headers": []}), response, None)
    assert "link" not in response.headers
