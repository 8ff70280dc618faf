"""The hall that is simulated: three counters, four services with three series of numbers, two kiosks, two walls."""

from msgspec.structs import replace

from config import settings as st
from protocol.keys import DeviceKeys
from queue_server.domain.rows import Device
from tests.queue_server.factories import hall_file

HALL_ZONE = "Asia/Ho_Chi_Minh"
BLOCK = 8
LAST = 36
"""Numbers of a series end here: on a busy day kiosks are asked to give some of theirs back, and some run out."""
PAUSES = [st.NamedTable(id="break", name="Nghỉ", name_en="Break")]
WORK = st.CounterWork(recall_gap_seconds=0, no_show_min_calls=1, no_show_min_seconds=10, pause_reasons=PAUSES)
HOURS = st.Hours(**{key: ["07:30-09:30", "10:00-12:00"] for key in st.WEEKDAYS}, issue_before_minutes=30, cut_off=False)
SERVICES = ("land", "civil", "results", "tax")
COUNTERS = ("1", "2", "3")
OPERATORS = {"1": "01", "2": "02", "3": "03"}
LEADER = "90"
KIOSKS = ("kiosk-1", "kiosk-2")
WALLS = ("wall-1", "wall-2")
PERSON = "079200"
"""Who takes a number for `tax` shows a card that begins so: nothing may keep it."""
CONTACT = "0900-"
"""What citizens leave who want to be called back begins so: it may be kept sealed only."""


def simulated_hall() -> st.HallFile:
    """The hall file."""
    minutes = {"land": 12.0, "civil": 8.0, "results": 4.0, "tax": 6.0}
    counters = {"1": ["land", "results"], "2": ["civil", "tax", "results"], "3": list(SERVICES)}
    file = hall_file(services=minutes, counters=counters, last=LAST, hours=HOURS, work=WORK)
    services = [replace(s, queue="results") if s.id == "tax" else s for s in file.services]
    services = [replace(s, asks_person=True) if s.id == "tax" else s for s in services]
    return replace(
        file,
        queues=[queue for queue in file.queues if queue.id != "tax"],
        services=services,
        kiosk=st.Kiosk(block_size=BLOCK),
        rating=replace(file.rating, callbacks=True),
    )


def devices() -> list[Device]:
    """Everything that belongs to the hall from its first day on; a key is a name here."""
    boxes = [Device(f"box-{counter}", "counter", f"key of box-{counter}", counter_id=counter) for counter in COUNTERS]
    others = {"admin": "admin", "phone": "phone", **dict.fromkeys(KIOSKS, "kiosk"), **dict.fromkeys(WALLS, "display")}
    return [*boxes, *(Device(name, role, key_of(name)) for name, role in others.items())]


def key_of(device_id: str) -> str:
    """The public key of a device."""
    return f"key of {device_id}"


def keys_of(device: Device) -> DeviceKeys:
    """The key file of a device."""
    return DeviceKeys(
        device.device_id, device.role, device.public_key, "secret", "server", "tcp://hall:1", "tcp://hall:2"
    )
