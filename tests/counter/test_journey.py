"""A counter's whole work on keypads and signs, through the real programs."""

import signal

from counter.emulated import EmulatedCallBox, EmulatedQub, EmulatedQubDigits, EmulatedSign
from protocol import commands as cmd
from protocol.client import HallClient
from protocol.replies import CallReply, OverviewReply, TicketIssuedReply, TicketReply
from protocol.words import TicketState
from tests.counter.conftest import Floor

QUB, OTHER, SIGN, BOX = 0x21, 0x22, 0x41, 5


def issue(floor: Floor, service_id: str = "chung-thuc") -> int:
    """A citizen takes a number."""
    reply = floor.admin.call(cmd.IssueTicket(service_id))
    assert isinstance(reply, TicketIssuedReply)
    return reply.ticket.ticket_id


def state(floor: Floor, ticket_id: int) -> TicketState:
    """The hall's truth of a ticket."""
    reply = floor.admin.call(cmd.GetTicket(ticket_id=ticket_id))
    assert isinstance(reply, TicketReply)
    return reply.ticket.state


def call(client: HallClient, counter_id: str) -> CallReply:
    """Call the next from a desk page."""
    reply = client.call(cmd.CallNext(counter_id))
    assert isinstance(reply, CallReply)
    return reply


def test_a_keypad_opens_calls_recalls_starts_and_finishes_and_the_sign_shows_the_number(floor: Floor) -> None:
    qub, sign = EmulatedQub(QUB), EmulatedSign(SIGN)
    floor.join("quay-7", "7")
    line = floor.serve(
        [qub, sign], "--qub", "0x21=quay-7", "--sign", "65=quay-7", "--operator", "quay-7=05", echoes=True
    )
    floor.until(lambda: (qub.lamp, sign.letters) == ("off", " " * 7), "the closed counter")
    line.press(QUB, "call")
    floor.until(lambda: qub.lamp == "red", "an open counter with nobody to call")
    assert floor.counter("7").operator_id == "05"
    assert sign.letters == " " * 7
    ticket_id = issue(floor)
    floor.until(lambda: (qub.lamp, qub.beeps) == ("green fast", 1), "a beep for the first who comes")
    line.press(QUB, "call")
    floor.until(lambda: (qub.lamp, sign.letters, sign.blinks) == ("green slow", "C001 >7", 3), "the call")
    line.press(QUB, "call")
    floor.until(lambda: sign.announcements == 2, "the recall")
    line.press(QUB, "start")
    floor.until(lambda: qub.lamp == "green", "the service")
    assert state(floor, ticket_id) is TicketState.SERVING
    line.press(QUB, "end")
    floor.until(lambda: (qub.lamp, sign.letters) == ("red", " " * 7), "the end")
    assert state(floor, ticket_id) is TicketState.FINISHED
    floor.process.send_signal(signal.SIGTERM)
    assert floor.process.wait(timeout=20) == 0
    assert "Traceback" not in floor.said()


def test_a_call_box_works_a_counter_and_its_citizen_rates_once(floor: Floor) -> None:
    box = EmulatedCallBox(BOX)
    floor.join("quay-7", "7")
    line = floor.serve(
        [box], "--call-box", "5=quay-7", "--operator", "quay-7=05", "--transfer", "quay-7=dang-ky-kinh-doanh"
    )
    tickets = [issue(floor) for _ in range(4)]
    floor.until(lambda: box.waiting == "004", "those who wait")
    line.press(BOX, "call")
    floor.until(lambda: floor.counter("7").open, "the open counter")
    line.press(BOX, "call")
    floor.until(lambda: (box.waiting, box.ticket) == ("003", "001"), "the first call")
    line.press(BOX, "start")
    floor.until(lambda: state(floor, tickets[0]) is TicketState.SERVING, "the service")
    line.press(BOX, "finish")
    floor.until(lambda: box.rating_open and box.ticket == "000", "the open rating")
    line.press(BOX, "rate-3")
    floor.until(lambda: floor.counter("7").rateable_id is None, "the rating")
    assert not box.rating_open
    beeps = box.beeps
    line.press(BOX, "rate-0")
    floor.until(lambda: box.beeps == beeps + 2, "a second rating is refused")

    line.press(BOX, "call")
    floor.until(lambda: box.ticket == "002", "the second call")
    line.press(BOX, "hold")
    floor.until(lambda: box.ticket == "000", "the held ticket")
    assert state(floor, tickets[1]) is TicketState.PARKED
    line.press(BOX, "resume")
    floor.until(lambda: box.ticket == "002", "the held ticket called back")
    line.press(BOX, "no-show")
    floor.until(lambda: state(floor, tickets[1]) is TicketState.NO_SHOW, "the no-show")

    line.press(BOX, "pause")
    floor.until(lambda: floor.counter("7").paused_reason_id == "break", "the pause")
    line.press(BOX, "pause")
    floor.until(lambda: floor.counter("7").paused_reason_id is None, "the end of the pause")

    floor.until(lambda: box.waiting == "002", "the truth on the box")
    line.press(BOX, "call")
    floor.until(lambda: box.ticket == "003", "the third call")
    line.press(BOX, "transfer")
    floor.until(lambda: (box.waiting, box.ticket) == ("001", "000"), "the transfer")
    assert state(floor, tickets[2]) is TicketState.WAITING

    line.press(BOX, "call")
    floor.until(lambda: box.ticket == "004", "the fourth call")
    line.press(BOX, "finish")  # without having said when the service began
    floor.until(lambda: state(floor, tickets[3]) is TicketState.FINISHED, "the end without a start")
    reply = floor.admin.call(cmd.GetTicket(ticket_id=tickets[3]))
    assert isinstance(reply, TicketReply)
    assert reply.ticket.times_wrong
    floor.until(lambda: box.ticket == "000", "the truth on the box")
    line.press(BOX, "close")
    floor.until(lambda: not floor.counter("7").open, "the closed counter")
    floor.until(lambda: not box.unacknowledged, "the last acknowledgement")


