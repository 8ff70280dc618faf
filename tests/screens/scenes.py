"""Every screen on the way to a service, one after the other, as a citizen or a helper brings it about."""

import datetime as dt
from collections.abc import Iterator

from msgspec.structs import replace

from kiosk.stages import Screen
from kiosk.touches import (
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseField,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    ClearTyped,
    Home,
    KeepNote,
    LeaveHelperMode,
    OpenHelperMode,
    PrintAgain,
    PrintProcedure,
    ScanDossier,
    ScanToken,
    Search,
    Speak,
    Stay,
    TakeNumber,
    WriteNote,
)
from protocol.replies import DoneReply, DossierReply, HallReply, TicketReply
from protocol.words import Issuing, TicketState
from tests.kiosk.halls import doors, issued
from tests.kiosk.real_halls import crowded
from tests.screens.kiosk import Kiosk

BY_CODE = "nhan-ket-qua"
ASKS = "can-cuoc-cu-tru"
CIVIL = "ho-tich"
BIRTH = "1.001193"


def full(hall: HallReply) -> HallReply:
    """The hall of Cao Bằng with all that it could ask: the code of a receipt, an identity card."""
    purposes = [replace(each, by_code=each.purpose_id == BY_CODE) for each in hall.purposes]
    services = [replace(each, asks_person=each.service_id == ASKS) for each in hall.services]
    return replace(hall, purposes=purposes, services=services)


def finding(kiosk: Kiosk, language: str) -> Iterator[str]:
    """By tiles and by words."""
    kiosk.connect().go(Speak(language))
    yield "idle-search"
    kiosk.go(Begin())
    yield "purpose"
    kiosk.go(ChoosePurpose("nop-ho-so"))
    yield "agencies"
    kiosk.go(ChooseAgency("so-tu-phap"))
    yield "services"
    kiosk.go(ChooseService(CIVIL))
    yield "fields"
    kiosk.go(ChooseField("Hộ tịch"))
    yield "procedures"
    kiosk.go(Home()).go(Speak(language), Search())
    yield "search-empty"
    kiosk.type("khai s")
    yield "search-khai-s"
    kiosk.type("inh")
    yield "search-khai-sinh"
    kiosk.go(ClearTyped()).type("so do")
    yield "search-said"
    kiosk.go(ClearTyped()).type("khai sihn")
    yield "search-guessed"
    kiosk.go(ClearTyped()).type("qqqqq")
    yield "search-nothing"
    kiosk.go(ClearTyped()).type("khai sinh").go(ChooseProcedure(BIRTH))
    yield "procedure"
    kiosk.go(PrintProcedure())
    yield "procedure-printing"
    kiosk.printer.finish()
    kiosk.driver.until(lambda: kiosk.flow.visit.leaflet == "printed")
    yield "procedure-printed"
    kiosk.go(Home())


def asking(kiosk: Kiosk, language: str) -> Iterator[str]:
    """Many waiting, an identity card, a door that is shut."""
    kiosk.hear(crowded(kiosk.client.hall, CIVIL, 64))
    kiosk.go(Speak(language), Search()).type("khai sinh").go(ChooseProcedure(BIRTH), TakeNumber())
    yield "stay"
    kiosk.go(Stay())
    yield "priority-pictured"
    kiosk.go(Home()).go(Speak(language), Begin(), ChoosePurpose("nop-ho-so"))
    kiosk.scan(ChooseAgency("cong-an-tinh"))
    kiosk.go(ChooseService(ASKS), TakeNumber(), ChooseClass("ordinary"))
    yield "person"
    kiosk.go(Home()).hear(doors(kiosk.client.hall, ho_tich=Issuing.CUT_OFF))
    kiosk.go(Speak(language), Search()).type("khai sinh").go(ChooseProcedure(BIRTH))
    yield "procedure-shut"
    kiosk.go(TakeNumber())
    yield "no-number-others"
    kiosk.go(Home()).hear(crowded(kiosk.client.hall, CIVIL, 4))


def scanning(kiosk: Kiosk, language: str) -> Iterator[str]:
    """Codes of papers and of receipts."""
    kiosk.go(Speak(language), Begin(), ChoosePurpose(BY_CODE))
    yield "receipt"
    kiosk.scan(ScanDossier("H14.21-260115-0007"))
    yield "looking-up"
    kiosk.reply(DossierReply("H14.21-260115-0007", "ready", BY_CODE))
    yield "dossier-ready"
    kiosk.scan(ScanDossier("H14.21-260115-0008"))
    kiosk.reply(DossierReply("H14.21-260115-0008", "not_ready", due_on=dt.date(2026, 1, 22)))
    yield "dossier-not-ready"
    kiosk.scan(ScanDossier("03706/2026/07906")).reply(DossierReply("03706/2026/07906", "unknown"))
    yield "dossier-unknown"
    ticket = replace(issued(CIVIL).ticket, people_ahead=3, wait_low_minutes=10, wait_high_minutes=15)
    kiosk.scan(ScanToken("of-my-ticket")).reply(TicketReply(ticket, 10, ["1", "2"]))
    yield "ticket-waiting"
    called = replace(ticket, state=TicketState.CALLED, counter_id="2")
    kiosk.scan(ScanToken("of-another")).reply(TicketReply(called, 10, ["1", "2"]))
    yield "ticket-called"
    kiosk.scan(ScanToken("of-a-place")).refuse("invalid_token")
    kiosk.refuse("too_early", **{"from": "07:30 13/01"})
    yield "check-in-early"
    kiosk.go(Home())


def helping(kiosk: Kiosk, language: str) -> Iterator[str]:
    """A person of the hall takes numbers for others."""
    kiosk.scan(OpenHelperMode("105", "1234")).reply(DoneReply())
    kiosk.go(Speak(language))
    yield "helper"
    kiosk.go(ChooseClass("disabled"), WriteNote()).type("xe lawn")
    yield "helper-note"
    kiosk.go(KeepNote())
    service = kiosk.flow.on_page()[0]
    kiosk.go(service)
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    kiosk.printer.finish("unknown")
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "unknown")
    kiosk.redraw()
    yield "helper-paper-unknown"
    kiosk.go(PrintAgain())
    yield "helper-printing-again"
    kiosk.printer.finish()
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "printed")
    yield "helper-number"
    kiosk.go(Home())
    yield "helper-again"
    kiosk.go(LeaveHelperMode())


def every_scene(kiosk: Kiosk, language: str) -> Iterator[str]:
    """All of the above."""
    yield from finding(kiosk, language)
    yield from asking(kiosk, language)
    yield from scanning(kiosk, language)
    yield from helping(kiosk, language)
