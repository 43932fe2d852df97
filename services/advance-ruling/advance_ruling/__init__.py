"""Advance rulings: applications, evidence and signed rulings."""
