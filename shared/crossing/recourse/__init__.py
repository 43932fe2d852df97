"""Recourse: what a person may do about each outcome, with whom, and until which day."""
