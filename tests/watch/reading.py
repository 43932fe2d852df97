"""Reads a page of metrics."""

import re
from collections import defaultdict


def samples(text: str) -> dict[str, float]:
    """The samples of a page of metrics, by name and labels."""
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def labels_by_metric(text: str) -> dict[str, set[str]]:
    """The labels of each metric of a page; of those without a sample, none."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in text.splitlines():
        name, _, rest = line.partition("{")
        if not line.startswith("#"):
            found[name.split()[0]] |= set(re.findall(r'(\w+)="', rest.rpartition("}")[0]))
    return found
