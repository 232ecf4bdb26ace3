"""One article's whole record in a folder that a stranger can check."""
