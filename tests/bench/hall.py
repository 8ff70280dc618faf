"""The hall of the bench: always open, 8 services, as many counters and operators as clients, endless series."""

from pathlib import Path

from config.settings import WEEKDAYS

COUNTERS = 256
LEADER = "head"


def write_hall(folder: Path, ports: list[int], counters: int = COUNTERS) -> Path:
    """Write the hall file of the bench."""
    commands, events, enrolment, web = ports
    services = [f"s{i}" for i in range(1, 9)]
    parts = [
        '[hall]\nid = "bench"\nname = "Bench"\nname_en = "Bench"\n[hours]\nissue_before_minutes = 0',
        "cut_off = false",
        *(f'{day} = ["00:00-24:00"]' for day in WEEKDAYS),
        "[counter_work]\nno_show_min_calls = 1\nno_show_min_seconds = 0\nrecall_gap_seconds = 0",
        f'[network]\ncommands = "tcp://127.0.0.1:{commands}"\nevents = "tcp://127.0.0.1:{events}"',
        f'enrolment = "tcp://127.0.0.1:{enrolment}"\nweb_port = {web}',
        '[[classes]]\nid = "ordinary"\nname = "Thường"\nname_en = "Ordinary"\nlimit_minutes = 60',
        '[[classes]]\nid = "elderly"\nname = "Cao tuổi"\nname_en = "Elderly"',
        "head_start_minutes = 15\nlimit_minutes = 10",
        '[[queues]]\nid = "A"\nprefix = "A"\nlast = 99999999\ndigits = 8',
        '[[agencies]]\nid = "a"\nname = "A"\nname_en = "A"',
        *(f'[[operators]]\nid = "{i}"\nname = "{i}"' for i in range(1, counters + 1)),
        f'[[operators]]\nid = "{LEADER}"\nname = "{LEADER}"\nrole = "supervisor"',
        *(
            f'[[services]]\nid = "{s}"\nname = "{s}"\nname_en = "{s}"\nagency = "a"\nqueue = "A"\nminutes = 6.0'
            for s in services
        ),
        *(
            f'[[counters]]\nid = "{i}"\nname = "{i}"\nservices = {services}\nown = ["s{(i - 1) % 8 + 1}"]'.replace(
                "'", '"'
            )
            for i in range(1, counters + 1)
        ),
    ]
    path = folder / "bench.toml"
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return path
