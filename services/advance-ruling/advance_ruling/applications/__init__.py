"""Applications for advance rulings: drafted, submitted, completed, examined, decided, reviewed or withdrawn."""
