"""Pages of advance rulings for anyone."""
