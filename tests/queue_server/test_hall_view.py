"""The hall as it is told to its devices: all that a kiosk needs, and to nobody more than he needs."""

import pytest
from msgspec.structs import replace

from config import settings as st
from config.loading import load_hall
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from queue_server.domain.rows import Device
from queue_server.hall_view import hall_reply, procedure_uses, service_uses
from tests.conftest import ROOT
from tests.queue_server.factories import ADMIN, DESK, KIOSK, PHONE, SmallHall, hall_file, with_service

PURPOSES = [
    st.Purpose(id="submit", name="Nộp hồ sơ", name_en="Hand in a dossier", pictogram="dossier"),
    st.Purpose(id="result", name="Nhận kết quả", name_en="Fetch a result", services=["results"], by_code=True),
]


def test_a_kiosk_gets_its_habits_purposes_series_and_pictograms() -> None:
    file = with_service(hall_file(), "land", pictogram="land", asks_person=True, target_minutes=20)
    kiosk = st.Kiosk(languages=["vi", "en"], ask_above=12)
    reply = hall_reply(replace(file, purposes=PURPOSES, kiosk=kiosk), "an-id", {"land": 7})
    assert reply.catalogue_id == "an-id"
    assert reply.queues[0] == re.QueueInfo("land", "A", 3, 1, 999)
    assert [(one.purpose_id, one.pictogram, one.service_ids, one.by_code) for one in reply.purposes] == [
        ("submit", "dossier", [], False),
        ("result", "", ["results"], True),
    ]
    assert reply.kiosk is not None
    assert (reply.kiosk.languages, reply.kiosk.ask_above) == (["vi", "en"], 12)
    assert reply.kiosk.issue_before_minutes == file.hours.issue_before_minutes
    land = reply.services[0]
    assert (land.service_id, land.pictogram, land.uses, land.asks_person) == ("land", "land", 7, True)
    assert land.counter_ids == ["1", "3"]
    assert [service.uses for service in reply.services[1:]] == [0, 0]


def test_how_often_services_and_procedures_were_taken_is_counted_from_tickets() -> None:
    hall = SmallHall()
    for service, code in (("land", "1.001"), ("land", None), ("civil", "1.002"), ("land", "1.001")):
        hall.get(re.TicketIssuedReply, cmd.IssueTicket(service, procedure_code=code), KIOSK)
    tickets = list(hall.storage.tickets())
    assert service_uses(tickets) == {"land": 3, "civil": 1}
    assert procedure_uses(tickets) == {"1.001": 2, "1.002": 1}
    assert service_uses([]) == procedure_uses([]) == {}


@pytest.mark.parametrize(
    ("device", "told"),
    [
        (KIOSK, False),
        (PHONE, False),
        (Device("d", "display", "d"), False),
        (DESK, True),
        (ADMIN, True),
        (Device("x", "auditor", "x"), True),
        (Device("b", "counter", "b", counter_id="1"), True),
    ],
)
def test_who_works_here_is_told_to_the_devices_of_staff_only(device: Device, told: bool) -> None:
    reply = SmallHall().get(re.HallReply, cmd.GetHall(), device)
    assert bool(reply.operators) == told
    assert "01" in reply.operator_ids


def test_what_a_report_needs_is_kept_without_the_names_of_staff() -> None:
    hall = SmallHall()
    kept = hall.storage.description() or b""
    assert b"Qu\xe1\xba\xa7y 1" in kept
    assert "Cán bộ".encode() not in kept


@pytest.mark.parametrize("path", sorted((ROOT / "config" / "halls").glob("*.toml")), ids=lambda path: path.stem)
def test_every_hall_that_is_shipped_fits_into_a_message_and_comes_back_as_it_was(path: object) -> None:
    reply = hall_reply(load_hall(path, catalogue_needed=False), "0123456789abcdef")  # type: ignore[arg-type]
    frame = codec.encode_answer("request-0001", reply)
    assert len(frame) < codec.MAX_REQUEST_BYTES
    assert codec.decode_answer(frame).reply == reply
