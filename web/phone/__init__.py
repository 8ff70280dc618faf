"""The citizen's page: the place in the line, and the rating after the service."""
