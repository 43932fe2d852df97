"""What the services of Crossing share: the fact dictionary, the rules engine, the rule packs, and the plumbing."""
