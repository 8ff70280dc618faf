"""The kept inputs of each target: seeds written by hand, and whatever once broke a parser."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def corpus(target: str) -> dict[str, bytes]:
    """A target's inputs by the names of their files."""
    return {path.name: path.read_bytes() for path in sorted((CORPUS / target).iterdir())}
