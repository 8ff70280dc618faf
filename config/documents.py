"""Reads the TOML of a file that a person wrote."""

import tomllib
import unicodedata
from pathlib import Path

from config.faults import ABSENT, Faults, SettingsError


def parsed(path: Path, faults: Faults) -> dict[str, object]:
    """The document at `path` in NFC; raises SettingsError at once if there is none to go on with."""
    try:
        return tomllib.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        faults.add("", ABSENT, "unreadable", reason=error.strerror or error)
    except UnicodeDecodeError as error:
        faults.add("", ABSENT, "not_utf8", place=error.start)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        faults.add("", ABSENT, "not_toml", reason=error)
    raise SettingsError(faults.found)
