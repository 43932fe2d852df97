"""Who is on a list, and what redress ordered: what a port looks up of whoever stands there."""
