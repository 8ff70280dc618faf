"""The papers of the kiosk's printer as pictures, 80 mm and 58 mm wide."""

import sys
from pathlib import Path

from printers.commands import main as printers

_PAPERS = ("ticket", "priority", "reprint", "place", "procedure", "test")


def main(arguments: list[str]) -> int:
    """Write every paper into a folder; exit 0, or 1 if one failed."""
    out = Path(arguments[0])
    wide = [printers(["ticket", "--preview", str(out / _name(paper)), "--paper", paper]) for paper in _PAPERS]
    narrow = printers(["ticket", "--preview", str(out / "paper-58mm.png"), "--model", "generic-58mm"])
    return max(*wide, narrow)


def _name(paper: str) -> str:
    return "ticket.png" if paper == "ticket" else f"paper-{paper}.png"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
