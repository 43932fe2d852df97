"""Logs, metrics and traces of three services tell of requests and never of people."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from tests.watch.canaries import CANARIES, FIELD, PORT, hits
from tests.watch.collector import Span
from tests.watch.conftest import Watched
from tests.watch.expressions import expressions, grouped_labels, matched_labels, metrics_of
from tests.watch.gateway_page import metrics_of_gateway
from tests.watch.journeys import TRACE
from tests.watch.reading import labels_by_metric, samples

from crossing.kit.identity import Role
from crossing.kit.logging import log

pytestmark = pytest.mark.anyio
#: Metrics of others, with their labels. Prometheus itself; node_exporter (collector filesystem); kubelet (/metrics).
ELSEWHERE = {
    "up": set(),
    "node_filesystem_avail_bytes": {"device", "fstype", "mountpoint"},
    "node_filesystem_size_bytes": {"device", "fstype", "mountpoint"},
    "kubelet_volume_stats_available_bytes": {"namespace", "persistentvolumeclaim"},
    "kubelet_volume_stats_capacity_bytes": {"namespace", "persistentvolumeclaim"},
}
#: What Prometheus adds to every series: see deploy/watch/prometheus.yaml.
SCRAPED = {"job", "instance", "service", "part"}


def requests_in(there: Watched) -> list[dict[str, Any]]:
    """The lines of the log that end a request."""
    lines = map(json.loads, there.written.getvalue().splitlines())
    return [line for line in lines if line["event"] == "request.ended"]


def traces_in(there: Watched) -> dict[str, list[Span]]:
    """Spans by trace."""
    found = defaultdict(list)
    for span in there.collector.spans:
        found[span.trace_id].append(span)
    return found


async def told(there: Watched) -> dict[str, str]:
    """Everything the services said of themselves, and what they answered to what they refused."""
    metrics = [await there.metrics(name) for name in there.services]
    traces = (await there.traces()).decode("utf-8", "replace")
    return {
        "logs": there.written.getvalue(),
        "metrics": "".join(metrics),
        "traces": traces,
        "errors": "\n".join(there.errors),
    }


async def test_no_detail_of_a_person_is_in_logs_metrics_traces_or_errors(watched: Watched) -> None:
    said = await told(watched)
    found = {place: hits(text) for place, text in said.items()}
    print(f"canaries={len(CANARIES)} requests={len(requests_in(watched))} errors={len(watched.errors)} hits={found}")
    assert len(CANARIES) >= 40
    assert len(requests_in(watched)) > 40
    assert len(watched.errors) > 30
    assert len(watched.collector.spans) > 100
    assert found == {"logs": [], "metrics": [], "traces": [], "errors": [FIELD]}
    assert "eyJ" not in said["logs"] + said["traces"] + said["metrics"]  # the beginning of every token


async def test_the_finder_reports_a_detail_planted_in_each_place(watched: Watched) -> None:
    admission = watched.services["admission"].state
    log().info("planted", where=PORT[0])
    admission.metrics.answered(f"/v1/{PORT[1]}", "GET", 200, 0.1)
    admission.tracing.get_tracer("planted").start_span(PORT[2]).end()
    said = await told(watched)
    assert {place: hits(text) for place, text in said.items()} == {
        "logs": [PORT[0]],
        "metrics": [PORT[1]],
        "traces": [PORT[2]],
        "errors": [FIELD],
    }


async def test_a_call_to_another_service_is_one_trace_and_one_request_id(watched: Watched) -> None:
    await watched.traces()
    # The trace that the officer's request came with goes on in the ruling service, which admission asks.
    spans = traces_in(watched)[TRACE]
    served = {(span.service, span.name) for span in spans}
    assert ("admission", "POST /v1/examinations") in served
    assert ("advance-ruling", "GET /v1/status-list") in served
    calls = [span for span in spans if span.service == "admission" and span.attributes.get("peer.service")]
    assert {span.attributes["peer.service"] for span in calls} == {"advance-rulings"}
    children = [span for span in spans if span.service == "advance-ruling" and span.name.startswith("GET /")]
    assert {span.sent.parent_span_id for span in children} == {span.sent.span_id for span in calls}
    lines = [line for line in requests_in(watched) if line.get("trace_id") == spans[0].trace_id]
    opening = next(line for line in lines if (line["service"], line["route"]) == ("admission", "/v1/examinations"))
    asked = [
        line for line in lines if line["service"] == "advance-ruling" and line["request_id"] == opening["request_id"]
    ]
    assert {line["route"] for line in asked} == {"/v1/jwks.json", "/v1/status-list"}


async def test_statements_are_spans_with_their_text_and_no_parameter(watched: Watched) -> None:
    await watched.traces()
    statements = [span for span in watched.collector.spans if "db.query.text" in span.attributes]
    assert any("FROM examinations" in str(span.attributes["db.query.text"]) for span in statements)
    assert any(span.name == "ledger.append" for span in watched.collector.spans)
    assert {key for span in watched.collector.spans for key in span.attributes} <= {
        "http.route",
        "http.request.method",
        "http.response.status_code",
        "http.method",
        "http.status_code",
        "error.type",
        "peer.service",
        "db.system.name",
        "db.query.text",
        "job.id",
        "job.attempts",
    }


async def test_requests_are_counted_by_template_method_and_status(watched: Watched) -> None:
    async with watched.client("admission", Role.OFFICER) as officer:
        before = samples(await watched.metrics("admission"))
        for unknown in ("0190b5a4-0000-7000-8000-000000000000", "0190b5a4-0000-7000-8000-000000000001"):
            assert (await officer.get(f"/v1/examinations/{unknown}")).status_code == 404
        after = samples(await watched.metrics("admission"))
    counted = 'crossing_requests_total{method="GET",route="/v1/examinations/{examination_id}",status="404"}'
    timed = 'crossing_request_seconds_count{method="GET",route="/v1/examinations/{examination_id}"}'
    assert after[counted] - before.get(counted, 0) == 2
    assert after[timed] - before.get(timed, 0) == 2
    assert after["crossing_requests_running"] == 0
    assert after['crossing_entries_total{chain="US-DETROIT",event="examination.decided"}'] == 1


async def test_every_metric_and_label_that_is_asked_for_is_exported(watched: Watched, tmp_path: Path) -> None:
    pages = [await watched.metrics(name) for name in watched.services]
    pages.append(metrics_of_gateway(tmp_path, watched.issuer.public_file))
    exported = {metric: set(labels) for metric, labels in ELSEWHERE.items()}
    for page in pages:
        for metric, labels in labels_by_metric(page).items():
            exported.setdefault(metric, set()).update(labels)
    asked = list(expressions())
    missing = {(where, name) for where, text in asked for name in metrics_of(text) if name not in exported}
    assert missing == set()
    for where, text in asked:
        for metric, label in matched_labels(text):
            assert label in exported[metric] | SCRAPED, (where, metric, label)
        known = SCRAPED.union(*(exported[metric] for metric in metrics_of(text)))
        assert grouped_labels(text) <= known, where
    assert len({name for _, text in asked for name in metrics_of(text)}) > 15
