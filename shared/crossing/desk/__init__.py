"""What every desk shares: the law a service decides by, the form of a case, and how a determination is made."""
