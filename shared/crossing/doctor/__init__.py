"""Checks an installation: each check is one function that says whether something is as it should be, and what to do."""
