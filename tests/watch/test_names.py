"""What alerts, dashboards and runbooks name is exported: by the services, by the gateway, or by whom it is said here."""

import time
from pathlib import Path

import httpx
import pytest
from tests.watch.conftest import Watched
from tests.watch.expressions import expressions, grouped_labels, matched_labels, metrics_of
from tests.watch.reading import labels_by_metric

from crossing.gateway.certificates import write_certificates
from crossing.gateway.process import free_port, running_gateway
from crossing.gateway.render import GatewayOptions, at_one_address

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


def gateways(folder: Path, keys: Path) -> str:
    """The metrics of a gateway with a certificate, once it has refused a request."""
    write_certificates(folder, hosts=["127.0.0.1"], terminals=[], services=[])
    options = GatewayOptions(
        services=at_one_address("127.0.0.1", free_port()),
        keys_file=str(keys),
        host="127.0.0.1",
        port=free_port(),
        inside_port=free_port(),
        admin_port=free_port(),
        certificate=str(folder / "server.crt"),
        certificate_key=str(folder / "server.key"),
    )
    with running_gateway(options, folder):
        until = time.monotonic() + 30
        while True:
            httpx.get(f"https://127.0.0.1:{options.port}/redress/v1/readyz", verify=False)
            page = httpx.get(f"http://127.0.0.1:{options.inside_port}/metrics").text
            if "envoy_cluster_upstream_rq_xx" in page:
                return page
            assert time.monotonic() < until


async def test_every_metric_and_label_that_is_asked_for_is_exported(watched: Watched, tmp_path: Path) -> None:
    pages = [await watched.metrics(name) for name in watched.services]
    pages.append(gateways(tmp_path, watched.issuer.public_file))
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


def test_a_metric_that_nobody_exports_is_found() -> None:
    text = 'sum by (service) (rate(crossing_request_total{statuz=~"5.."}[5m] offset 1h)) / up > 0.01'
    assert metrics_of(text) == {"crossing_request_total", "up"}
    assert list(matched_labels(text)) == [("crossing_request_total", "statuz")]
    assert grouped_labels(text) == {"service"}
