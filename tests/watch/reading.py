"""Reads a page of metrics."""


def samples(text: str) -> dict[str, float]:
    """The samples of a page of metrics, by name and labels."""
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}
