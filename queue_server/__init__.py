"""The queue server: the only writer of a hall's log."""
