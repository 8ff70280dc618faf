"""The rules of a hall, pure: no clock, no randomness, no socket, no file."""
