"""The public registry: digests of decisions, without the person, for anyone to search."""
