"""A hall for the tests of the wall: messages as its server would send them."""

import datetime as dt
from collections.abc import Sequence

from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState

AT = dt.datetime(2026, 1, 12, 1, 12, 30, tzinfo=dt.UTC)
"""Monday, 12 January 2026, 08:12:30 in the hall."""
DAY = dt.date(2026, 1, 12)

NAMES = {
    "dat-dai": "Đất đai (đăng ký, biến động, cấp đổi)",
    "ho-tich": "Hộ tịch",
    "chung-thuc": "Chứng thực",
    "doanh-nghiep": "Đăng ký doanh nghiệp, hộ kinh doanh",
    "xay-dung": "Xây dựng, quy hoạch, giao thông vận tải",
    "bao-hiem": "Thu, sổ bảo hiểm xã hội, thẻ bảo hiểm y tế",
    "can-cuoc": "Căn cước, cư trú, định danh điện tử",
    "ket-qua": "Nhận kết quả",
}


def hall(counters: int = 20, name: str = "Trung tâm Phục vụ hành chính công tỉnh Cao Bằng") -> re.HallReply:
    """The hall's names."""
    numbers = [str(n) for n in range(1, counters + 1)]
    return re.HallReply(
        hall_id="cao-bang",
        name=name,
        name_en="Cao Bằng Public Administration Service Centre",
        address="",
        zone="Asia/Ho_Chi_Minh",
        public_url="http://127.0.0.1:8080",
        hours={},
        agencies=[],
        services=[re.ServiceInfo(key, said, key, "so", "q", numbers) for key, said in NAMES.items()],
        counters=[re.CounterInfo(n, f"Quầy {n}", list(NAMES)) for n in numbers],
        classes=[
            re.ClassInfo("ordinary", "Công dân", "Ordinary", "", 0, 60),
            re.ClassInfo("elderly", "Người cao tuổi", "Elderly", "CT", 15, 10),
        ],
        rating_reasons=[],
    )


def ticket(ticket_id: int, counter: str, *, serving: bool = False, number: str = "", recalls: int = 0) -> re.TicketView:
    """A ticket that a counter holds; the larger its id, the later it was called."""
    service = list(NAMES)[ticket_id % len(NAMES)]
    return re.TicketView(
        ticket_id=ticket_id,
        number=number or f"{'ABCEGHKLMN'[ticket_id % 10]}{ticket_id:03}",
        service_day=DAY,
        service_id=service,
        class_id="ordinary",
        state=TicketState.SERVING if serving else TicketState.CALLED,
        issued_at=AT,
        counter_id=counter,
        called_at=AT + dt.timedelta(seconds=ticket_id),
        recalls=recalls,
    )


def snapshot(
    calls: Sequence[re.TicketView] = (),
    services: Sequence[re.ServiceStatus] = (),
    satisfaction: re.Satisfaction | None = None,
    epoch: str = "e1",
    seq: int = 100,
) -> re.Snapshot:
    """The whole state, calls newest first."""
    found = re.Satisfaction() if satisfaction is None else satisfaction
    return re.Snapshot(epoch, seq, AT, DAY, list(services), [], list(calls), found)


def busy(calls: int = 14) -> re.Snapshot:
    """A morning with many calls, half of them already at their counters."""
    held = [ticket(40 - n, str(n + 1), serving=n >= 4) for n in range(calls)]
    spans = [(5, 10), (10, 15), (0, 5), (20, 35), (None, None), (45, 70), (15, 15), (3, 6)]
    services = [
        re.ServiceStatus(key, waiting, 2 if low is not None else 0, low, high)
        for key, waiting, (low, high) in zip(NAMES, (12, 3, 7, 24, 1, 108, 5, 2), spans, strict=True)
    ]
    return snapshot(held, services, re.Satisfaction(1312, 1265, 1600))


def event(seq: int, body: ev.EventBody, epoch: str = "e1") -> ev.Event:
    """An entry of the hall's log."""
    return ev.Event(epoch, seq, AT, "server", body)


def pulse(seq: int = 100, services: Sequence[re.ServiceStatus] = (), epoch: str = "e1") -> re.Pulse:
    """A pulse of the server."""
    return re.Pulse(epoch, seq, AT, list(services), re.Satisfaction(3, 2, 5))


REASON = ev.CallReason(ev.CallRule.TURN, 1.0, [])


def called(ticket_id: int, number: str, counter: str, service: str = "ho-tich") -> ev.TicketCalled:
    """A number was called."""
    return ev.TicketCalled(ticket_id, number, service, counter, "cb01", REASON)
