"""Determinations for anyone: the stateless main job."""
