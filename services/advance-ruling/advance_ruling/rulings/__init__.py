"""Rulings once they are issued: their numbers, versions and tokens, and how they change, rest and end."""
