"""A language that nobody speaks: every text 40 % longer, with accents stacked as high as Vietnamese stacks them."""

import json
import tomllib
import unicodedata
from pathlib import Path
from string import Formatter

from config import texts

PSEUDO = "qps"
_LONGER = 0.4
_HIGH = "ẪẲỖỂỮ"


def write_pseudo(folder: Path) -> Path:
    """Write the language as a folder to lay beside."""
    source = Path(texts.__file__).parent / "texts" / "vi.toml"
    lines = []
    for group, table in tomllib.loads(source.read_text(encoding="utf-8")).items():
        lines.append(f"[{group}]")
        lines += [f"{key} = {json.dumps(stretched(text), ensure_ascii=False)}" for key, text in table.items()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{PSEUDO}.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def stretched(template: str) -> str:
    """A text with the same places, longer and higher."""
    pieces = []
    for words, name, form, conversion in Formatter().parse(template):
        pieces.append(
            "".join(_high(letter, at) for at, letter in enumerate(words)).replace("{", "{{").replace("}", "}}")
        )
        if name is not None:
            pieces.append("{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}")
    said = "".join(pieces)
    return said + _more(sum(map(len, template.split())))


def _more(letters: int) -> str:
    """Further words of six letters."""
    count = round(letters * _LONGER)
    words = [("ẪmẲnỖt" * 4)[: min(6, count - at)] for at in range(0, count, 6)]
    return " " + " ".join(words) if words else ""


def _high(letter: str, at: int) -> str:
    plain = unicodedata.normalize("NFD", letter)[0]
    return _HIGH["AEOU".find(plain.upper()) % len(_HIGH)] if plain.upper() in "AO" and at % 3 == 0 else letter
