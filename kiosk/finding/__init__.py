"""Finding a procedure by what a citizen types: words, parts of words, initials, codes, and what people say. Pure."""

from kiosk.finding.hits import Hit
from kiosk.finding.index import Index

__all__ = ["Hit", "Index"]
