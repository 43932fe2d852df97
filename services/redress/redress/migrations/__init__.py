"""The Alembic history of the redress service."""
