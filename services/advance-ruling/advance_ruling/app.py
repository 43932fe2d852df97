"""Assembles the advance-ruling service."""

from fastapi import FastAPI

from crossing.kit.bare import bare_app


def create_app() -> FastAPI:
    """The advance-ruling service; for now it says that it is there."""
    return bare_app(
        "advance-ruling", title="Crossing: advance rulings", description="Applications, evidence and signed rulings."
    )
