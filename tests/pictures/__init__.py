"""Pictures of every screen, for docs/pictures."""
