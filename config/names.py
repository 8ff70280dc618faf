"""Vietnamese names compared and looked up: composed form, folded form, ids made of names, the nearest name."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def composed(name: str) -> str:
    """`name` in Unicode NFC, its white space reduced to single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded(name: str) -> str:
    """`name` without tone marks, case and double blanks; đ becomes d."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def id_of(name: str) -> str:
    """The id that a name gives: `Sở Tư pháp` becomes `so-tu-phap`."""
    return re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known name that looks most like `wrong`; empty if none does."""
    by_fold = {folded(name): name for name in known}
    found = get_close_matches(folded(wrong), by_fold, n=1, cutoff=0.5)
    return by_fold[found[0]] if found else ""
