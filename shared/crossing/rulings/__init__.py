"""Advance rulings as every desk knows them: their procedure, their material facts, their token and its status."""
