"""The guidance for everybody, made from the rule packs: pages on each class and requirement, with their history."""
