"""The letter of a ruling, for its holder: as a PDF/UA document, or as a page of one file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crossing.kit.documents import long_date, page_policy, pdf_document
from crossing.packs.files import read_yaml
from crossing.rulings.procedure import load_procedure
from crossing.rulings.qr import qr_svg

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
_TEXTS: Final[Mapping[str, Mapping[str, Any]]] = read_yaml(_FOLDER / "letter_texts.yaml")
#: The Content-Security-Policy that the letter is sent with as a page.
LETTER_POLICY: Final = page_policy((_TEMPLATES / "letter.html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class LetterReason:
    """A requirement the ruling decides: its text and citation, why it is met, and who found so.

    ``found_by`` is ``rules`` (from the facts stated) or ``adjudicator`` (a finding of judgement); ``verified`` says
    whether the text cited was seen in a primary source.
    """

    id: str
    text: str
    citation: str
    verified: bool
    reason: str
    found_by: Literal["rules", "adjudicator"]


@dataclass(frozen=True)
class LetterFact:
    """A material fact ruled on, as people read it."""

    label: str
    value: str


@dataclass(frozen=True)
class LetterContent:
    """All that a letter says which is of this ruling, its texts already in the language of the letter.

    ``into`` is ISO 3166 alpha-2; days are ISO 8601, ``valid_from`` and ``valid_until`` both included. ``facts`` are the
    material facts, ``re_attest`` the questions an officer asks about them. ``petitioner`` is the employer's or client's
    name, if there is one. ``token`` is what the QR code holds, ``verify_address`` the page that says whether the ruling
    is in force.
    """

    number: str
    version: int
    into: str
    class_title: str
    class_code: str
    holder: str
    petitioner: str | None
    issued_on: str
    valid_from: str
    valid_until: str
    question: str
    holding: str
    reasons: tuple[LetterReason, ...]
    facts: tuple[LetterFact, ...]
    re_attest: tuple[str, ...]
    pack_id: str
    pack_version: str
    pack_digest: str
    token: str
    verify_address: str


def letter_pdf(letter: LetterContent, language: str) -> bytes:
    """The letter as a PDF/UA-1 document (ISO 14289-1), in ``en``, ``fr`` or ``es``; the same letter, the same bytes."""
    return pdf_document(_TYPST, _told(letter, language))


def letter_html(letter: LetterContent, language: str) -> str:
    """The letter as a page of one file, in ``en``, ``fr`` or ``es``; send it with ``LETTER_POLICY``."""
    told = _told(letter, language)
    return _PAGES.get_template("letter.html").render({**told, "code": Markup(told["code"])})  # noqa: S704 - our own SVG


def _told(letter: LetterContent, language: str) -> dict[str, Any]:
    """What both forms say, in their order, with nothing left to fill in."""
    texts = _filled(_TEXTS[language], _values(letter, language))
    version = texts["replaces"] if letter.version > 1 else str(letter.version)
    summary = {
        "version": version,
        "class": f"{letter.class_title} ({letter.class_code})",
        "into": texts["into_country"][letter.into],
        "validity": texts["from_until"],
        "holder": letter.holder,
        "petitioner": letter.petitioner,
        "issued": long_date(date.fromisoformat(letter.issued_on), language),
    }
    return {
        "language": language,
        "texts": texts,
        "letter": asdict(letter),
        "summary": [{"label": texts[name], "value": value} for name, value in summary.items() if value],
        "code": qr_svg(letter.token, texts["qr_title"], texts["qr_alt"]),
    }


def _values(letter: LetterContent, language: str) -> dict[str, str]:
    states = load_procedure().states
    review = states["issued"].within("review_within")
    issued_on = date.fromisoformat(letter.issued_on)
    return {
        "number": letter.number,
        "version": str(letter.version),
        "valid_from": long_date(date.fromisoformat(letter.valid_from), language),
        "valid_until": long_date(date.fromisoformat(letter.valid_until), language),
        "review_days": str(review.days),
        "review_until": long_date(issued_on + review, language),
        "notice_days": str(states["modified"].within("effective_after").days),
        "suspension_days": str(states["suspended"].within("deadline").days),
        "pack_id": letter.pack_id,
        "pack_version": letter.pack_version,
        "pack_digest": letter.pack_digest,
    }


def _filled(texts: Any, values: Mapping[str, str]) -> Any:
    """The texts with every brace filled in."""
    if isinstance(texts, str):
        return texts.format_map(values)
    if isinstance(texts, Mapping):
        return {name: _filled(each, values) for name, each in texts.items()}
    return [_filled(each, values) for each in texts]
