"""How cases of redress are kept: their steps, deadlines, messages and words."""
