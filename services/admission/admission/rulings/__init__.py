"""Advance rulings presented at an examination: whether they bind, what they settle, and how an officer departs."""
