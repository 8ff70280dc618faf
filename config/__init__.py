"""Settings of a hall, its texts and its catalogue of procedures."""
