"""Redress: inquiries, cases and remedies."""
