"""What the papers of a hall look like, as PNG files and with made-up contents."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from printers.device import EmulatedPrinter, features_of
from printers.layout import lay_out
from printers.models import PrinterModel
from printers.papers import ComeBackPaper, Paper, PlacePaper, ProcedurePaper, TestPaper, TicketPaper
from printers.printout import most_bytes_of, print_out
from printers.template import TicketTemplate

PAPERS = ("ticket", "priority", "reprint", "offline", "place", "come-back", "procedure", "test")
_URL = "http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg"
_AT = dt.datetime(2026, 1, 12, 8, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))


class Shown(Struct, frozen=True):
    """How long a paper is, and how many bytes it takes."""

    millimetres: int
    length: int


def preview(paper: Paper, template: TicketTemplate, model: PrinterModel, path: Path) -> Shown:
    """Write the picture of a paper as a model prints it; raises OSError if the file cannot be written."""
    printout = print_out(lay_out(paper, template), model, most_bytes=most_bytes_of(paper))
    with tempfile.TemporaryDirectory(prefix="motcua-preview-") as folder:
        printer = EmulatedPrinter(Path(folder), model.width_dots, features_of(model))
        printer.feed(printout.data)
        printer.deliver()
        shutil.copyfile(printer.pictures[0], path)
    return Shown(round(printout.rows / model.dots_per_mm), len(printout.data))


def sample_of(kind: str, language: str, *, printer: str = "tcp://192.168.1.50:9100", model: str = "picture") -> Paper:
    """Return a paper of one of `PAPERS` with contents that are made up."""
    match kind:
        case "place":
            return _place(language)
        case "come-back":
            return _come_back(language)
        case "procedure":
            return _procedure(language)
        case "test":
            return _test(language, printer, model)
        case _:
            return _ticket(kind, language)


def _hall(language: str) -> tuple[str, str]:
    """The names of a hall and of a service."""
    if language == "en":
        return "Cao Bang Province Public Administrative Service Centre", "Justice: civil status, certification"
    return "Trung tâm Phục vụ hành chính công tỉnh Cao Bằng", "Tư pháp: hộ tịch, chứng thực"


def _ticket(kind: str, language: str) -> TicketPaper:
    hall, service = _hall(language)
    return TicketPaper(
        hall_name=hall,
        service_name=service,
        number="A015",
        class_name={"en": "Elderly person"}.get(language, "Người cao tuổi") if kind == "priority" else None,
        people_ahead=4,
        wait_low_minutes=10,
        wait_high_minutes=15,
        counters=("3", "4"),
        issued_at=_AT,
        url=_URL,
        language=language,
        reprint_of=_AT + dt.timedelta(minutes=78) if kind == "reprint" else None,
        offline=kind == "offline",
    )


def _place(language: str) -> PlacePaper:
    hall, service = _hall(language)
    slot_at = _AT + dt.timedelta(days=1, minutes=-42)
    return PlacePaper(
        hall_name=hall, service_name=service, appointment_id=12, slot_at=slot_at, url=_URL, language=language
    )


def _come_back(language: str) -> ComeBackPaper:
    hall, service = _hall(language)
    return ComeBackPaper(
        hall_name=hall,
        service_name=service,
        number="A015",
        papers=("Giấy chứng sinh (bản chính)", "Văn bản thỏa thuận của cha, mẹ về việc chọn quốc tịch cho con"),
        until=_AT + dt.timedelta(days=1),
        url=_URL,
        language=language,
    )


def _procedure(language: str) -> ProcedurePaper:
    return ProcedurePaper(
        hall_name=_hall(language)[0],
        procedure_name="Đăng ký khai sinh có yếu tố nước ngoài",
        code="2.000528.000.00.00.H14",
        field="Hộ tịch",
        papers=(
            "Tờ khai đăng ký khai sinh theo mẫu",
            "Giấy chứng sinh; nếu không có thì văn bản của người làm chứng xác nhận về việc sinh",
            "Văn bản thỏa thuận của cha, mẹ về việc chọn quốc tịch cho con",
        ),
        fee="75.000 đồng",
        time_limit="Ngay trong ngày làm việc",
        counters=("3", "4"),
        url="http://192.168.10.5:8080/p/2.000528",
        language=language,
    )


def _test(language: str, printer: str, model: str) -> TestPaper:
    now = dt.datetime.now().astimezone()
    url = f"MOTCUA {now:%Y-%m-%d %H:%M:%S} {model}"
    return TestPaper(printer_name=printer, model=model, url=url, printed_at=now, language=language)
