"""Where a hall's log and state rows are kept."""
