"""Messages that the embedded suite kept instead of sending them, for whoever tries it on this machine."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.identity import open_to_anyone
from crossing.kit.problems import NotFound
from crossing.pages.rendering import Pages, read_texts

_FOLDER: Final = Path(__file__).parent
_PAGES: Final = Pages(_FOLDER / "templates", read_texts(_FOLDER / "mail_texts.yaml"))
_MOST_LISTED: Final = 200


def mail_page_router(folder: Path) -> APIRouter:
    """``/mail/`` lists the messages in a folder, the newest first; ``/mail/{id}`` opens one."""
    router = APIRouter(prefix="/mail", dependencies=[Depends(open_to_anyone)], include_in_schema=False)

    @router.get("/")
    def list_messages(request: Request) -> Response:
        """The messages kept."""
        newest = sorted(folder.glob("*.eml"), reverse=True)[:_MOST_LISTED]
        return _PAGES.show(request, "mail.html", {"messages": [_read(file) for file in newest]})

    @router.get("/{message_id}")
    def show_message(request: Request, message_id: UUID) -> Response:
        """One message; raises ``NotFound``."""
        file = folder / f"{message_id}.eml"
        if not file.is_file():
            raise NotFound
        return _PAGES.show(request, "mail_message.html", {"message": _read(file)})

    return router


def _read(file: Path) -> dict[str, Any]:
    message = email.message_from_bytes(file.read_bytes(), EmailMessage, policy=default)
    assert isinstance(message, EmailMessage)
    return {
        "id": file.stem,
        "subject": message["Subject"],
        "language": message["Content-Language"],
        "date": message["Date"].datetime.strftime("%Y-%m-%d %H:%M"),
        "message_id": message["Message-ID"],
        "lines": message.get_content().splitlines(),
    }
