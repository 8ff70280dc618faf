"""Halls for the kiosk's tests: a province's centre with long names, and a commune's desk; a client and a printer."""

import datetime as dt
from concurrent.futures import Future
from typing import Any

from msgspec.structs import replace

from printers.base import PrinterState, PrinterStatus, PrintOutcome
from printers.layout import Paper
from protocol.commands import BookPlace, Command, GetHall, IssueTicket, ReportDevice, ReportPrint
from protocol.errors import MotcuaError, ServerUnreachable
from protocol.replies import (
    ClassInfo,
    CounterInfo,
    DoneReply,
    HallReply,
    NamedInfo,
    PlaceReply,
    Pulse,
    Reply,
    Satisfaction,
    ServiceInfo,
    ServiceStatus,
    Snapshot,
    TicketIssuedReply,
    TicketView,
)
from protocol.words import Issuing, TicketState

AT = dt.datetime(2026, 1, 12, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 12)
TOMORROW = dt.datetime(2026, 1, 13, 0, 30, tzinfo=dt.UTC)
"""07:30 in the hall."""
AFTERNOON = dt.datetime(2026, 1, 12, 6, 30, tzinfo=dt.UTC)
"""13:30 in the hall."""
_WHY: dict[Issuing, dict[str, Any]] = {
    Issuing.SUSPENDED: {"reason": "Hệ thống đang bảo trì"},
    Issuing.CLOSED: {"opens_at": AFTERNOON},
    Issuing.QUOTA: {"opens_at": TOMORROW},
    Issuing.CUT_OFF: {"opens_at": TOMORROW},
}
OFFICE_HOURS = ["07:30-11:30", "13:30-17:00"]
HOURS = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), OFFICE_HOURS)

AGENCIES = {
    "Ban Dân tộc": ("Committee for Ethnic Minority Affairs", ["Chính sách dân tộc"]),
    "Ban Quản lý Khu kinh tế": ("Economic Zone Authority", ["Đầu tư và lao động trong khu kinh tế cửa khẩu"]),
    "Bảo hiểm xã hội tỉnh": (
        "Provincial Social Insurance",
        ["Thu, sổ và thẻ bảo hiểm xã hội, bảo hiểm y tế, bảo hiểm thất nghiệp", "Chế độ bảo hiểm xã hội"],
    ),
    "Công an tỉnh": (
        "Provincial Police",
        ["Cấp, đổi thẻ căn cước", "Đăng ký xe, giấy phép lái xe", "Cấp phiếu lý lịch tư pháp"],
    ),
    "Cục Thuế tỉnh": ("Provincial Tax Department", ["Nghĩa vụ tài chính về đất đai, lệ phí trước bạ"]),
    "Sở Công Thương": ("Department of Industry and Trade", ["Lưu thông hàng hóa trong nước, an toàn thực phẩm"]),
    "Sở Giáo dục và Đào tạo": ("Department of Education and Training", ["Văn bằng, chứng chỉ"]),
    "Sở Giao thông vận tải": ("Department of Transport", ["Đường bộ", "Đăng kiểm, cấp phép kinh doanh vận tải"]),
    "Sở Kế hoạch và Đầu tư": (
        "Department of Planning and Investment",
        ["Thành lập và hoạt động của doanh nghiệp, hộ kinh doanh", "Đầu tư tại Việt Nam"],
    ),
    "Sở Khoa học và Công nghệ": ("Department of Science and Technology", ["Tiêu chuẩn đo lường chất lượng"]),
    "Sở Lao động - Thương binh và Xã hội": (
        "Department of Labour, War Invalids and Social Affairs",
        ["Người có công", "Bảo trợ xã hội, phòng chống tệ nạn xã hội"],
    ),
    "Sở Ngoại vụ": ("Department of Foreign Affairs", ["Công tác lãnh sự"]),
    "Sở Nội vụ": ("Department of Home Affairs", ["Tổ chức phi chính phủ, tôn giáo, thi đua - khen thưởng"]),
    "Sở Nông nghiệp và Phát triển nông thôn": (
        "Department of Agriculture and Rural Development",
        ["Trồng trọt, bảo vệ thực vật", "Thủy sản, lâm nghiệp và kiểm lâm"],
    ),
    "Sở Tài chính": ("Department of Finance", ["Quản lý công sản, giá"]),
    "Sở Tài nguyên và Môi trường": (
        "Department of Natural Resources and Environment",
        ["Đăng ký đất đai, tài sản gắn liền với đất", "Môi trường, tài nguyên nước", "Địa chất và khoáng sản"],
    ),
    "Sở Thông tin và Truyền thông": ("Department of Information and Communications", ["Báo chí, xuất bản, bưu chính"]),
    "Sở Tư pháp": ("Department of Justice", ["Hộ tịch, quốc tịch, nuôi con nuôi", "Công chứng, chứng thực"]),
    "Sở Văn hóa, Thể thao và Du lịch": ("Department of Culture, Sports and Tourism", ["Du lịch, di sản văn hóa"]),
    "Sở Xây dựng": ("Department of Construction", ["Cấp giấy phép xây dựng, quy hoạch, nhà ở"]),
}

