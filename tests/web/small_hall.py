"""A small hall file with free ports, for tests that run the real server."""

from pathlib import Path

from config.settings import WEEKDAYS
from tests.running import free_ports

TRAP = "<img src=x onerror=document.title='pwned'><script>document.title='pwned'</script>"

HALL = """
[hall]
id = "thu"
name = "Trung tâm Phục vụ hành chính công phường Thử"
name_en = "Test Ward Public Service Centre"
address = "1 Đường Thử"

[hours]
{hours}
issue_before_minutes = 0
cut_off = false

[counter_work]
recall_gap_seconds = {recall_gap}
no_show_min_calls = {no_show_calls}
no_show_min_seconds = {no_show_seconds}
lease_seconds = {lease}
results = [
  {{ id = "received", name = "Đã tiếp nhận hồ sơ", name_en = "Dossier received" }},
  {{ id = "handed-over", name = "Đã trả kết quả", name_en = "Result handed over" }},
]
pause_reasons = [
  {{ id = "break", name = "Nghỉ giải lao", name_en = "Break" }},
  {{ id = "meeting", name = "Họp đột xuất", name_en = "Meeting" }},
]

[network]
commands = "tcp://127.0.0.1:{commands}"
events = "tcp://127.0.0.1:{events}"
enrolment = "tcp://127.0.0.1:{enrolment}"
web_host = "127.0.0.1"
web_port = {web}
public_url = "http://127.0.0.1:{web}"

[rating]
callbacks = true
reasons = [
  {{ id = "long-wait", name = "Thời gian chờ lâu", name_en = "Long wait" }},
  {{ id = "unclear-guidance", name = "Hướng dẫn không rõ", name_en = "Unclear guidance" }},
  {{ id = "attitude", name = "Thái độ phục vụ", name_en = "Attitude of the staff" }},
  {{ id = "extra-papers", name = "Yêu cầu thêm giấy tờ ngoài quy định", name_en = "Papers not listed" }},
  {{ id = "many-trips", name = "Phải đi lại nhiều lần", name_en = "Had to come several times" }},
  {{ id = "extra-cost", name = "Thu thêm chi phí", name_en = "Extra charges" }},
  {{ id = "other", name = "Khác", name_en = "Other" }},
]
criteria = [
  {{ id = "attitude", name = "Thái độ phục vụ", name_en = "Attitude" }},
  {{ id = "guidance", name = "Hướng dẫn, giải thích", name_en = "Guidance" }},
  {{ id = "time", name = "Thời gian giải quyết", name_en = "Time" }},
]

[from_home]
services = ["ho-tich", "trap"]
per_phone = 2
per_service = 1000

[[classes]]
id = "ordinary"
name = "Công dân"
name_en = "Ordinary"
limit_minutes = 60

[[classes]]
id = "elderly"
name = "Người cao tuổi"
name_en = "Elderly"
sign = "CT"
head_start_minutes = 15
limit_minutes = 10
proof = "Căn cước, từ đủ 75 tuổi"
proof_en = "Identity card, 75 or older"

[[queues]]
id = "a"
prefix = "A"

[[queues]]
id = "b"
prefix = "B"

[[agencies]]
id = "tu-phap"
name = "Tư pháp"
name_en = "Justice"

[[services]]
id = "ho-tich"
name = "Hộ tịch, chứng thực"
name_en = "Civil status, certification"
agency = "tu-phap"
queue = "a"
minutes = 8

[[services]]
id = "trap"
name = {trap}
name_en = {trap}
agency = "tu-phap"
queue = "b"
minutes = 8

[[counters]]
id = "q1"
name = "Quầy 1"
services = ["ho-tich"]

[[counters]]
id = "q2"
name = "Quầy 2"
services = ["ho-tich", "trap"]

[[counters]]
id = "q3"
name = "3"
services = ["trap"]

[[operators]]
id = "012"
name = "Cán bộ thử"

[[operators]]
id = "034"
name = "Cán bộ hai"
counter = "q1"
may_call_any = true

[[operators]]
id = "078"
name = "Trưởng bộ phận"
role = "supervisor"

[[operators]]
id = "090"
name = "Kiểm tra viên"
role = "auditor"
"""
HOURS = "\n".join(f'{day} = ["00:00-24:00"]' for day in WEEKDAYS)
WORK = {"recall_gap": 0, "no_show_calls": 1, "no_show_seconds": 0, "lease": 60}


def write_small_hall(folder: Path, **work: int) -> tuple[Path, int]:
    """Write the hall file, open day and night; gives its path and the port for the web. `work` changes `WORK`."""
    ports = dict(zip(("commands", "events", "enrolment", "web"), free_ports(4), strict=True))
    path = folder / "hall.toml"
    values = {**WORK, **work, **ports}
    path.write_text(HALL.format(trap=f'"{TRAP}"', hours=HOURS, **values), encoding="utf-8")
    return path, ports["web"]
