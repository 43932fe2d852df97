"""What letters and notices share: days as letters write them, PDF/UA documents, and pages of one file."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import typst
from babel.dates import format_date

#: What the fonts that come with typst do not all show: anything but Latin, Greek, Cyrillic and general punctuation.
_UNSHOWN: Final = re.compile("[^\n -\u024f\u0370-\u04ff\u1e00-\u1eff\u2010-\u205f]")


def long_date(day: date, language: str) -> str:
    """A day as letters write it; French says the first of a month as "1er"."""
    text = format_date(day, "long", locale=language)
    return text.replace("1 ", "1er ", 1) if language == "fr" and text.startswith("1 ") else text


def pdf_document(template: bytes, data: Mapping[str, Any]) -> bytes:
    """The PDF/UA-1 document (ISO 14289-1) that a typst template makes of JSON data, read there as ``sys.inputs.data``.

    PDF/UA forbids a text that no font at hand can show, and nobody goes without a document for a name: such letters are
    replaced by the mark for them.
    """
    written = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(template, written)
    except typst.TypstError:
        return _compiled(template, _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", written))


def _compiled(template: bytes, data: str) -> bytes:
    document: bytes = typst.compile(template, sys_inputs={"data": data}, pdf_standards=["ua-1"])
    return document


def page_policy(template: str) -> str:
    """The Content-Security-Policy of a page that is one file with its style inside, so that it can be saved.

    Nothing else may run or load in it.
    """
    style = "".join(re.findall(r"<style>(.*?)</style>", template, re.DOTALL))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"