CLASSES = [
    ClassInfo("ordinary", "Thông thường", "Ordinary", "", 0, None),
    ClassInfo("elderly", "Người cao tuổi (từ đủ 60 tuổi)", "Elderly (60 and over)", "60+", 15, 30),
    ClassInfo("disabled", "Người khuyết tật", "People with disabilities", "KT", 15, 30),
    ClassInfo("merit", "Người có công với cách mạng", "People with merit to the revolution", "CC", 15, 30),
    ClassInfo(
        "child",
        "Phụ nữ mang thai, người nuôi con dưới 36 tháng tuổi",
        "Pregnant women, parents with a child under 36 months",
        "MT",
        15,
        30,
    ),
]


def cao_bang() -> HallReply:
    """A province's centre: 20 agencies, 30 services, 20 counters."""
    agencies = [NamedInfo(f"agency-{at}", name, english) for at, (name, (english, _)) in enumerate(AGENCIES.items())]
    services = [
        ServiceInfo(f"service-{at}-{row}", name, f"Matters of: {english}", f"agency-{at}", "a", [f"c{at + 1}"])
        for at, (english, names) in enumerate(AGENCIES.values())
        for row, name in enumerate(names)
    ]
    counters = [CounterInfo(f"c{at + 1}", str(at + 1), []) for at in range(20)]
    name = "Trung tâm Phục vụ hành chính công tỉnh Cao Bằng"
    return _hall(name, "Cao Bằng Public Administration Service Centre", agencies, services, counters)


def commune() -> HallReply:
    """A commune's desk: one agency, four services, four counters."""
    names = ["Hộ tịch, chứng thực", "Đất đai, xây dựng", "Bảo trợ xã hội, người có công", "Hướng dẫn, nhận kết quả"]
    services = [
        ServiceInfo(f"s{at}", name, f"Service {at}", "ubnd", "a", ["c1", "c2"]) for at, name in enumerate(names)
    ]
    counters = [CounterInfo(f"c{at + 1}", str(at + 1), []) for at in range(4)]
    agencies = [NamedInfo("ubnd", "Ủy ban nhân dân xã", "Commune People's Committee")]
    return _hall("Bộ phận Một cửa xã Nguyễn Huệ", "One-stop Desk of Nguyễn Huệ", agencies, services, counters)


def _hall(
    name: str, name_en: str, agencies: list[NamedInfo], services: list[ServiceInfo], counters: list[CounterInfo]
) -> HallReply:
    return HallReply(
        hall_id="h",
        name=name,
        name_en=name_en,
        address="Số 30, phố Xuân Trường, phường Hợp Giang, thành phố Cao Bằng",
        zone="Asia/Ho_Chi_Minh",
        public_url="http://10.0.0.2:8080",
        hours=HOURS,
        agencies=agencies,
        services=services,
        counters=counters,
        classes=CLASSES,
        rating_reasons=[],
    )


def statuses(hall: HallReply) -> list[ServiceStatus]:
    """Some people waiting nearly everywhere; the fifth service has no open counter."""
    found = []
    for at, service in enumerate(hall.services):
        waiting, is_open = at * 7 % 29, at != 4
        low, high = (waiting * 3, waiting * 5 + 3) if is_open else (None, None)
        found.append(ServiceStatus(service.service_id, waiting, 2 if is_open else 0, low, high))
    return found


def snapshot(hall: HallReply) -> Snapshot:
    """The hall at seq 10."""
    return Snapshot("e", 10, AT, DAY, statuses(hall), [], [], Satisfaction())


