"""Alembic history of the advance-ruling database."""
