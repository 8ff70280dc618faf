"""What citizens and staff read: one TOML file per language in `config/texts/`, Vietnamese when a text is missing."""

import tomllib
from functools import cache
from pathlib import Path

FALLBACK = "vi"
_FOLDER = Path(__file__).parent / "texts"


@cache
def _texts(language: str) -> dict[str, str]:
    """All texts of a language, flat: `[kiosk] welcome = …` becomes `kiosk.welcome`; empty for an unknown language."""
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{group}.{key}": value for group, texts in tables.items() for key, value in texts.items()}


def languages() -> list[str]:
    """The languages that have a file, Vietnamese first."""
    found = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    return [FALLBACK, *(language for language in found if language != FALLBACK)]


def text(key: str, language: str = FALLBACK, **values: object) -> str:
    """The text of `key` with its `{places}` filled; Vietnamese if the language lacks it.

    Raises KeyError for a key that Vietnamese lacks too.
    """
    template = _texts(language).get(key) or _texts(FALLBACK)[key]
    return template.format(**values) if values else template


def keys(language: str) -> set[str]:
    """The keys that a language has."""
    return set(_texts(language))
