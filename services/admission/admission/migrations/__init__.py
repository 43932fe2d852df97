"""Alembic history of the admission database."""