def pulse(hall: HallReply, at: dt.datetime = AT) -> Pulse:
    """Proof of life at seq 10."""
    return Pulse("e", 10, at, statuses(hall), Satisfaction())


def issued(
    service_id: str, class_id: str = "ordinary", ticket_id: int = 11, people_ahead: int = 12
) -> TicketIssuedReply:
    """A number was given."""
    ticket = TicketView(ticket_id, "A015", DAY, service_id, class_id, TicketState.WAITING, AT, people_ahead, 25, 40)
    return TicketIssuedReply(ticket, "t" * 16, f"http://10.0.0.2:8080/t/{'t' * 16}", ["c3", "c4"])


def booked(service_id: str) -> PlaceReply:
    """A place was promised: at half past seven tomorrow."""
    return PlaceReply(12, service_id, TOMORROW, "p" * 16, f"http://10.0.0.2:8080/t/{'p' * 16}")


def doors(hall: HallReply, **issuing: Issuing | tuple[Issuing, dt.datetime]) -> Snapshot:
    """The hall at seq 10 with some doors not open, perhaps with when they open; `everywhere`: all of them."""
    found = []
    for status in statuses(hall):
        door = issuing.get(status.service_id.replace("-", "_")) or issuing.get("everywhere") or Issuing.OPEN
        if isinstance(door, tuple):
            found.append(replace(status, issuing=door[0], opens_at=door[1]))
        else:
            found.append(replace(status, issuing=door, **_WHY.get(door, {})))
    return Snapshot("e", 10, AT, DAY, found, [], [], Satisfaction())


class Client:
    """A client that answers when it is told to: `answer` settles the number that was asked for last."""

    def __init__(self, hall: HallReply) -> None:
        self.hall = hall
        self.asked: list[tuple[str | None, Command, Future[Reply]]] = []
        self.asked_hall = 0
        self.away = False
        self.answers_at_once = False
        self.refuses: MotcuaError | None = None

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        future: Future[Reply] = Future()
        self.asked.append((request_id, command, future))
        self.asked_hall += isinstance(command, GetHall)
        if self.away:
            future.set_exception(ServerUnreachable())
        elif isinstance(command, GetHall):
            future.set_result(self.hall)
        elif isinstance(command, ReportDevice) and self.refuses:
            future.set_exception(self.refuses)
        elif isinstance(command, ReportPrint | ReportDevice):
            future.set_result(DoneReply())
        elif self.answers_at_once:
            self.answer(self.refuses)
        return future

    def issues(self) -> list[tuple[str | None, IssueTicket]]:
        """The numbers that were asked for."""
        return [(request_id, asked) for request_id, asked, _ in self.asked if isinstance(asked, IssueTicket)]

    def places(self) -> list[BookPlace]:
        """The places that were asked for."""
        return [asked for _, asked, _ in self.asked if isinstance(asked, BookPlace)]

    def reports(self) -> list[ReportPrint]:
        """What was told about paper."""
        return [asked for _, asked, _ in self.asked if isinstance(asked, ReportPrint)]

    def health(self) -> list[list[str]]:
        """What was told about the kiosk itself."""
        return [asked.troubles for _, asked, _ in self.asked if isinstance(asked, ReportDevice)]

    def answer(self, fault: MotcuaError | None = None, people_ahead: int = 12) -> None:
        """Give a number or a place to who asked last, or a refusal."""
        command, future = next((c, f) for _, c, f in reversed(self.asked) if isinstance(c, IssueTicket | BookPlace))
        if fault is not None:
            future.set_exception(fault)
        elif isinstance(command, BookPlace):
            future.set_result(booked(command.service_id))
        else:
            future.set_result(issued(command.service_id, command.class_id, people_ahead=people_ahead))


class Printer:
    """A printer whose paper comes out when it is told to."""

    def __init__(self, state: PrinterState = PrinterState.READY) -> None:
        self.state = state
        self.jobs: list[tuple[Paper, Future[PrintOutcome]]] = []
        self.prints_at_once = False

    def status(self) -> PrinterStatus:
        return PrinterStatus(self.state)

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        future: Future[PrintOutcome] = Future()
        self.jobs.append((paper, future))
        if self.prints_at_once:
            self.finish()
        return future

    def finish(self, outcome: PrintOutcome = "printed") -> None:
        """Settle the latest paper."""
        self.jobs[-1][1].set_result(outcome)
