"""The hall's figures: visits of the log as rows, and what is asked of them by the report command and the web."""
