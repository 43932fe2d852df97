"""Notices to ports: what redress tells the officers of a port after mistakes of one kind, and who has read it."""
