"""Examinations at a port: opened, completed with facts and findings, referred, decided."""
