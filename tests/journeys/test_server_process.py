"""The queue server as a process, through real sockets."""

from protocol import commands as cmd
from protocol.replies import CallReply, HallReply, TicketIssuedReply
from tests.conftest import RunningHall


def test_a_ticket_goes_its_way_through_a_running_server(hall: RunningHall) -> None:
    admin, desk, phone = hall.client("admin"), hall.client("desk"), hall.client("phone")
    described = admin.call(cmd.GetHall())
    assert isinstance(described, HallReply)
    service = described.services[0]
    counter_id = service.counter_ids[0]
    issued = admin.call(cmd.IssueTicket(service.service_id))
    assert isinstance(issued, TicketIssuedReply)
    desk.call(cmd.OpenCounter(counter_id, "01"))
    called = desk.call(cmd.CallNext(counter_id))
    assert isinstance(called, CallReply)
    assert called.ticket is not None
    assert called.ticket.number == issued.ticket.number
    desk.call(cmd.StartServing(counter_id, called.ticket.ticket_id))
    desk.call(cmd.FinishTicket(counter_id, called.ticket.ticket_id))
    phone.call(cmd.RateTicket(issued.token, 5))
    assert hall.stop() == 0
