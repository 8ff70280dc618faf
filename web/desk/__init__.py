"""The counter's page: calls, starts and finishes tickets."""
