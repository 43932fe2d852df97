"""The metrics of a gateway, as Prometheus gets them."""

import ssl
import time
from pathlib import Path

import httpx

from crossing.gateway.certificates import write_certificates
from crossing.gateway.process import free_port, running_gateway
from crossing.gateway.render import GatewayOptions, at_one_address


def metrics_of_gateway(folder: Path, keys: Path) -> str:
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
        trusted = ssl.create_default_context(cafile=str(folder / "ca.crt"))
        while True:
            httpx.get(f"https://127.0.0.1:{options.port}/redress/v1/readyz", verify=trusted)
            page = httpx.get(f"http://127.0.0.1:{options.inside_port}/metrics").text
            if "envoy_cluster_upstream_rq_xx" in page:
                return page
            assert time.monotonic() < until