def test_keypad_and_desk_page_of_a_counter_always_agree(floor: Floor) -> None:
    qub, sign = EmulatedQub(QUB), EmulatedSign(SIGN)
    floor.join("quay-7", "7")
    line = floor.serve([qub, sign], "--qub", "33=quay-7", "--sign", "65=quay-7", "--operator", "quay-7=05")
    page = floor.hall.client("desk")
    page.call(cmd.OpenCounter("7", "07"))
    floor.until(lambda: qub.lamp == "red", "opened on the page, by somebody else")
    ticket_id = issue(floor)
    reply = call(page, "7")
    floor.until(lambda: (qub.lamp, sign.letters) == ("green slow", "C001 >7"), "called on the page")
    assert reply.action_seq is not None
    page.call(cmd.UndoAction("7", reply.action_seq))
    floor.until(lambda: (qub.lamp, sign.letters) == ("green fast", " " * 7), "taken back on the page")
    call(page, "7")
    floor.until(lambda: qub.lamp == "green slow", "called again on the page")
    line.press(QUB, "start")
    floor.until(lambda: state(floor, ticket_id) is TicketState.SERVING, "started on the keypad")
    page.call(cmd.ParkTicket("7", ticket_id, 10))
    floor.until(lambda: (qub.lamp, sign.letters) == ("red", " " * 7), "parked on the page")
    page.call(cmd.PauseCounter("7", "break"))
    floor.until(lambda: (qub.lamp, sign.letters) == ("red slow", "TAMDUNG"), "paused on the page")
    line.press(QUB, "call")
    floor.until(lambda: floor.counter("7").paused_reason_id is None, "continued on the keypad")
    assert floor.counter("7").operator_id == "07"


def test_a_stuck_key_noise_and_strangers_call_one_ticket_and_no_more(floor: Floor) -> None:
    qub, other, digits = EmulatedQub(QUB), EmulatedQub(OTHER), EmulatedQubDigits(0x23)
    for counter_id in ("7", "8", "9"):
        floor.join(f"quay-{counter_id}", counter_id)
    line = floor.serve(
        [qub, other, digits],
        *("--qub", "33=quay-7", "--qub", "34=quay-8", "--qub-digits", "35=quay-9"),
        *("--operator", "quay-7=05", "--operator", "quay-8=06"),
    )
    for _ in range(3):
        issue(floor)
    floor.until(lambda: digits.letters == "OFF", "the closed third counter")
    line.press(QUB, "call")
    floor.until(lambda: qub.lamp == "green fast", "the open counter")
    line.press(OTHER, "call")
    floor.until(lambda: other.lamp == "green fast", "the second counter opens")
    line.press(0x23, "call")
    floor.until(lambda: digits.letters == "LOI", "nobody is given for the third counter")
    call_key = qub.press("call")
    line.say(b"\x00\xff\x68\x01" + b"\x01\x50\x31\x07" + call_key[:2])
    for _ in range(100):
        line.say(call_key)
    floor.until(lambda: qub.lamp == "green slow", "the call")
    status = floor.counter("7").ticket
    assert status is not None
    assert (status.number, status.recalls) == ("C001", 0)
    assert floor.snapshot().services[10].waiting == 2
    assert "address 80" in floor.said()
    assert "noise" in floor.said()


def test_a_pulled_cable_is_reported_to_the_hall_and_the_boxes_catch_up(floor: Floor) -> None:
    qub, sign = EmulatedQub(QUB), EmulatedSign(SIGN)
    floor.join("quay-7", "7")
    line = floor.serve([qub, sign], "--qub", "33=quay-7", "--sign", "65=quay-7", "--operator", "quay-7=05")
    floor.until(lambda: qub.lamp == "off", "the closed counter")
    line.press(QUB, "call")
    floor.until(lambda: qub.lamp == "red", "the open counter")

    def troubles() -> list[str]:
        reply = floor.admin.call(cmd.GetOverview())
        assert isinstance(reply, OverviewReply)
        return next(device.troubles for device in reply.devices if device.device_id == "quay-7")

    line.unplug()
    floor.until(lambda: troubles() == ["cable"], "the report")
    issue(floor)
    call(floor.admin, "7")
    line.plug()
    floor.until(lambda: (qub.lamp, sign.letters) == ("green slow", "C001 >7"), "the truth after the cable")
    floor.until(lambda: troubles() == [], "the report that all is well")
    assert floor.said().count("is the cable pulled?") <= 2


def test_a_silent_hall_is_dashes_and_its_return_is_the_truth(floor: Floor) -> None:
    qub, sign = EmulatedQub(QUB), EmulatedSign(SIGN)
    floor.join("quay-7", "7")
    line = floor.serve([qub, sign], "--qub", "33=quay-7", "--sign", "65=quay-7", "--operator", "quay-7=05")
    issue(floor)
    floor.admin.call(cmd.OpenCounter("7", "05"))
    call(floor.admin, "7")
    floor.until(lambda: sign.letters == "C001 >7", "the call")
    floor.hall.kill()
    floor.until(lambda: (qub.lamp, sign.letters) == ("red fast", "-------"), "the silence")
    line.press(QUB, "start")
    floor.until(lambda: qub.beeps == 1, "a key that nobody hears")
    floor.hall.start()
    floor.until(lambda: (qub.lamp, sign.letters) == ("green slow", "C001 >7"), "the hall is back")
    assert floor.counter("7").ticket is not None
