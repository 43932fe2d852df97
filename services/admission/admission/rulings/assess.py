"""Whether a ruling presented binds this examination (specification, sections 7 and 8). No I/O."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from admission.examinations.traveller import Traveller
from admission.rulings.trust import Reading
from crossing.casework.procedure import duration
from crossing.rules import Pack
from crossing.rulings.fingerprint import Comparison, compare
from crossing.rulings.person import document_hash, person_hash
from crossing.rulings.procedure import load_procedure
from crossing.rulings.token import RulingClaims

REFUSED: Final = "refused"
UNVERIFIABLE: Final = "unverifiable"
#: Stands among what is tolerated where the holder shows a renewed document.
DOCUMENT: Final = "document"


@dataclass(frozen=True)
class Case:
    """What an examination knows when rulings are held against it.

    ``pack`` is the law of the country without overlays, ``day`` the day at the port; ``reattested`` says that the
    holder declared that nothing which the rulings rest on has changed.
    """

    pack: Pack
    day: str
    seeking: Sequence[str]
    facts: Mapping[str, Any]
    traveller: Traveller
    reattested: bool


@dataclass(frozen=True)
class Assessment:
    """What was found of a ruling: the outcome, why a refused one is refused, and whether it binds.

    ``re_attest`` are the facts to ask again, the most telling first; ``settled`` the requirements it decides here.
    ``status_at`` is the instant of the status list relied on.
    """

    outcome: str
    reason: str | None
    binds: bool
    changed: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()
    re_attest: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    follow_up_by: str | None = None
    status_at: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields, as they are kept."""
        return asdict(self)


def assess(reading: Reading, case: Case) -> Assessment:
    """Hold a ruling against a case; a ruling that cannot be relied on is refused with its reason, and nothing fails."""
    claims = reading.claims
    reason = reading.refused if claims is None else _refusal(claims, reading.refused, case)
    if claims is None or reason:
        return Assessment(REFUSED, reason, False, status_at=reading.status_at)
    definitions = case.pack.dictionary.facts
    found = compare(
        claims,
        case.facts,
        case.day,
        definitions=definitions,
        procedure=load_procedure(),
        pack_head=case.pack.content["pack"],
        shown=("traveller.citizenships",),
    )
    return _weighed(claims, found, case, reading.status_at)


def _refusal(claims: RulingClaims, refused: str | None, case: Case) -> str | None:
    """Why a ruling with a good signature is none for this entry: the first reason, the surest ones first."""
    if claims.into != case.pack.country:
        return "another_direction"
    if not _shown_by(claims, case.traveller):
        return "another_person"
    if case.day < claims.valid_from:
        return "not_yet_valid"
    if case.day > claims.valid_until:
        return "expired"
    if refused:
        return refused
    if case.seeking and not any(f"{claims.class_id}.".startswith(f"{sought}.") for sought in case.seeking):
        return "another_class"
    return None


def _shown_by(claims: RulingClaims, traveller: Traveller) -> bool:
    return _is_the_document(claims, traveller) or claims.person == person_hash(
        claims.salt, traveller.surname, traveller.given_names, traveller.born_on
    )


def _is_the_document(claims: RulingClaims, traveller: Traveller) -> bool:
    return claims.document == document_hash(claims.salt, traveller.issued_by, traveller.document_number)


def _weighed(claims: RulingClaims, found: Comparison, case: Case, status_at: str | None) -> Assessment:
    port = load_procedure().content["port"]
    outcome, tolerated = found.outcome, found.tolerated
    if not _is_the_document(claims, case.traveller):
        tolerated = (DOCUMENT, *tolerated)
        outcome = "tolerated" if outcome == "equal" else outcome
    rules = port["outcomes"][outcome]
    binds = rules["binds"] and (outcome != UNVERIFIABLE or case.reattested)
    assessed = Assessment(outcome, None, binds, found.changed, tolerated, status_at=status_at)
    if outcome == "changed":
        return assessed
    follow_up = rules.get("follow_up") if binds else None
    until = (date.fromisoformat(case.day) + duration(follow_up)).isoformat() if follow_up else None
    asked = () if case.reattested else _to_ask(claims, found.unstated, case.pack, case.day, port["re_attest_at_most"])
    settled = claims.settled if binds else ()
    return replace(assessed, re_attest=asked, settled=settled, follow_up_by=until)


def _to_ask(claims: RulingClaims, unstated: Sequence[str], pack: Pack, day: str, at_most: int) -> tuple[str, ...]:
    """The material facts to ask again: those that most of what is settled rests on come first."""
    law = pack.on(day)
    weights = Counter(
        path for each in claims.settled if law.may_be_ruled(each) for path in {*_facts_of(law.reads(each))}
    )
    ranked = sorted((path for path in unstated if weights[path]), key=lambda path: -weights[path])
    return tuple(ranked[:at_most])


def _facts_of(paths: Sequence[str]) -> set[str]:
    """The facts that paths lead into: a field of a list's entry belongs to the list."""
    return {path.partition("[")[0] for path in paths}
