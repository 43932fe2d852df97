"""The floor of the engine: tasks, equipment and contract of an after-sales service (US-B1-11, 32 to 40)."""

from collections.abc import Mapping

from bench.handwritten import COUNTRY, TEXT, Answer, Facts, NotWritten, yes

_SERVICE = ("install", "repair", "maintain", "set_up", "test", "upgrade_software", "supervise", "train")


def tasks(facts: Facts, findings: Mapping[str, str], answer: Answer) -> None:
    """No construction by hand, service work, specialised knowledge, and nothing but service."""
    activities, stated_tasks = facts["visit.activities"], facts.get("tasks")
    if stated_tasks is None:
        reason = "Not stated: Tasks."
        answer.unknown("US-B1-11", reason, "tasks", facts={"visit.activities": activities})
        answer.unknown("US-B1-32", reason, "tasks")
        answer.judged("US-B1-33", findings)
        answer.unknown("US-B1-34", reason, "tasks")
        return
    by_hand, service = [], []
    for number, task in enumerate(stated_tasks, 1):
        kind, trade, hands_on = task.get("kind"), task.get("construction_trade"), task.get("hands_on")
        if kind not in _SERVICE or (trade is not False and hands_on is not False):
            raise NotWritten("tasks beyond service, or of a building trade by hand")
        label = "Work of a building or construction trade" if trade is False else "Work done by hand"
        by_hand.append(f"Entry {number}: {label}: no.")
        service.append(f"Entry {number}: Kind of task: {TEXT['tasks[].kind'][kind]}.")
    if not stated_tasks:
        raise NotWritten("no task")
    reason = f"Planned activities: after-sales service. {' '.join(by_hand)}"
    answer.add("US-B1-11", "met", reason, {"visit.activities": activities, "tasks": stated_tasks})
    answer.add("US-B1-32", "met", " ".join(service), {"tasks": stated_tasks})
    answer.judged("US-B1-33", findings)
    answer.add("US-B1-34", "met", " ".join(service), {"tasks": stated_tasks})


def equipment(facts: Facts, answer: Answer) -> None:
    """Bought outside of the United States under an agreement that covers service, commercial, and made elsewhere."""
    acquired_by, kind = facts.get("equipment.acquired_by"), facts.get("service_contract.kind")
    part = facts.get("service_contract.part_of_original_agreement")
    stated = {}
    if acquired_by is not None:
        stated["equipment.acquired_by"] = acquired_by
    if kind is not None:
        stated["service_contract.kind"] = kind
    if part is not None:
        stated["service_contract.part_of_original_agreement"] = part
    if acquired_by not in (None, "purchase") or kind not in (None, "warranty", "service_agreement") or part is False:
        answer.add("US-B1-35", "not_met", "Required: a purchase whose own agreement covers service.", stated)
    elif acquired_by is None or kind is None or part is None:
        paths = ("equipment.acquired_by", "service_contract.kind", "service_contract.part_of_original_agreement")
        unstated = [path for path in paths if path not in stated]
        answer.unknown("US-B1-35", "Not stated: the agreement.", *unstated, facts=stated)
    else:
        reason = (
            f"Way the equipment was acquired: {TEXT['equipment.acquired_by'][acquired_by]}."
            f" Kind of service contract: {TEXT['service_contract.kind'][kind]}."
            f" Connection of the service contract with the original sale, lease or rental agreement: {yes(part)}."
        )
        answer.add("US-B1-35", "met", reason, stated)
    goods = facts.get("equipment.kind")
    said = "Kind of equipment" + (f": {TEXT['equipment.kind'][goods]}." if goods else ".")
    is_met = goods in ("commercial_industrial", "software")
    answer.plain("US-B1-36", "equipment.kind", goods, is_met, said, "commercial or industrial equipment, or software")
    _origin(facts, answer)


def _origin(facts: Facts, answer: Answer) -> None:
    acquired_by, seller = facts.get("equipment.acquired_by"), facts.get("equipment.acquired_from")
    stated = {}
    if acquired_by is not None:
        stated["equipment.acquired_by"] = acquired_by
    if seller is not None:
        stated["equipment.acquired_from"] = seller
    if acquired_by not in (None, "purchase") or seller == "US":
        answer.add("US-B1-37", "not_met", "Required: a purchase from a seller outside of the United States.", stated)
    elif acquired_by is None or seller is None:
        unstated = [path for path in ("equipment.acquired_by", "equipment.acquired_from") if path not in stated]
        answer.unknown("US-B1-37", "Not stated: the seller.", *unstated, facts=stated)
    else:
        reason = (
            f"Way the equipment was acquired: {TEXT['equipment.acquired_by'][acquired_by]}."
            f" Country where the seller or lessor is established: {COUNTRY[seller]}."
        )
        answer.add("US-B1-37", "met", reason, stated)
    made_in = facts.get("equipment.manufactured_in")
    said = "Country where the equipment was made" + (f": {COUNTRY[made_in]}." if made_in else ".")
    is_met = made_in != "US"
    answer.plain("US-B1-38", "equipment.manufactured_in", made_in, is_met, said, "other than United States")


def contract(facts: Facts, on: str, answer: Answer) -> None:
    """The contract is in force during the visit, and foresees a third party that performs it."""
    starts_on, ends_on = facts.get("service_contract.starts_on"), facts.get("service_contract.ends_on")
    visit_ends_on, extension = facts.get("visit.ends_on"), facts.get("service_contract.is_extension")
    stated = {}
    if starts_on is not None:
        stated["service_contract.starts_on"] = starts_on
    if ends_on is not None:
        stated["service_contract.ends_on"] = ends_on
    if visit_ends_on is not None:
        stated["visit.ends_on"] = visit_ends_on
    if extension is not None:
        stated["service_contract.is_extension"] = extension
    is_over = ends_on is not None and visit_ends_on is not None and ends_on < visit_ends_on
    if is_over or (starts_on is not None and starts_on > on):
        answer.add("US-B1-39", "not_met", "Required: a contract in force during the visit.", stated)
    elif extension:
        raise NotWritten("extensions")
    elif len(stated) < 4:
        paths = (
            "service_contract.starts_on",
            "service_contract.ends_on",
            "visit.ends_on",
            "service_contract.is_extension",
        )
        unstated = [path for path in paths if path not in stated]
        if extension is None:
            unstated.append("service_contract.extension_foreseen")
        answer.unknown("US-B1-39", "Not stated: the contract's days.", *unstated, facts=stated)
    else:
        reason = (
            f"First day of the service contract: {starts_on}. Last day of the service contract: {ends_on}."
            " Extension or renewal of an earlier agreement: no."
        )
        answer.add("US-B1-39", "met", reason, stated)
    by = facts.get("service_contract.performed_by")
    if by is None:
        answer.missing.append("service_contract.performed_by")
    elif by == "third_party":
        path, foreseen = "service_contract.third_party_foreseen", facts.get("service_contract.third_party_foreseen")
        said = "Third party provided for in the original agreement" + (
            "." if foreseen is None else f": {yes(foreseen)}."
        )
        answer.plain("US-B1-40", path, foreseen, bool(foreseen), said, "yes")
