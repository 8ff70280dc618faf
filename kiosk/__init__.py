"""The touch screen that issues numbers."""
