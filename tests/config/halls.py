"""Hall files for tests: the shipped ones, and altered copies of a small good one."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from config.checking import check_hall
from config.faults import Fault, Faults
from config.settings import ROOT, HallFile
from config.shapes import compare

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


def full() -> dict[str, Any]:
    """The small hall with something good in every table that a hall may have."""
    document = small()
    document["hours"] |= {
        "saturday": ["07:30-11:30"],
        "holidays": [dt.date(2027, 1, 1), dt.date(2027, 4, 30)],
        "special": [
            {"date": dt.date(2027, 2, 14), "spans": ["07:30-11:30"]},
            {"date": dt.date(2027, 5, 4), "spans": []},
        ],
        "last_number_minutes": 15,
    }
    document["calling"] = {"max_recalls": 3, "max_priority_run": 2}
    document["alerts"] = {"service_factor": 2.5}
    document["counter_work"] = {
        "no_show_min_calls": 4,
        "result_required": True,
        "results": [{"id": "received", "name": "Đã tiếp nhận hồ sơ", "name_en": "Received"}],
        "pause_reasons": [{"id": "break", "name": "Nghỉ giải lao", "name_en": "Break"}],
    }
    document["classes"].append(
        {"id": "elderly", "name": "Người cao tuổi", "name_en": "Elderly", "sign": "CT", "head_start_minutes": 15}
        | {"limit_minutes": 10, "proof": "Căn cước", "proof_en": "Identity card"}
    )
    document["services"][1] |= {
        "target_minutes": 45,
        "day_quota": 60,
        "quotas": [{"span": "07:00-09:30", "count": 25}, {"span": "13:30-15:00", "count": 15}],
    }
    document["counters"].append({"id": "2", "name": "Quầy 2", "services": ["ho-tich"], "helps": {"dat-dai": 15}})
    document["operators"] += [
        {
            "id": "cb02",
            "name": "Cán bộ 02",
            "counter": "2",
            "skills": ["ho-tich", "dat-dai"],
            "prefers": {"dat-dai": 5},
        },
        {"id": "90", "name": "Giám sát", "role": "supervisor", "may_call_any": True},
        {"id": "98", "name": "Kiểm tra viên", "role": "auditor"},
    ]
    return document


def faults_in(document: dict[str, Any], language: str = "en") -> dict[str, Fault]:
    """The faults of a document by key, the last one where a key has several."""
    faults = Faults(Path("hall.toml"), language)
    compare(document, HallFile, "", faults)
    check_hall(document, faults)
    return {fault.key: fault for fault in faults.found}


def written(folder: Path, document: dict[str, Any]) -> Path:
    """The document as a hall file in `folder`."""
    path = folder / "hall.toml"
    path.write_text(tomli_w.dumps(document), encoding="utf-8")
    return path
