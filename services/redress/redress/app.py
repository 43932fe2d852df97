"""Assembles the redress service."""

from fastapi import FastAPI

from crossing.kit.bare import bare_app


def create_app() -> FastAPI:
    """The redress service; for now it says that it is there."""
    return bare_app("redress", title="Crossing: redress", description="Inquiries, cases and remedies.")
