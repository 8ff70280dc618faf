"""docs/halls.md describes every key of hall files and catalogues, and no other."""

import re
from pathlib import Path
from typing import get_args, get_origin

import pytest
from msgspec import NODEFAULT, Struct

from config.loading import SettingsError, load_hall
from config.said import SpokenWords
from config.settings import ROOT, Catalogue, HallFile, Rating
from config.shapes import fields_of
from tests.config.halls import small, written

DOC = (ROOT.parent / "docs" / "halls.md").read_text(encoding="utf-8")


def tables(kind: type[Struct], path: str = "") -> dict[str, type[Struct]]:
    """All tables below `kind`, by the heading that describes them."""
    found: dict[str, type[Struct]] = {}
    for name, info in fields_of(kind).items():
        many = get_origin(info.type) is list
        member = get_args(info.type)[0] if many else info.type
        if isinstance(member, type) and issubclass(member, Struct):
            found[f"[[{path}{name}]]" if many else f"[{path}{name}]"] = member
            found |= tables(member, f"{path}{name}.")
    return found


ALL = tables(HallFile) | tables(Catalogue) | tables(SpokenWords)


def described(heading: str) -> list[str]:
    """The keys in the table below a heading."""
    section = re.search(rf"^### `{re.escape(heading)}`\n(.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE) if section else []


def test_the_tables_are_known() -> None:
    assert {"[hall]", "[[services]]", "[[rating.reasons]]", "[[procedures]]", "[[said]]"} <= set(ALL)
    assert ALL["[rating]"] is Rating


@pytest.mark.parametrize("heading", ALL)
def test_every_key_of_a_table_is_described_and_no_other(heading: str) -> None:
    assert described(heading) == list(fields_of(ALL[heading]))


def defaults(heading: str) -> dict[str, str]:
    """The default of each key as the table below a heading tells it."""
    section = DOC.partition(f"### `{heading}`\n")[2].partition("\n#")[0]
    return {row[1]: row[2] for row in re.finditer(r"^\| `(\w+)` \|.*\| ?`?([^|]*?)`? \|$", section, re.MULTILINE)}


@pytest.mark.parametrize("heading", ALL)
def test_every_default_is_the_one_of_the_program(heading: str) -> None:
    told = defaults(heading)
    for name, info in fields_of(ALL[heading]).items():
        default = info.default
        if info.required:
            assert told[name] == "", name
        elif isinstance(default, bool):
            assert told[name] == str(default).lower(), name
        elif default is None or default in ("", NODEFAULT):
            assert told[name].partition(":")[0] in ("none", "empty", "closed"), name
        else:
            assert told[name] == (f"{default:g}" if isinstance(default, int | float) else default), name


def test_every_heading_describes_a_table() -> None:
    assert set(re.findall(r"^### `(\[.*\])`", DOC, re.MULTILINE)) == set(ALL)


def test_the_example_of_a_fault_is_what_the_program_says(tmp_path: Path) -> None:
    document = small()
    document["services"][0]["queue"] = "aa"
    path = written(tmp_path, document)
    with pytest.raises(SettingsError) as refusal:
        load_hall(path)
    [fault] = refusal.value.faults
    assert fault.line().replace(str(path), "my-hall.toml") in DOC
