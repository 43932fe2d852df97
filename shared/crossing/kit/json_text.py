"""JSON as it is answered and kept: compact, UTF-8, written by orjson, which takes a tenth of the time of others."""

from typing import Any

import orjson
from starlette.responses import JSONResponse


class JsonAnswer(JSONResponse):
    """An answer whose content is told already; FastAPI sends it as it is."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return orjson.dumps(content)


def json_text(value: Any) -> str:
    """The text of a JSON value, as rows keep it."""
    return orjson.dumps(value).decode()
