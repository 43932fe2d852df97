"""Letters of redress: what is told of a decision, and the checks a letter passes before it is sent."""
