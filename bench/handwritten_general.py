"""The floor of the engine: what every class of the United States asks first, as plain ``if``s."""

from collections.abc import Mapping

from bench.handwritten import COUNTRY, TEXT, Answer, Facts, NotWritten, months_later

_CARDS = ("nexus_card", "fast_card", "sentri_card", "enhanced_drivers_licence", "indian_status_card")


def general(facts: Facts, findings: Mapping[str, str], on: str, answer: Answer, *, asks_visa: bool) -> None:
    """Citizenship, visa, document and admissibility, for a citizen of Canada or one whose citizenship is unknown.

    ``asks_visa`` says whether the class asks for a visa before it knows the citizenship.
    """
    citizenships = facts.get("traveller.citizenships")
    if citizenships is None:
        if "visas" in facts:
            raise NotWritten("visas")
        answer.unknown("US-DEF-01", "Not stated: Countries of citizenship.", "traveller.citizenships")
        if asks_visa:
            answer.unknown("US-GEN-04", "Not stated: Countries of citizenship.", "traveller.citizenships", "visas")
    else:
        said = f"Countries of citizenship: {', '.join(COUNTRY[each] for each in citizenships)}."
        stated = {"traveller.citizenships": citizenships}
        if "US" in citizenships:
            answer.add("US-DEF-01", "not_met", f"{said} Required: other than United States.", stated)
        else:
            answer.add("US-DEF-01", "met", said, stated)
        if "CA" not in citizenships:
            raise NotWritten("visas")
        answer.add("US-GEN-04", "met", said, stated)
        _document(facts, on, answer)
    _admissibility(facts, findings, answer)
    _earlier_visa(facts, answer)


def _document(facts: Facts, on: str, answer: Answer) -> None:
    mode, kind = facts.get("arrival.mode"), facts.get("travel_document.kind")
    issued_by, expires_on = facts.get("travel_document.issued_by"), facts.get("travel_document.expires_on")
    stated = {}
    if kind is not None:
        stated["travel_document.kind"] = kind
    if issued_by is not None:
        stated["travel_document.issued_by"] = issued_by
    if expires_on is not None:
        stated["travel_document.expires_on"] = expires_on
    if kind in ("nexus_card", "birth_certificate") or mode == "air":
        raise NotWritten("documents by air, NEXUS cards and birth certificates")
    if mode is None:
        if kind != "passport" or issued_by != "CA" or expires_on is None or expires_on < on:
            raise NotWritten("a document whose worth depends on the way of arrival")
    elif kind is None:
        answer.missing.append("travel_document.kind")
    else:
        _passport_or_card(kind, issued_by, expires_on, on, stated, answer)
    if kind == "passport" and expires_on is None:
        answer.missing.append("travel_document.expires_on")
    elif kind == "passport" and expires_on < months_later(on, 42):
        raise NotWritten("a passport that expires within the longest stay")


def _passport_or_card(
    kind: str, issued_by: str | None, expires_on: str | None, on: str, stated: dict[str, str], answer: Answer
) -> None:
    said = f"Travel document shown: {TEXT['travel_document.kind'][kind]}."
    if kind != "passport" and kind not in _CARDS:
        answer.add("US-DOC-02", "not_met", f"{said} Required: passport, or a card that is accepted.", stated)
    elif kind == "passport" and issued_by not in (None, "CA"):
        reason = f"Country that issued the travel document: {COUNTRY[issued_by]}. Required: Canada."
        answer.add("US-DOC-02", "not_met", reason, stated)
    elif expires_on is not None and expires_on < on:
        reason = f"Expiry date of the travel document: {expires_on}. Required: on or after {on}."
        answer.add("US-DOC-02", "not_met", reason, stated)
    elif expires_on is None:
        unstated = ["travel_document.expires_on"]
        if kind == "passport" and issued_by is None:
            unstated.insert(0, "travel_document.issued_by")
        answer.unknown("US-DOC-02", "Not stated: Expiry date of the travel document.", *unstated, facts=stated)
    elif kind == "passport" and issued_by is None:
        reason = "Not stated: Country that issued the travel document."
        answer.unknown("US-DOC-02", reason, "travel_document.issued_by", facts=stated)
    elif kind == "passport":
        reason = (
            f"{said} Country that issued the travel document: {COUNTRY[issued_by]}."
            f" Expiry date of the travel document: {expires_on}."
        )
        answer.add("US-DOC-02", "met", reason, stated)
    else:
        answer.add("US-DOC-02", "met", f"{said} Expiry date of the travel document: {expires_on}.", stated)


def _admissibility(facts: Facts, findings: Mapping[str, str], answer: Answer) -> None:
    recorded, waived = facts.get("admissibility.recorded_grounds"), facts.get("admissibility.waived_grounds")
    stated = {}
    if recorded is not None:
        stated["admissibility.recorded_grounds"] = recorded
    if waived is not None:
        stated["admissibility.waived_grounds"] = waived
    if recorded:
        raise NotWritten("recorded grounds")
    if recorded is None:
        reason = "Not stated: Recorded grounds of inadmissibility."
        answer.unknown("US-GEN-07", reason, "admissibility.recorded_grounds", facts=stated)
        answer.unknown("US-GEN-08", reason, "admissibility.recorded_grounds", facts=stated)
        if waived is None:
            answer.missing.append("admissibility.waived_grounds")
        elif "212f" in waived:
            raise NotWritten("waived grounds")
    else:
        answer.add("US-GEN-07", "met", "No recorded ground stands in the way.", stated)
        answer.add("US-GEN-08", "met", "Recorded grounds of inadmissibility: none.", dict(stated))
    overstayed = facts.get("history.overstayed")
    if overstayed is None:
        answer.missing.append("history.overstayed")
    elif overstayed:
        raise NotWritten("overstays")


def _earlier_visa(facts: Facts, answer: Answer) -> None:
    citizenships, recorded = facts.get("traveller.citizenships"), facts.get("admissibility.recorded_grounds")
    stated = {}
    if citizenships is not None:
        stated["traveller.citizenships"] = citizenships
    if recorded is not None:
        stated["admissibility.recorded_grounds"] = recorded
    if citizenships is not None:
        said = f"Countries of citizenship: {', '.join(COUNTRY[each] for each in citizenships)}."
        answer.add("US-INAD-222G", "met", said, stated)
    elif recorded is None:
        reason = "Not stated: Countries of citizenship. Not stated: Recorded grounds of inadmissibility."
        paths = ("traveller.citizenships", "admissibility.recorded_grounds")
        answer.unknown("US-INAD-222G", reason, *paths)
    else:
        answer.add("US-INAD-222G", "met", "Recorded grounds of inadmissibility: none.", stated)
