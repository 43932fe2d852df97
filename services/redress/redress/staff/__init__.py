"""The staff list of redress, kept by supervisors."""
