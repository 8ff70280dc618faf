"""Past days played again under other rules of the line: pure, from the log alone."""
