"""Corrections that were decided: ordered, brought to the service that keeps the record, and probed until they hold."""
