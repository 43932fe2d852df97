"""Feedback: what a decision of redress teaches the rule packs and the ports."""
