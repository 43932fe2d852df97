"""The traveller's side: inquiries filed without an account, and what their owners do with them."""
