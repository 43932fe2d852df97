"""The fact dictionary: the single list of what may be stated about a traveller and a visit."""
