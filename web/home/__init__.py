"""Places in the line for who is not here yet: chosen with a phone at home, confirmed in the hall."""
