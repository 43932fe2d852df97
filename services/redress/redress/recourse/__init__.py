"""Recourse: what a person may do about an outcome, told to anyone who asks."""
