"""One target for each parser: bytes in, and nothing out but what its documentation says.

A target raises whatever its parser should not have raised, and AssertionError where what was read makes no sense.
"""

import datetime as dt
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import FormData

from config.catalogue import Reader, agencies_of
from config.columns import UnreadableListError
from config.loading import SettingsError, load_catalogue, load_hall
from config.rows import rows_of
from config.settings import HallFile
from config.texts import faults_in
from counter.bus import Box, Bus
from counter.call_box import CallBox
from counter.qub import Qub, QubDigits
from counter.sign import Sign
from display.media.playlist import Playlist
from kiosk.codes import meaning
from kiosk.scanner import Codes
from printers.answers import ERROR_KIND, STATE_KINDS, Heard, decode_state
from printers.documents import PrinterFileError
from printers.models import read_model
from printers.template_file import load_template
from protocol import codec
from protocol.errors import InvalidToken, NoDossiers, Refusal, refusal
from protocol.events import Event
from protocol.feed import Feed
from protocol.invitation import InvitationError, read_invitation
from protocol.keys import KeyFileError, read_keys
from protocol.replies import Pulse, Refused, Reply, Snapshot
from queue_server.domain.token import make_token, place_of, read_block_token, read_token
from queue_server.dossiers import FileDossiers
from queue_server.hall_view import hall_reply
from tests.fuzz.samples import HALL
from web.desk import orders as at_desk
from web.desk.session import DeskSession
from web.entrance import _is_whole
from web.rating.draft import command_of, read_draft
from web.supervisor import orders as at_head

Target = Callable[[bytes], object]

