"""Days that once found a fault in the product; each is played in every test run."""

FOUND: dict[int, str] = {}
"""What each seed found."""
