"""Guidance: classes, requirements, facts and tables, by date and language."""
