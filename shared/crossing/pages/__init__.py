"""What the pages of every service share: layout, look, language, and what a browser is told."""
