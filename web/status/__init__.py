"""The hall's public page: who is served now, how many wait and how long, and whether numbers are given."""
