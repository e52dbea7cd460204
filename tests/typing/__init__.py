"""A consumer, as mypy strict sees it."""
