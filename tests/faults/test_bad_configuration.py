"""F17: no setting is taken that cannot be meant, and a bad version does not take a good one's place."""

from typing import Any

import pytest
from tests.faults import bad_configuration


def test_every_bad_setting_is_refused_by_name_and_the_old_version_goes_on() -> None:
    report = bad_configuration.run(**bad_configuration.SHORT[0])
    assert report.held, report.detail


@pytest.mark.parametrize("size", bad_configuration.PLANTS, ids=lambda size: size["plant"])
def test_a_setting_that_nobody_checks_is_found(size: dict[str, Any]) -> None:
    assert not bad_configuration.run(**size).held
