"""The same law once more, as decision tables for zen-engine: for each requirement its inputs and its rows.

A row is one cell for each input and, last, the status it gives; the first row that fits decides. An empty cell fits
everything. Requirements that are not asked give ``hidden``.
"""

Table = tuple[list[str], list[list[str]]]

_KNOWN = [["null", "unknown"]]
_JUDGED = [["'met'", "met"], ["'not_met'", "not_met"], ["", "judgement"]]
_CARDS = "'nexus_card', 'fast_card', 'sentri_card', 'enhanced_drivers_licence', 'indian_status_card'"
_DEGREE = "#.kind == 'degree' and #.level in ['baccalaureate', 'licenciatura', 'master', 'doctorate']"
_LICENCE = "#.kind == 'licence' and #.jurisdiction == 'state_provincial'"
_DEGREE_ONLY = f"some($, {_DEGREE}) and none($, {_LICENCE})"
_WRITTEN = "'architect', 'engineer', 'forester', 'dietitian', 'pharmacist'"
_SERVICE = "['install', 'repair', 'maintain', 'set_up', 'test', 'upgrade_software', 'supervise', 'train']"


def _judged(name: str) -> Table:
    return [f"findings.{name}"], _JUDGED


def _yes(path: str) -> Table:
    return [path], [*_KNOWN, ["true", "met"], ["", "not_met"]]


def _elsewhere(*paths: str) -> Table:
    """No fact is the United States."""
    count = len(paths)
    failing = [[*("'US'" if each == place else "" for each in range(count)), "not_met"] for place in range(count)]
    unknown = [[*("null" if each == place else "" for each in range(count)), "unknown"] for place in range(count)]
    return list(paths), [*failing, *unknown, [*[""] * count, "met"]]


def _all_true(*paths: str) -> Table:
    count = len(paths)
    failing = [[*("false" if each == place else "" for each in range(count)), "not_met"] for place in range(count)]
    unknown = [[*("null" if each == place else "" for each in range(count)), "unknown"] for place in range(count)]
    return list(paths), [*failing, *unknown, [*[""] * count, "met"]]


