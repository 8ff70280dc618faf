"""Hall files for tests: the shipped ones, and altered copies of a small good one."""

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from config.settings import ROOT

SHIPPED = sorted((ROOT / "halls").glob("*.toml"))

_SMALL = """
[hall]
id = "thu"
name = "Trung tâm thử"
name_en = "Trial centre"

[hours]
monday = ["07:30-11:30", "13:30-17:00"]

[[classes]]
id = "ordinary"
name = "Công dân"
name_en = "Ordinary"
limit_minutes = 60

[[queues]]
id = "a"
prefix = "A"

[[queues]]
id = "c"
prefix = "C"

[[agencies]]
id = "so-tu-phap"
name = "Sở Tư pháp"
name_en = "Justice"

[[agencies]]
id = "so-tai-nguyen-va-moi-truong"
name = "Sở Tài nguyên và Môi trường"
name_en = "Environment"
also = ["so-nong-nghiep-va-moi-truong"]

[[services]]
id = "ho-tich"
name = "Hộ tịch"
name_en = "Civil status"
agency = "so-tu-phap"
queue = "a"
minutes = 12
fields = ["Hộ tịch", "*"]

[[services]]
id = "dat-dai"
name = "Đất đai"
name_en = "Land"
agency = "so-tai-nguyen-va-moi-truong"
queue = "c"
minutes = 18.5
fields = ["Đất đai"]
procedures = ["1.001193"]

[[counters]]
id = "1"
name = "Quầy 1"
services = ["ho-tich", "dat-dai"]
own = ["ho-tich"]

[[operators]]
id = "cb01"
name = "Cán bộ 01"
"""


def small() -> dict[str, Any]:
    """A small good hall file, as a document to alter."""
    return tomllib.loads(_SMALL)


def written(folder: Path, document: dict[str, Any]) -> Path:
    """The document as a hall file in `folder`."""
    path = folder / "hall.toml"
    path.write_text(tomli_w.dumps(document), encoding="utf-8")
    return path
