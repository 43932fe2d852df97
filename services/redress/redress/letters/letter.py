"""A letter as a page of one file, or as a PDF/UA document; the same letter, the same bytes."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crossing.kit.documents import long_date, page_policy, pdf_document
from crossing.packs.files import read_yaml
from redress.letters.parts import Letter

_FOLDER: Final = Path(__file__).parent
_TEMPLATES: Final = _FOLDER / "templates"
_PAGES: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TYPST: Final = (_TEMPLATES / "letter.typ").read_bytes()
#: The Content-Security-Policy that the letter is sent with as a page.
LETTER_POLICY: Final = page_policy((_TEMPLATES / "letter.html").read_text(encoding="utf-8"))


@cache
def letter_data() -> Mapping[str, Any]:
    """The categories of letters, with what each says in three languages."""
    data: Mapping[str, Any] = read_yaml(_FOLDER / "letter_texts.yaml")
    return data


def letter_pdf(letter: Letter) -> bytes:
    """The letter as a PDF/UA-1 document (ISO 14289-1)."""
    return pdf_document(_TYPST, _written(letter))


def letter_html(letter: Letter) -> str:
    """The letter as a page of one file; send it with ``LETTER_POLICY``."""
    return _PAGES.get_template("letter.html").render(_written(letter))


def _written(letter: Letter) -> dict[str, Any]:
    """What both forms say: a summary, then sections of paragraphs, items and terms with what is said of them."""
    texts = letter_data()["texts"][letter.language]
    summary = {
        "number": letter.control_number,
        "holder": letter.holder,
        "outcome": texts["outcomes"][letter.outcome],
        "made_on": _day(letter.made_on, letter),
        "told_on": _day(letter.told_on, letter),
    }
    return {
        "language": letter.language,
        "title": texts["title"].format(control_number=letter.control_number),
        "day": letter.told_on,
        "summary": [{"term": texts[name], "value": value} for name, value in summary.items() if value],
        "sections": [section for section in _sections(letter, texts) if any(list(section.values())[1:])],
        "closing": [texts["number_use"], *([texts["badge"].format(badge=letter.badge)] if letter.badge else [])],
    }


def _sections(letter: Letter, texts: Mapping[str, Any]) -> list[dict[str, Any]]:
    accepted = [each.name for each in letter.evidence if not each.why]
    refused = [_entry(each.name, each.why) for each in letter.evidence if each.why]
    rules = [_entry(_dated(rule.id, rule.effective_from, letter, texts), rule.text) for rule in letter.rules]
    facts = [_entry(each.text, texts["source"].format(source=each.source)) for each in letter.facts]
    changes = [_entry(texts["systems"].get(each.system, each.system), each.text) for each in letter.changes]
    return [
        _section(texts["decision"], paragraphs=[letter.decision]),
        _section(texts["why"], paragraphs=list(letter.lead)),
        _section(texts["rules"], entries=rules),
        _section(texts["facts"], entries=facts),
        _section(texts["considered"], paragraphs=[] if letter.evidence else [texts["no_documents"]], items=accepted),
        _section(texts["not_accepted"], paragraphs=[] if refused else [texts["all_accepted"]], entries=refused)
        if letter.evidence
        else _section(texts["not_accepted"]),
        _section(texts["changes"], paragraphs=[] if changes else [texts["no_change"]], entries=changes),
        _section(texts["next"], entries=[_next(step, letter, texts) for step in letter.next_steps]),
        _section(texts["file"], paragraphs=list(letter.file_access)),
        _section(
            texts["secrecy"], paragraphs=[texts["secrecy_text"]] if letter.secrecy else [], items=list(letter.secrecy)
        ),
    ]


def _section(
    heading: str,
    *,
    paragraphs: list[str] | None = None,
    items: list[str] | None = None,
    entries: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    return {"heading": heading, "paragraphs": paragraphs or [], "items": items or [], "entries": entries or []}


def _entry(term: str, value: str) -> dict[str, str]:
    return {"term": term, "value": value}


def _dated(name: str, day: str, letter: Letter, texts: Mapping[str, Any]) -> str:
    return f"{name} ({texts['in_force_from'].format(day=_day(day, letter))})"


def _next(step: Any, letter: Letter, texts: Mapping[str, Any]) -> dict[str, str]:
    last = texts["last_day"].format(day=_day(step.last_day, letter)) if step.last_day else step.clock
    disputed = step.safe_day and step.safe_day != step.last_day
    safe = texts["safe_day"].format(day=_day(step.safe_day, letter)) if disputed else ""
    return _entry(step.body, "\n".join(filter(None, [step.what, last, safe, step.citation])))


def _day(day: str, letter: Letter) -> str:
    return long_date(date.fromisoformat(day), letter.language)
