"""The web program: the citizen's phone page and the counter's desk, a client of the hall like any device."""
