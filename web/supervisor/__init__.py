"""The page of the head of the hall: everything in one look, and what to do about it."""
