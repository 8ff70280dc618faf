"""Citizens who are played: they take numbers at kiosks without a window, look at their phone, leave or rate."""

import logging
import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from demo.hall_time import HallTime
from demo.pace import Pace, Share
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.session import Inbox, Session
from kiosk.visitor import NoNumberError, take_number
from printers.opening import open_printer
from protocol.client import HallClient
from protocol.keys import DeviceKeys
from protocol.replies import TicketIssuedReply

log = logging.getLogger(__name__)

AT_THE_DOOR = 24
"""So many wait for the hall to open."""
_PHONE_SECONDS = 10.0


class Kiosk:
    """A kiosk without a window: the same flow, session and printing as the one that is shown."""

    def __init__(self, keys: DeviceKeys, printer: str) -> None:
        self._inbox = Inbox()
        self._printer = open_printer(printer, "epson-tm-t20")
        self._session = Session(Flow(HallNow(), settle_seconds=0), self._printer, self._inbox.post)
        self._client = HallClient(keys, self._session)
        self._session.connect(self._client)

    def serve(self, pace: Pace) -> TicketIssuedReply | None:
        """Let one citizen take a number, or None if there was no number."""
        self._inbox.work(0)  # what was heard while nobody stood here
        try:
            return take_number(self._session, self._inbox, pace.wish())
        except NoNumberError as fault:
            log.info("a citizen went without a number: %s", fault)
            return None

    def close(self) -> None:
        """Take the kiosk out of use."""
        self._session.close()
        self._client.close()
        self._printer.close()


class Citizens:
    """The stream of citizens through some kiosks, and their phones."""

    def __init__(self, kiosks: list[Kiosk], pace: Pace, time: HallTime) -> None:
        self._kiosks = kiosks
        self._pace = pace
        self._time = time
        self._closing = threading.Event()
        self._phones = ThreadPoolExecutor(max_workers=4, thread_name_prefix="phone")
        self._threads = [threading.Thread(target=self._stream, args=(kiosk,)) for kiosk in kiosks]
        self._pages: dict[int, str] = {}

    def start(self) -> None:
        """Open the doors."""
        for thread in self._threads:
            thread.start()

    def _stream(self, kiosk: Kiosk) -> None:
        """One kiosk's share of the citizens, those at the door first."""
        for _ in range(AT_THE_DOOR // len(self._kiosks)):
            if self._closing.is_set():
                return
            self._one(kiosk)
        while not self._closing.wait(self._pace.seconds_to_next_citizen() * len(self._kiosks)):
            if self._time.gives_numbers:
                self._one(kiosk)

    def _one(self, kiosk: Kiosk) -> None:
        issued = kiosk.serve(self._pace)
        if issued is None:
            return
        self._pages[issued.ticket.ticket_id] = issued.url
        if self._pace.happens(Share.LEAVES):
            self._phones.submit(self._leave, issued.url)

    def after_service(self, ticket_id: int) -> None:
        """Somebody's service ended: perhaps the phone comes out of the pocket and rates it."""
        url = self._pages.pop(ticket_id, None)
        if url and self._pace.happens(Share.RATES) and not self._closing.is_set():
            self._phones.submit(self._rate, url)

    def _leave(self, url: str) -> None:
        _open(url)
        _post(f"{url}/leave", {})

    def _rate(self, url: str) -> None:
        score = self._pace.score()
        _open(url)
        comment = self._pace.words("comment") if self._pace.happens(Share.WRITES) else ""
        form = {"score": score, "reason": self._pace.reasons(score), "comment": comment}
        _post(f"{url}/rate", form | self._pace.criteria(score))

    def close(self) -> None:
        """Close the doors; who is at a kiosk ends his visit."""
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._phones.shutdown(cancel_futures=True)
        for kiosk in self._kiosks:
            kiosk.close()


def _open(url: str) -> None:
    _request(urllib.request.Request(url))  # noqa: S310 - the demo's own page


def _post(url: str, form: dict[str, object]) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
    body = urllib.parse.urlencode(form, doseq=True).encode()
    _request(urllib.request.Request(url, body, {"Origin": origin}))  # noqa: S310 - the demo's own page


def _request(request: urllib.request.Request) -> None:
    try:
        with urllib.request.urlopen(request, timeout=_PHONE_SECONDS) as answer:  # noqa: S310 - the demo's own page
            answer.read()
    except urllib.error.HTTPError as refused:
        log.info("%s was answered %d", request.full_url, refused.code)
        refused.close()
    except OSError as fault:
        log.info("%s: %s", request.full_url, fault)
