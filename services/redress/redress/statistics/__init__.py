"""Statistics of redress, open to anyone, in which no person can be found."""
