"""The floor of the engine: after-sales service by a business visitor (8 CFR 214.2(b)(4)(i)(F)), as plain ``if``s."""

from collections.abc import Mapping
from typing import Any

from bench.handwritten import COUNTRY, STATUS_DOCUMENT, TEXT, Answer, Facts, NotWritten, months_later, yes
from bench.handwritten_general import general
from bench.handwritten_service import contract, equipment, tasks


def decide_b1(facts: Facts, findings: Mapping[str, str], on: str) -> dict[str, Any]:
    """The class ``us.b1.usmca`` for a visit of after-sales service only, as the law stood in 2026."""
    answer = Answer()
    general(facts, findings, on, answer, asks_visa=True)
    _visitor(facts, answer)
    _pay_and_business(facts, answer)
    _home_and_end(facts, findings, on, answer)
    activities = facts.get("visit.activities")
    if activities is None:
        if "tasks" not in facts:
            raise NotWritten("neither activities nor tasks")
        reason = "Not stated: Planned activities."
        answer.unknown("US-B1-10", reason, "visit.activities")
        answer.unknown("US-B1-11", reason, "visit.activities", facts={"tasks": facts["tasks"]})
    else:
        said, stated = "Planned activities: after-sales service.", {"visit.activities": activities}
        answer.add("US-B1-10", "met", said, stated)
        tasks(facts, findings, answer)
        equipment(facts, answer)
        contract(facts, on, answer)
    return answer.told(_grants(facts, on))


def _visitor(facts: Facts, answer: Answer) -> None:
    citizenships, activities = facts.get("traveller.citizenships"), facts.get("visit.activities")
    if citizenships is None:
        answer.unknown("US-B1-01", "Not stated: Countries of citizenship.", "traveller.citizenships")
    else:
        said = f"Countries of citizenship: {', '.join(COUNTRY[each] for each in citizenships)}."
        answer.add("US-B1-01", "met", said, {"traveller.citizenships": citizenships})
    if activities is None:
        answer.unknown("US-B1-02", "Not stated: Planned activities.", "visit.activities")
    elif activities != ["after_sales_service"]:
        raise NotWritten("other activities")
    else:
        said = "Planned activities: after-sales service."
        answer.add("US-B1-02", "met", said, {"visit.activities": activities})
    shown = facts.get("visit.purpose_shown")
    said = "Paper or statement describing the activity and its reason" + (
        f": {yes(shown)}." if shown is not None else "."
    )
    answer.plain("US-B1-03", "visit.purpose_shown", shown, bool(shown), said, "yes")


def _pay_and_business(facts: Facts, answer: Answer) -> None:
    paid_from, from_host = facts.get("remuneration.paid_from"), facts.get("remuneration.from_host")
    stated = {}
    if paid_from is not None:
        stated["remuneration.paid_from"] = paid_from
    if from_host is not None:
        stated["remuneration.from_host"] = from_host
    if "visit.activities" in facts:
        stated["visit.activities"] = facts["visit.activities"]
    if paid_from == "US":
        said = "Country of the principal source of pay: United States. Required: other than United States."
        answer.add("US-B1-04", "not_met", said, stated)
    elif from_host is not None and from_host not in ("none", "expenses_only"):
        raise NotWritten("pay from the host")
    elif paid_from is None or from_host is None:
        unstated = [path for path in ("remuneration.paid_from", "remuneration.from_host") if path not in stated]
        if from_host is None and "visit.activities" not in facts:
            unstated.append("visit.activities")
        answer.unknown("US-B1-04", "Not stated: who pays.", *unstated, facts=stated)
    else:
        reason = (
            f"Country of the principal source of pay: {COUNTRY[paid_from]}."
            f" Payment from a source in the country of entry: {TEXT['remuneration.from_host'][from_host]}."
        )
        answer.add("US-B1-04", "met", reason, stated)
    if from_host is None:
        answer.missing.append("remuneration.from_host")
    place, profits = facts.get("business.principal_place"), facts.get("business.profits_accrue_in")
    stated = {}
    if place is not None:
        stated["business.principal_place"] = place
    if profits is not None:
        stated["business.profits_accrue_in"] = profits
    if place == "US" and profits == "US":
        reason = "Country of the principal place of business: United States. Required: other than United States."
        answer.add("US-B1-05", "not_met", reason, stated)
    elif place == "US" or profits == "US":
        raise NotWritten("a business in two countries")
    elif place is None or profits is None:
        unstated = [path for path in ("business.principal_place", "business.profits_accrue_in") if path not in stated]
        answer.unknown("US-B1-05", "Not stated: where the business is.", *unstated, facts=stated)
    else:
        reason = (
            f"Country of the principal place of business: {COUNTRY[place]}."
            f" Country where profits accrue: {COUNTRY[profits]}."
        )
        answer.add("US-B1-05", "met", reason, stated)


def _home_and_end(facts: Facts, findings: Mapping[str, str], on: str, answer: Answer) -> None:
    country, kept = facts.get("home.country"), facts.get("home.kept_during_visit")
    stated = {}
    if country is not None:
        stated["home.country"] = country
    if kept is not None:
        stated["home.kept_during_visit"] = kept
    if country == "US":
        reason = "Country where the traveller's home is: United States. Required: other than United States."
        answer.add("US-B1-08", "not_met", reason, stated)
    elif country is None or kept is None:
        unstated = [path for path in ("home.country", "home.kept_during_visit") if path not in stated]
        answer.unknown("US-B1-08", "Not stated: the home.", *unstated, facts=stated)
    elif kept:
        reason = f"Country where the traveller's home is: {COUNTRY[country]}. Home kept during the visit: yes."
        answer.add("US-B1-08", "met", reason, stated)
    else:
        raise NotWritten("a home that is given up")
    ends_on = facts.get("visit.ends_on")
    if ends_on is None:
        answer.unknown("US-B1-09", "Not stated: Last day of the visit.", "visit.ends_on")
        return
    said, stated, found = f"Last day of the visit: {ends_on}.", {"visit.ends_on": ends_on}, findings.get("US-B1-09")
    if ends_on < on:
        answer.add("US-B1-09", "not_met", f"{said} Required: on or after {on}.", stated)
    elif found is None:
        answer.add("US-B1-09", "judgement", "Only an officer can decide this.", stated)
    elif found == "met":
        answer.add("US-B1-09", "met", f"{said} An officer found that this is so.", stated)
    else:
        answer.add("US-B1-09", "not_met", "An officer found that this is not so.", stated)


def _grants(facts: Facts, on: str) -> dict[str, Any]:
    ends_on = facts.get("visit.ends_on")
    usual, longest = months_later(on, 6), f"{int(on[:4]) + 1}{on[4:]}"
    ceilings = [
        {"until": usual, "because": "6 months after “Day of application”"},
        {"until": longest, "because": "1 year after “Day of application”"},
    ]
    if ends_on is not None:
        ceilings.append({"until": ends_on, "because": "Last day of the visit"})
        ceilings.sort(key=lambda ceiling: ceiling["until"])
    return {
        "class": "B-1",
        "until": ceilings[0]["until"],
        "ceilings": ceilings,
        "depends_on": [] if ends_on is not None else ["visit.ends_on"],
        "fees": [],
        "status_document": STATUS_DOCUMENT,
    }
