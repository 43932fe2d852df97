"""Slow clients are cut off, and a gateway that lets them be is reported."""

from tests.faults import slow_clients


def test_slow_clients_are_cut_and_honest_ones_answered() -> None:
    report = slow_clients.run(clients=300, hasty=True)
    assert report.held, report
    assert report.found == report.acknowledged > 0


def test_a_gateway_that_waits_for_ever_for_a_body_is_reported() -> None:
    report = slow_clients.run(clients=40, hasty=True, plant=slow_clients.FOR_EVER)
    assert not report.held
    assert "10 bodies" in report.detail.partition("left open: ")[2]
