"""The floor of the engine: a TN professional (8 CFR 214.6), as plain ``if``s."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.handwritten import COUNTRY, FEES, LAW, STATUS_DOCUMENT, TEXT, Answer, Facts, NotWritten, yes
from bench.handwritten_general import general

PROFESSIONS = {row["id"]: row["text"]["en"] for row in LAW.pack.content["tables"]["us.professions"]["rows"]}
_WRITTEN = ("architect", "engineer", "forester", "dietitian", "pharmacist")
_LEVELS = ("baccalaureate", "licenciatura", "master", "doctorate")
_FORMS = ("employment_by_entity", "contract_with_traveller", "contract_with_employer")
_PORTS = ("class_a_port", "international_airport", "preclearance_station")
_LETTER = {
    "support_letter.states_profession": "Profession stated in the support letter",
    "support_letter.states_activities": "Activities stated in the support letter",
    "support_letter.states_length_of_stay": "Length of stay stated in the support letter",
    "support_letter.states_qualifications": "Qualifications stated in the support letter",
    "support_letter.states_pay": "Pay stated in the support letter",
}


def decide_tn(facts: Facts, findings: Mapping[str, str], on: str) -> dict[str, Any]:
    """The class ``us.tn`` for a Canadian in a profession met by a degree or a licence, as the law stood in 2026."""
    answer = Answer()
    general(facts, findings, on, answer, asks_visa=False)
    _person(facts, answer)
    _profession(facts, findings, answer)
    _work(facts, answer)
    if facts.get("position.profession") == "engineer":
        answer.judged("US-TN-30", findings)
    _letter(facts, answer)
    _end(facts, findings, on, answer)
    _pending(facts, findings, answer)
    return answer.told(_grants(facts, on))


def _person(facts: Facts, answer: Answer) -> None:
    citizenships = facts.get("traveller.citizenships")
    if citizenships is None:
        answer.unknown("US-TN-01", "Not stated: Countries of citizenship.", "traveller.citizenships")
        return
    said = f"Countries of citizenship: {', '.join(COUNTRY[each] for each in citizenships)}."
    if "CA" in citizenships or "MX" in citizenships:
        answer.add("US-TN-01", "met", said, {"traveller.citizenships": citizenships})
    else:
        answer.add(
            "US-TN-01", "not_met", f"{said} Required: Canada or Mexico.", {"traveller.citizenships": citizenships}
        )
    if "CA" in citizenships:
        place = facts.get("arrival.place")
        text = "Place where entry is sought" + (f": {TEXT['arrival.place'][place]}." if place else ".")
        answer.plain("US-TN-19", "arrival.place", place, place in _PORTS, text, "a port of entry for TN")


def _profession(facts: Facts, findings: Mapping[str, str], answer: Answer) -> None:
    profession, credentials = facts.get("position.profession"), facts.get("credentials")
    if profession is None:
        raise NotWritten("a profession nobody stated: every profession's own facts are open then")
    if profession not in PROFESSIONS:
        reason = f"Profession of the position: {profession}. Required: a row of the list."
        answer.add("US-TN-02", "not_met", reason, {"position.profession": profession})
        return
    if profession not in _WRITTEN:
        raise NotWritten(profession)
    said = f"Profession of the position: {PROFESSIONS[profession]}."
    answer.add("US-TN-02", "met", said, {"position.profession": profession})
    answer.judged("US-TN-03", findings)
    stated: dict[str, Any] = {"position.profession": profession}
    if credentials is None:
        answer.unknown("US-TN-04", "Not stated: Credentials.", "credentials", facts=stated)
        return
    stated["credentials"] = credentials
    reasons, licensed, foreign = _credentials(credentials)
    if reasons:
        answer.add("US-TN-04", "met", " ".join(reasons), stated)
    else:
        reason = f"Credentials: {len(credentials)}. Required: an entry that fits."
        answer.add("US-TN-04", "not_met", reason, stated)
    if reasons and not licensed and profession != "engineer":
        answer.judged("US-TN-06", findings)
    if foreign and not licensed:
        raise NotWritten("foreign degrees")


def _credentials(credentials: Sequence[Mapping[str, Any]]) -> tuple[list[str], bool, bool]:
    """Why a degree or a licence is held, whether a licence is, and whether a degree is from elsewhere."""
    degrees, licences, foreign = [], [], False
    for number, each in enumerate(credentials, 1):
        if each.get("kind") is None:
            raise NotWritten("a credential of unknown kind")
        if each["kind"] == "degree":
            if "level" not in each or "country" not in each:
                raise NotWritten("a degree of unknown level or country")
            if each["level"] in _LEVELS:
                level = TEXT["credentials[].level"][each["level"]]
                degrees.append(f"Entry {number}: Kind of credential: university degree. Level of the degree: {level}.")
            if each["country"] not in ("CA", "MX", "US"):
                foreign = True
        elif each["kind"] == "licence":
            if "jurisdiction" not in each:
                raise NotWritten("a licence of unknown jurisdiction")
            if each["jurisdiction"] == "state_provincial":
                where = TEXT["credentials[].jurisdiction"][each["jurisdiction"]]
                licences.append(f"Entry {number}: Kind of credential: licence. Issued by: {where}.")
    return degrees or licences, bool(licences), foreign


def _work(facts: Facts, answer: Answer) -> None:
    arranged = facts.get("engagement.arranged_before_entry")
    said = "Work arranged before entry" + (f": {yes(arranged)}." if arranged is not None else ".")
    answer.plain("US-TN-09", "engagement.arranged_before_entry", arranged, bool(arranged), said, "yes")
    entity, form = facts.get("engagement.with_entity_in"), facts.get("engagement.form")
    operates = facts.get("employer.foreign_firm_operates_in_us")
    stated = {}
    if entity is not None:
        stated["engagement.with_entity_in"] = entity
    if form is not None:
        stated["engagement.form"] = form
    if operates is not None:
        stated["employer.foreign_firm_operates_in_us"] = operates
    if entity == "US" and form in _FORMS:
        reason = (
            f"Country of the entity for which the work is done: {COUNTRY[entity]}."
            f" Form of the engagement: {TEXT['engagement.form'][form]}."
        )
        answer.add("US-TN-10", "met", reason, stated)
    elif operates is not None:
        raise NotWritten("foreign firms that operate in the United States")
    else:
        unstated = ["employer.foreign_firm_operates_in_us"]
        if entity in (None, "US") and (form is None or form in _FORMS):
            if form is None:
                unstated.insert(0, "engagement.form")
            if entity is None:
                unstated.insert(0, "engagement.with_entity_in")
        answer.unknown("US-TN-10", "Not stated: the entity for which the work is done.", *unstated, facts=stated)
    _ownership(facts, answer)


def _ownership(facts: Facts, answer: Answer) -> None:
    share, controls = facts.get("ownership.share_percent"), facts.get("ownership.controls_entity")
    stated = {}
    if share is not None:
        stated["ownership.share_percent"] = share
    if controls is not None:
        stated["ownership.controls_entity"] = controls
    said_share = f"Traveller's share in the entity the work is for: {share}."
    if facts.get("engagement.form") == "contract_with_traveller":
        raise NotWritten("the traveller's own contract")
    if share == 0:
        answer.add("US-TN-12", "met", said_share, stated)
        return
    said_control = f"Control of the entity by other means than votes: {yes(bool(controls))}."
    if share is not None and share > 50:
        answer.add("US-TN-12", "not_met", f"{said_share} Required: at most 50.", stated)
    elif controls:
        answer.add("US-TN-12", "not_met", f"{said_control} Required: no.", stated)
    elif share is None or controls is None:
        unstated = [path for path in ("ownership.share_percent", "ownership.controls_entity") if path not in stated]
        answer.unknown("US-TN-12", "Not stated: who owns the entity.", *unstated, facts=stated)
    else:
        raise NotWritten("minority owners")


def _letter(facts: Facts, answer: Answer) -> None:
    stated, says, lacks, unstated = {}, [], [], []
    for path, label in _LETTER.items():
        value = facts.get(path)
        if value is None:
            unstated.append(path)
            continue
        stated[path] = value
        if value:
            says.append(f"{label}: yes.")
        else:
            lacks.append(f"{label}: no. Required: yes.")
    if lacks:
        answer.add("US-TN-17", "not_met", " ".join(lacks), stated)
    elif unstated:
        reason = " ".join(f"Not stated: {_LETTER[path]}." for path in unstated)
        answer.unknown("US-TN-17", reason, *unstated, facts=stated)
    else:
        answer.add("US-TN-17", "met", " ".join(says), stated)


def _end(facts: Facts, findings: Mapping[str, str], on: str, answer: Answer) -> None:
    ends_on = facts.get("engagement.ends_on")
    if ends_on is None:
        answer.unknown("US-TN-13", "Not stated: Last day of the engagement.", "engagement.ends_on")
        return
    said, stated, found = (
        f"Last day of the engagement: {ends_on}.",
        {"engagement.ends_on": ends_on},
        findings.get("US-TN-13"),
    )
    if ends_on < on:
        answer.add("US-TN-13", "not_met", f"{said} Required: on or after {on}.", stated)
    elif found is None:
        answer.add("US-TN-13", "judgement", "Only an officer can decide this.", stated)
    elif found == "met":
        answer.add("US-TN-13", "met", f"{said} An officer found that this is so.", stated)
    else:
        answer.add("US-TN-13", "not_met", "An officer found that this is not so.", stated)


def _pending(facts: Facts, findings: Mapping[str, str], answer: Answer) -> None:
    pending = facts.get("history.immigrant_petition_pending")
    if pending is None:
        answer.missing.append("history.immigrant_petition_pending")
    elif pending:
        answer.judged("US-TN-14", findings)
    certified = facts.get("labour_dispute.certified")
    if certified is not False:
        raise NotWritten("labour disputes")
    reason = "Certified or notified work stoppage in this occupation at this place: no."
    answer.add("US-LAB-01", "met", reason, {"labour_dispute.certified": False})


def _grants(facts: Facts, on: str) -> dict[str, Any]:
    longest, ends_on = f"{int(on[:4]) + 3}{on[4:]}", facts.get("engagement.ends_on")
    ceilings = [{"until": longest, "because": "3 years after “Day of application”"}]
    if ends_on is not None:
        ends = {"until": ends_on, "because": "Last day of the engagement"}
        ceilings = [ends, *ceilings] if ends_on < longest else [*ceilings, ends]
    fees = []
    if "CA" in facts.get("traveller.citizenships", ()):
        fees.append(FEES["tn_application"])
    if facts.get("arrival.mode") == "land":
        fees.append(FEES["i94_land"])
    return {
        "class": "TN",
        "until": ceilings[0]["until"],
        "ceilings": ceilings,
        "depends_on": [] if ends_on is not None else ["engagement.ends_on"],
        "fees": fees,
        "status_document": STATUS_DOCUMENT,
    }
