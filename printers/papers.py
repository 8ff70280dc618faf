"""The papers that a hall prints, and what each of them says."""

import datetime as dt

from msgspec import Struct

from config.texts import FALLBACK


class TicketPaper(Struct, frozen=True, kw_only=True):
    """All that a ticket shows; instants are aware, in the hall's zone. Holds nothing about the person."""

    hall_name: str
    service_name: str
    number: str
    class_name: str | None = None
    """The priority class; none for the ordinary class."""
    people_ahead: int
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    counters: tuple[str, ...] = ()
    """Names of the counters that may call this ticket, e.g. `3` or `Quầy 3`."""
    issued_at: dt.datetime
    url: str
    """The page behind the QR."""
    language: str = FALLBACK
    reprint: bool = False
    reprint_of: dt.datetime | None = None
    """When it was printed again; none for the first paper. A time makes it a reprint also without `reprint`."""
    uncertain: bool = False
    """Whether it may not be served before the hall closes."""
    note: str = ""
    """What staff wrote for the counter, e.g. that somebody helps; nothing about the person."""
    offline: bool = False
    """The number was given without the hall's server: people ahead and waiting times are not known, and it says so."""

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.issued_at:%Y%m%d-%H%M%S}-{self.number}"

    @property
    def again(self) -> bool:
        """Whether it is a reprint."""
        return self.reprint or self.reprint_of is not None


class PlacePaper(Struct, frozen=True, kw_only=True):
    """All that the slip of a promised place shows; `slot_at` is an aware instant in the hall's zone."""

    hall_name: str
    service_name: str
    class_name: str | None = None
    appointment_id: int
    slot_at: dt.datetime
    url: str
    """The page behind the QR."""
    language: str = FALLBACK
    note: str = ""

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.slot_at:%Y%m%d-%H%M%S}-place-{self.appointment_id}"


class ComeBackPaper(Struct, frozen=True, kw_only=True):
    """The slip of who may come back without queueing again; `until` is an aware instant in the hall's zone."""

    hall_name: str
    service_name: str
    number: str
    """Of the ticket that was finished."""
    papers: tuple[str, ...]
    """What is missing and must be brought."""
    until: dt.datetime
    url: str
    """The page behind the QR, which checks in."""
    language: str = FALLBACK
    note: str = ""

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.until:%Y%m%d-%H%M%S}-come-back-{self.number}"


class ProcedurePaper(Struct, frozen=True, kw_only=True):
    """What a citizen needs for a procedure; what is empty is not printed."""

    hall_name: str
    procedure_name: str
    code: str
    field: str = ""
    papers: tuple[str, ...] = ()
    """The papers to bring."""
    fee: str = ""
    time_limit: str = ""
    counters: tuple[str, ...] = ()
    url: str = ""
    """The page behind the QR; empty for none."""
    language: str = FALLBACK
    note: str = ""

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"procedure-{self.code}"


class TestPaper(Struct, frozen=True, kw_only=True):
    """What shows that a printer works: letters with all tone marks, a ruler, a number and a QR code."""

    __test__ = False
    """Not a test, whatever its name begins with."""

    printer_name: str
    """Where the printer is, as in the kiosk's settings."""
    model: str
    url: str
    """What the QR says."""
    printed_at: dt.datetime
    """An aware instant, in the zone of who reads it."""
    language: str = FALLBACK

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.printed_at:%Y%m%d-%H%M%S}-test"


Paper = TicketPaper | PlacePaper | ComeBackPaper | ProcedurePaper | TestPaper
