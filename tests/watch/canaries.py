"""People who do not exist, whose every detail must stay out of logs, metrics, traces and the text of errors."""

from typing import Any

from tests.admission.zones import passport_zone

#: A traveller at a port, another who complains, a third who applies: nothing else in the repository is called so.
PORT = ("Quetzalwren", "Xochitlan", "ZQ771342", "1961-03-07")
COMPLAINT = ("Vexillarius", "Thrumbold", "QX884213", "1959-10-29")
APPLICANT = ("Orrisworth", "Belphemie", "WK552908", "1973-08-19")
ADDRESSES = ("quetzalwren@canary.example", "thrumbold@canary.example", "orrisworth@canary.example")
TEXTS = (
    "ornithomancy",
    "Zanzibeer and Sons",
    "mistaken for my cousin Gwendolark",
    "Plumbago Crescent",
    "Saltimbocca Bridges",
)
TELEPHONE = "+1 555 010 7788"
#: What hostile callers write where an address, a header or the name of a field should be.
ELSEWHERE = ("pathcanary", "querycanary", "hostcanary", "agentcanary", "keycanary-0001", "statecanary")
#: The one thing of a request that its refusal names: the field that should not be there.
FIELD = "fieldcanary"
ZONE = passport_zone(name=f"{PORT[0]}<<{PORT[1]}".upper(), number=PORT[2], birth="610307")


def _spellings() -> list[str]:
    written = [detail for person in (PORT, COMPLAINT, APPLICANT) for detail in person]
    names = [name.upper() for person in (PORT, COMPLAINT, APPLICANT) for name in person[:2]]
    births = [born.replace("-", "") for *_, born in (PORT, COMPLAINT, APPLICANT)]
    return [*written, *names, *births, "610307", *ADDRESSES, *TEXTS, TELEPHONE, *ELSEWHERE, FIELD, *ZONE]


CANARIES = _spellings()


def hits(text: str) -> list[str]:
    """The canaries that a text holds."""
    return [canary for canary in CANARIES if canary in text]


def identity(person: tuple[str, str, str, str]) -> dict[str, Any]:
    """What a scan or a form says of a person."""
    surname, given, number, born = person
    return {"surname": surname, "given_names": given, "document_number": number, "born_on": born}
