"""Plumbing that every service needs alike: a file for a thing."""
