"""Ordinary cases that the tests of admission share: facts, scans and machine readable zones of people who do not exist."""

import copy
from typing import Any

import httpx

EXAMINATIONS = "/admission/v1/examinations"
DETERMINATIONS = "/admission/v1/determinations"

# A civil engineer of Canada with an offer from a firm in the United States.
TN_FACTS: dict[str, Any] = {
    "traveller": {"citizenships": ["CA"]},
    "arrival": {"from": "CA"},
    "admissibility": {"recorded_grounds": [], "waived_grounds": []},
    "history": {"overstayed": False, "immigrant_petition_pending": False},
    "labour_dispute": {"certified": False},
    "position": {"profession": "engineer"},
    "credentials": [
        {
            "kind": "degree",
            "level": "baccalaureate",
            "field": "civil engineering",
            "country": "CA",
            "discipline": "engineering",
        }
    ],
    "engagement": {
        "arranged_before_entry": True,
        "with_entity_in": "US",
        "form": "employment_by_entity",
        "ends_on": "2028-06-30",
    },
    "ownership": {"share_percent": 0, "controls_entity": False},
    "support_letter": {
        "states_profession": True,
        "states_activities": True,
        "states_length_of_stay": True,
        "states_qualifications": True,
        "states_pay": True,
    },
}
# What only an officer may find of the engineer's case.
TN_FINDINGS = {"US-TN-03": "met", "US-TN-13": "met", "US-TN-30": "met"}

# A technician of Canada who installs a press under its warranty.
AFTER_SALES_FACTS: dict[str, Any] = {
    "traveller": {"citizenships": ["CA"]},
    "travel_document": {"kind": "passport", "issued_by": "CA", "expires_on": "2031-05-31"},
    "arrival": {"mode": "land", "from": "CA"},
    "visit": {"activities": ["after_sales_service"], "purpose_shown": True, "ends_on": "2026-12-05"},
    "remuneration": {"paid_from": "CA", "from_host": "none"},
    "business": {"principal_place": "CA", "profits_accrue_in": "CA"},
    "home": {"country": "CA", "kept_during_visit": True},
    "history": {"overstayed": False},
    "admissibility": {"recorded_grounds": []},
    "equipment": {
        "kind": "commercial_industrial",
        "acquired_by": "purchase",
        "acquired_from": "CA",
        "manufactured_in": "CA",
    },
    "service_contract": {
        "kind": "warranty",
        "part_of_original_agreement": True,
        "starts_on": "2026-03-15",
        "ends_on": "2028-03-14",
        "is_extension": False,
        "performed_by": "seller_or_lessor",
    },
    "tasks": [{"kind": "install", "hands_on": True, "construction_trade": False}],
}
AFTER_SALES_FINDINGS = {"US-B1-09": "met", "US-B1-33": "met"}

PASSPORT: dict[str, Any] = {
    "document_kind": "passport",
    "issued_by": "CA",
    "document_number": "GA302922",
    "surname": "Tremblay",
    "given_names": "Éloïse",
    "nationality": "CA",
    "born_on": "1988-04-12",
    "expires_on": "2032-05-31",
}


def changed(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of a map with some entries replaced; ``a__b`` names an entry ``b`` inside ``a``, ``None`` takes one out."""
    result = copy.deepcopy(base)
    for name, value in changes.items():
        *folders, leaf = name.split("__")
        node = result
        for folder in folders:
            node = node.setdefault(folder, {})
        if value is None:
            node.pop(leaf, None)
        else:
            node[leaf] = value
    return result


def tn_case(**changes: Any) -> dict[str, Any]:
    """The body of a determination of the engineer's case."""
    document = {"kind": "passport", "issued_by": "CA", "expires_on": "2032-05-31"}
    arrival = {"mode": "land", "from": "CA", "place": "class_a_port"}
    facts = TN_FACTS | {"travel_document": document, "arrival": arrival}
    case = {"into": "US", "on": "2026-11-21", "seeking": ["us.tn"], "facts": facts, "findings": TN_FINDINGS}
    return changed(case, **changes)


def after_sales_case(**changes: Any) -> dict[str, Any]:
    """The body of a determination of the technician's case."""
    case = {
        "into": "US",
        "on": "2026-11-21",
        "seeking": ["us.b1.usmca"],
        "facts": AFTER_SALES_FACTS,
        "findings": AFTER_SALES_FINDINGS,
    }
    return changed(case, **changes)


def engineer(**changes: Any) -> dict[str, Any]:
    """The body that opens an examination of the engineer, who qualifies."""
    body = {
        "scan": {"fields": PASSPORT},
        "language": "fr",
        "seeking": ["us.tn"],
        "facts": TN_FACTS,
        "findings": TN_FINDINGS,
    }
    return changed(body, **changes)


def technician(**changes: Any) -> dict[str, Any]:
    """The body that opens an examination of the technician whose press was made in the country of destination."""
    facts = changed(AFTER_SALES_FACTS, travel_document=None, arrival__mode=None, equipment__manufactured_in="US")
    fields = changed(PASSPORT, document_number="GA700111", surname="Côté", given_names="Zoé", born_on="1979-09-30")
    body = {
        "scan": {"fields": fields},
        "language": "en",
        "seeking": ["us.b1.usmca"],
        "facts": facts,
        "findings": AFTER_SALES_FINDINGS,
    }
    return changed(body, **changes)


async def opened(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """An examination opened, as the answer tells it."""
    answer = await client.post(EXAMINATIONS, json=body)
    assert answer.status_code == 201, answer.text
    examination: dict[str, Any] = answer.json()
    return examination


async def step(
    client: httpx.AsyncClient, examination: dict[str, Any], verb: str, body: dict[str, Any], **headers: str
) -> httpx.Response:
    """A step of an examination, taken on the version the caller has read: ``facts``, ``decision``, ``referral``, ….

    A keyword such as ``if_match`` names a header to send.
    """
    given = {name.replace("_", "-").title(): value for name, value in headers.items()}
    named = {"If-Match": f'"{examination["revision"]}"'} | given
    address = f"{EXAMINATIONS}/{examination['id']}/{verb}"
    return await client.request("PATCH" if verb == "facts" else "POST", address, json=body, headers=named)


async def took(
    client: httpx.AsyncClient, examination: dict[str, Any], verb: str, body: dict[str, Any], **headers: str
) -> dict[str, Any]:
    """The examination after a step that was accepted."""
    answer = await step(client, examination, verb, body, **headers)
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


def admit(**changes: Any) -> dict[str, Any]:
    """A decision that admits the engineer."""
    return changed({"action": "admit", "class": "us.tn", "reason": "Offer and degree seen."}, **changes)


def refuse(**changes: Any) -> dict[str, Any]:
    """A decision that refuses."""
    return changed({"action": "refuse", "reason": "The press was made in the United States."}, **changes)


def is_problem(answer: httpx.Response, status: int, slug: str, *pointers: str) -> dict[str, Any]:
    """The problem document of an answer, once it is shown to be one of a type that names these fields."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["type"] == f"/problems/{slug}"
    assert document["status"] == status
    assert document["title"]
    assert [each["pointer"] for each in document.get("errors", [])] == list(pointers), document
    assert all(each["detail"] for each in document.get("errors", []))
    return document