_MEMORY = Path("/dev/shm")
_KEEPER = tempfile.TemporaryDirectory(prefix="motcua-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None)
_FOLDER = Path(_KEEPER.name)
_KEY, _EPOCH = bytes(32), "epoch"


def _written(name: str, data: bytes) -> Path:
    path = _FOLDER / name
    path.parent.mkdir(exist_ok=True, mode=0o700)
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# ---- the wire ----


def requests(data: bytes) -> None:
    """A frame at the server's sockets: read again as it was understood, or refused."""
    assert isinstance(codec.request_id_of(data), str)
    try:
        request = codec.decode_request(data)
    except Refusal:
        return
    assert codec.decode_request(codec.encode(request)) == request


def answers(data: bytes) -> None:
    """A frame at a client, and the refusal that it may hold."""
    try:
        answer = codec.decode_answer(data)
    except codec.UNREADABLE:
        return
    if isinstance(answer.reply, Refused):
        assert isinstance(refusal(answer.reply.code, answer.reply.facts), Refusal)


class _Deaf:
    """A listener that wants nothing."""

    def on_snapshot(self, snapshot: Snapshot) -> None: ...
    def on_event(self, event: Event) -> None: ...
    def on_pulse(self, pulse: Pulse) -> None: ...
    def on_silence(self, seconds: float) -> None: ...


def heard(data: bytes) -> None:
    """What a listener hears: the first byte says under which topic."""

    def snapshot(done: Callable[["Future[Reply]"], None]) -> None:
        future: Future[Reply] = Future()
        future.set_result(codec.decode_answer(SNAPSHOT).reply)
        done(future)

    feed = Feed(_Deaf(), snapshot)
    feed.turn([])
    topic = codec.PULSE_TOPIC if data[:1] == b"p" else codec.EVENT_TOPIC
    feed.turn([[topic, data[1:]]])
    feed.turn([[data[:5], data]])


SNAPSHOT = (
    b'{"version":1,"request_id":"12345678","reply":{"type":"snapshot","epoch":"e","seq":1,"at":"2026-11-23T00:30:00Z",'
    b'"service_day":null,"services":[],"counters":[],"calls":[],"satisfaction":{}}}'
)


def invitations(data: bytes) -> None:
    """An invitation that was typed or pasted."""
    try:
        found = read_invitation(_text(data))
    except InvitationError:
        return
    assert read_invitation(str(found)) == found


def keys(data: bytes) -> None:
    """A device's key file."""
    try:
        read_keys(_written("keys/device.json", data))
    except KeyFileError:
        return


def tokens(data: bytes) -> None:
    """The token of a paper's QR: none is believed that this hall did not make."""
    text = _text(data)
    for read in (lambda: read_token(_KEY, _EPOCH, text), lambda: read_block_token(_KEY, _EPOCH, text)):
        try:
            read()
        except InvalidToken:
            continue
        assert text == make_token(_KEY, _EPOCH, 7), text
    try:
        assert place_of(text) >= 0
    except InvalidToken:
        return


# ---- files that people write ----


def halls(data: bytes) -> None:
    """A hall file: refused with its faults, or a hall that can be told to its devices."""
    try:
        file = load_hall(_written("halls/hall.toml", data), catalogue_needed=False)
    except SettingsError as error:
        _in_words(error)
        return
    _told(file)


def _in_words(error: SettingsError) -> None:
    assert error.faults
    for fault in error.faults:
        assert fault.line("en")
        assert fault.line("vi")


def _told(file: HallFile) -> None:
    """A hall as its devices hear of it."""
    reply = codec.decode_answer(codec.encode_answer("12345678", hall_reply(file))).reply
    playlist = Playlist()
    for media in getattr(reply, "playlists", None) or ():
        playlist.describe(media.items)
        playlist.turn(dt.time(9, 30), 0.0)


def catalogues(data: bytes) -> None:
    """A catalogue of procedures."""
    try:
        load_catalogue(_written("halls/catalogue.toml", data))
    except SettingsError as error:
        _in_words(error)


def lists(data: bytes) -> None:
    """An official list to import: CSV in any encoding, or a spreadsheet."""
    reader = Reader(agencies_of(HALL))
    try:
        for _ in reader.read(rows_of(_written("lists/list", data))):
            pass
    except UnreadableListError:
        return
    assert all(procedure.code and procedure.name for procedure in reader.procedures)


def dossiers(data: bytes) -> None:
    """A list of dossiers that another system writes."""
    found = FileDossiers(_written("lists/dossiers.csv", data), {"ho tich": "ho-tich"})
    found.look()
    try:
        found.look_up("H14.21-260115-0007")
    except NoDossiers:
        return


def texts(data: bytes) -> None:
    """The words of a further language."""
    _written("texts/xx.toml", data)
    assert isinstance(faults_in(_FOLDER / "texts"), list)


def templates(data: bytes) -> None:
    """A template of papers."""
    try:
        load_template(_written("printers/template.toml", data), "en")
    except PrinterFileError:
        return


def models(data: bytes) -> None:
    """The description of a printer."""
    try:
        read_model(_written("printers/model.toml", data), "en")
    except PrinterFileError:
        return


# ---- devices ----


def scans(data: bytes) -> None:
    """A code scanner, its bytes in pieces: what was read is a code, or nothing."""
    codes = Codes()
    for piece in (data[:7], data[7:]):
        for code in codes.take(piece) + codes.end():
            meaning(code, "https://hall.example")
    meaning(_text(data), "https://hall.example")


def printer_answers(data: bytes) -> None:
    """What a printer answers, to a question of each kind and for a block."""
    said = Heard()
    for kind in (*STATE_KINDS, ERROR_KIND):
        said.ask(kind)
    said.take(data[::2])
    said.expect_block()
    said.take(data)
    if all(kind in said.answers for kind in STATE_KINDS):
        decode_state(said.answers)


WORDS = dict.fromkeys(("refused", "waiting", "silent", "closed", "paused"), "abc")


def keypads(data: bytes) -> None:
    """A line with boxes of every family, its bytes as they come: some split, some late."""
    bus = Bus(
        {0x20: Box(Qub(), "1"), 0x21: Box(QubDigits(WORDS), "2"), 3: Box(CallBox(), "3"), 4: Box(Sign(WORDS), "4")}
    )
    now = 0.0
    for byte in range(0, len(data), 3):
        piece = data[byte : byte + 3]
        now += piece[0] / 200
        for answer in bus.take(piece, now).answers:
            bus.wrote(answer, now)
    bus.take(b"", now + 60)


# ---- the web ----


def http(data: bytes) -> None:
    """The head of an HTTP request at the entrance."""
    assert isinstance(_is_whole(data), bool)


def _form(data: bytes) -> FormData:
    return FormData(parse_qsl(data.decode("latin-1"), keep_blank_values=True))


def desk_orders(data: bytes) -> None:
    """What the desk page sends: a command of this counter and no other, or none."""
    try:
        order = at_desk.read_order(data, DeskSession("01", "1"))
    except at_desk.NotAnOrderError:
        return
    assert getattr(order.command, "counter_id", "1") == "1"
    codec.decode_request(codec.encode_request(order.request_id, order.command))


def head_orders(data: bytes) -> None:
    """What the supervisor's page sends: a command in the name of who is signed in, or none."""
    try:
        order = at_head.read_order(_form(data), "90", hall_reply(HALL))
    except at_head.NotAnOrderError:
        return
    assert getattr(order.command, "operator_id", "90") == "90"
    codec.decode_request(codec.encode_request(order.request_id, order.command))


def ratings(data: bytes) -> None:
    """What a citizen's phone sends: whatever it is, the hall can read what is made of it."""
    draft = read_draft(_form(data))
    if not draft.fault:
        codec.decode_request(codec.encode_request(draft.request_id, command_of(draft, "A" * 30, "")))
    assert msgspec.json.decode(msgspec.json.encode(draft.fields()))


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        requests, answers, heard, invitations, keys, tokens, halls, catalogues, lists, dossiers, texts, templates,
        models, scans, printer_answers, keypads, http, desk_orders, head_orders, ratings,
    )
}  # fmt: skip
