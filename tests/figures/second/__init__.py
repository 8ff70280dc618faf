"""The same figures reckoned a second time: from the raw log's JSON alone, with nothing of the program's reckoning."""