GENERAL: dict[str, Table] = {
    "US_DEF_01": (["traveller.citizenships"], [*_KNOWN, ["contains($, 'US')", "not_met"], ["", "met"]]),
    "US_DOC_02": (
        [
            "traveller.citizenships",
            "arrival.mode",
            "travel_document.kind",
            "travel_document.issued_by",
            "travel_document.expires_on",
        ],
        [
            ["null", "", "", "", "", "hidden"],
            ["", "null", "", "", "", "hidden"],
            ["", "'air'", "", "", "", "hidden"],
            ["", "", "null", "", "", "hidden"],
            ["", "", f"not($ in ['passport', {_CARDS}])", "", "", "not_met"],
            ["", "", "'passport'", "$ != null and $ != 'CA'", "", "not_met"],
            ["", "", "", "", "$ != null and date($) < date(on)", "not_met"],
            ["", "", "", "", "null", "unknown"],
            ["", "", "'passport'", "null", "", "unknown"],
            ["", "", "", "", "", "met"],
        ],
    ),
    "US_GEN_07": (["admissibility.recorded_grounds"], [*_KNOWN, ["len($) == 0", "met"], ["", "not_met"]]),
    "US_INAD_222G": (
        ["traveller.citizenships", "admissibility.recorded_grounds"],
        [
            ["$ != null and contains($, 'CA')", "", "met"],
            ["", "$ != null and not(contains($, '222g'))", "met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["", "", "judgement"],
        ],
    ),
    "US_GEN_08": (["admissibility.recorded_grounds"], [*_KNOWN, ["contains($, '212f')", "not_met"], ["", "met"]]),
}

TN: dict[str, Table] = {
    "US_GEN_04": (["traveller.citizenships"], [["null", "hidden"], ["contains($, 'CA')", "met"], ["", "hidden"]]),
    "US_TN_01": (
        ["traveller.citizenships"],
        [*_KNOWN, ["contains($, 'CA') or contains($, 'MX')", "met"], ["", "not_met"]],
    ),
    "US_TN_19": (
        ["traveller.citizenships", "arrival.place"],
        [
            ["null", "", "hidden"],
            ["not(contains($, 'CA'))", "", "hidden"],
            ["", "null", "unknown"],
            ["", "'class_a_port', 'international_airport', 'preclearance_station'", "met"],
            ["", "", "not_met"],
        ],
    ),
    "US_TN_02": (["position.profession"], [*_KNOWN, [_WRITTEN, "met"], ["", "not_met"]]),
    "US_TN_03": (
        ["position.profession", "findings.US_TN_03"],
        [[_WRITTEN, *each] for each in _JUDGED] + [["", "", "hidden"]],
    ),
    "US_TN_04": (
        ["position.profession", "credentials"],
        [
            [_WRITTEN, "null", "unknown"],
            [_WRITTEN, f"some($, {_DEGREE})", "met"],
            [_WRITTEN, f"some($, {_LICENCE})", "met"],
            [_WRITTEN, "", "not_met"],
            ["", "", "hidden"],
        ],
    ),
    "US_TN_06": (
        ["position.profession", "credentials", "findings.US_TN_06"],
        [
            ["'engineer'", "", "", "hidden"],
            ["", "null", "", "hidden"],
            *([_WRITTEN, _DEGREE_ONLY, *each] for each in _JUDGED),
            ["", "", "", "hidden"],
        ],
    ),
    "US_TN_09": _yes("engagement.arranged_before_entry"),
    "US_TN_10": (
        ["engagement.with_entity_in", "engagement.form"],
        [
            ["'US'", "'employment_by_entity', 'contract_with_traveller', 'contract_with_employer'", "met"],
            ["", "", "unknown"],
        ],
    ),
    "US_TN_12": (
        ["ownership.share_percent", "ownership.controls_entity"],
        [
            ["0", "", "met"],
            ["$ != null and $ > 50", "", "not_met"],
            ["", "true", "not_met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["", "", "met"],
        ],
    ),
    "US_TN_30": (
        ["position.profession", "findings.US_TN_30"],
        [["'engineer'", *each] for each in _JUDGED] + [["", "", "hidden"]],
    ),
    "US_TN_17": _all_true(
        "support_letter.states_profession",
        "support_letter.states_activities",
        "support_letter.states_length_of_stay",
        "support_letter.states_qualifications",
        "support_letter.states_pay",
    ),
    "US_TN_13": (
        ["engagement.ends_on", "findings.US_TN_13"],
        [["null", "", "unknown"], ["date($) < date(on)", "", "not_met"], *(["", *each] for each in _JUDGED)],
    ),
    "US_TN_14": (
        ["history.immigrant_petition_pending", "findings.US_TN_14"],
        [["true", *each] for each in _JUDGED] + [["", "", "hidden"]],
    ),
    "US_LAB_01": (["labour_dispute.certified"], [["false", "met"], ["", "unknown"]]),
}

B1: dict[str, Table] = {
    "US_GEN_04": (["traveller.citizenships"], [*_KNOWN, ["contains($, 'CA')", "met"], ["", "not_met"]]),
    "US_B1_01": TN["US_TN_01"],
    "US_B1_02": (["visit.activities"], [*_KNOWN, ["contains($, 'after_sales_service')", "met"], ["", "not_met"]]),
    "US_B1_03": _yes("visit.purpose_shown"),
    "US_B1_04": (
        ["remuneration.paid_from", "remuneration.from_host"],
        [
            ["'US'", "", "not_met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["", "'none', 'expenses_only'", "met"],
            ["", "", "not_met"],
        ],
    ),
    "US_B1_05": (
        ["business.principal_place", "business.profits_accrue_in"],
        [
            ["'US'", "'US'", "not_met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["'US'", "", "judgement"],
            ["", "'US'", "judgement"],
            ["", "", "met"],
        ],
    ),
    "US_B1_08": (
        ["home.country", "home.kept_during_visit"],
        [
            ["'US'", "", "not_met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["", "true", "met"],
            ["", "", "judgement"],
        ],
    ),
    "US_B1_09": (
        ["visit.ends_on", "findings.US_B1_09"],
        [["null", "", "unknown"], ["date($) < date(on)", "", "not_met"], *(["", *each] for each in _JUDGED)],
    ),
    "US_B1_10": (
        ["visit.activities"],
        [*_KNOWN, ["contains($, 'local_employment') or contains($, 'harvest_crew')", "not_met"], ["", "met"]],
    ),
    "US_B1_11": (
        ["visit.activities", "tasks"],
        [
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["contains($, 'construction')", "", "not_met"],
            ["", "all($, #.construction_trade == false or #.hands_on == false)", "met"],
            ["", "", "judgement"],
        ],
    ),
}
_ASKED = "$ != null and contains($, 'after_sales_service')"
_AFTER_SALES: dict[str, Table] = {
    "US_B1_32": (["tasks"], [*_KNOWN, [f"some($, #.kind in {_SERVICE})", "met"], ["", "not_met"]]),
    "US_B1_33": _judged("US_B1_33"),
    "US_B1_34": (["tasks"], [*_KNOWN, [f"all($, #.kind in {_SERVICE})", "met"], ["", "judgement"]]),
    "US_B1_35": (
        ["equipment.acquired_by", "service_contract.kind", "service_contract.part_of_original_agreement"],
        [
            ["$ != null and $ != 'purchase'", "", "", "not_met"],
            ["", "$ != null and not($ in ['warranty', 'service_agreement'])", "", "not_met"],
            ["", "", "false", "not_met"],
            ["null", "", "", "unknown"],
            ["", "null", "", "unknown"],
            ["", "", "null", "unknown"],
            ["", "", "", "met"],
        ],
    ),
    "US_B1_36": (["equipment.kind"], [*_KNOWN, ["'commercial_industrial', 'software'", "met"], ["", "not_met"]]),
    "US_B1_37": (
        ["equipment.acquired_by", "equipment.acquired_from"],
        [
            ["$ != null and $ != 'purchase'", "", "not_met"],
            ["", "'US'", "not_met"],
            ["null", "", "unknown"],
            ["", "null", "unknown"],
            ["", "", "met"],
        ],
    ),
    "US_B1_38": _elsewhere("equipment.manufactured_in"),
    "US_B1_39": (
        ["service_contract.starts_on", "service_contract.ends_on", "visit.ends_on", "service_contract.is_extension"],
        [
            ["$ != null and date($) > date(on)", "", "", "", "not_met"],
            ["", "$ != null and visit.ends_on != null and date($) < date(visit.ends_on)", "", "", "not_met"],
            ["null", "", "", "", "unknown"],
            ["", "null", "", "", "unknown"],
            ["", "", "null", "", "unknown"],
            ["", "", "", "null", "unknown"],
            ["", "", "", "", "met"],
        ],
    ),
    "US_B1_40": (
        ["service_contract.performed_by", "service_contract.third_party_foreseen"],
        [
            ["'third_party'", "null", "unknown"],
            ["'third_party'", "true", "met"],
            ["'third_party'", "", "not_met"],
            ["", "", "hidden"],
        ],
    ),
}
for _name, (_inputs, _rows) in _AFTER_SALES.items():
    B1[_name] = (
        ["visit.activities", *_inputs],
        [[_ASKED, *row] for row in _rows] + [["", *[""] * len(_inputs), "hidden"]],
    )
