"""``python -m crossing.cli`` is ``crossing``."""

from crossing.cli import app

app()
