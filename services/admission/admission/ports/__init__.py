"""Ports of entry and their terminals."""
