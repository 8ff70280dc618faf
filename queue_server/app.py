"""Wiring of the queue server: hall file, database, keys, sockets and the web process."""

import argparse
import contextlib
import datetime as dt
import gc
import logging
import secrets
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import zmq

from config import logs
from config.loading import SettingsError, catalogue_path, load_catalogue, load_hall
from config.settings import HallFile, Network
from config.watchdog import Watchdog
from protocol.client import new_key_pair
from protocol.errors import ServerUnreachable
from protocol.invitation import InvitationError, reachable
from protocol.keys import DeviceKeys, KeyFileError, read_keys, write_keys
from protocol.pins import PinFileError, check_pin
from queue_server import folder
from queue_server.call_watch import SEEN_WITHIN, CallWatch
from queue_server.cases.clock import heed_clock
from queue_server.child_process import ChildProcess
from queue_server.clock import Clock, fast_clock
from queue_server.clock_watch import WatchedClock, doubt_text
from queue_server.disk_watch import DiskWatch
from queue_server.domain.rows import ClockDoubt, Device
from queue_server.door_proof import DoorsFault
from queue_server.dossiers import FileDossiers, dossiers_of_hall
from queue_server.endpoint import Endpoint
from queue_server.outside import Outside
from queue_server.restoring import go_on_if_copied, restored_today
from queue_server.sealing import FileSealer
from queue_server.service import SERVER, QueueService
from queue_server.standby.wiring import Pair, follow
from queue_server.standby.wiring import parser_into as standby_parser_into
from queue_server.storage.base import Fenced, StorageFault
from queue_server.storage.reserve import Reserve
from queue_server.storage.sqlite import SqliteStorage
from queue_server.watching import Watching

log = logging.getLogger("queue_server")

TAKEN_OVER = 3
"""The exit code of a machine that another one took over: starting it again would not bring the hall back to it."""
_COLLECT_YOUNG = (2000, 20, 1_000_000)
"""Old objects are looked through while nobody asks: at a rush that would make all wait for a tenth of a second."""
LOCAL_ROLES = ("admin", "desk", "phone", "tablet")
"""The devices that live on the server's own machine; their keys are made at first start."""


def main(arguments: list[str]) -> int:
    """Start a hall's server, serve until SIGTERM or SIGINT; exit 0, 1 (failed), 2 (wrong input) or 3 (taken over)."""
    options = _parse(arguments)
    try:
        file = load_hall(options.hall)
        lock = folder.lock(options.data)
        logs.begin("server", options.data, quota_mb=file.watch.log_mb)
        if not follow(options.data, options.standby_of):
            return 0
        reserve = Reserve(options.data / "reserve", file.watch.disk_reserve_mb)
        clock_after = partial(_clock, options)
        storage = folder.open_to_serve(options.data, file, clock_after, reserve, migrate_now=options.migrate_now)
    except (SettingsError, InvitationError, KeyFileError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    except (StorageFault, ServerUnreachable, OSError) as fault:
        return _failed(fault)
    try:
        return _serve(file, storage, options)
    except zmq.ZMQError as fault:
        sys.stderr.write(f"the server can't serve: {fault} (does another program use the hall's ports?)\n")
        return 1
    except (StorageFault, KeyFileError, DoorsFault, ValueError, OSError) as fault:
        return _failed(fault)
    finally:
        storage.close()
        lock.close()


def _failed(fault: Exception) -> int:
    sys.stderr.write(f"{fault}\n")
    return TAKEN_OVER if isinstance(fault, Fenced) else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_server.py", description="The queue server of one hall.")
    parser.add_argument(
        "--hall", type=Path, required=True, metavar="FILE", help="the hall file, as config/halls/xa.toml"
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the folder of all that the hall must keep"
    )
    parser.add_argument("--no-web", action="store_true", help="do not start the web pages")
    parser.add_argument(
        "--migrate-now",
        action="store_true",
        help="bring an older program's database up to date although the hall is open; a copy is made first",
    )
    standby_parser_into(parser)
    demo = parser.add_argument_group("for the demo")
    demo.add_argument("--clock-start", type=_instant, metavar="INSTANT", help="as 2026-11-23T07:30+07:00")
    demo.add_argument("--clock-speed", type=float, default=1.0, metavar="FACTOR")
    return parser.parse_args(arguments)


def _instant(text: str) -> dt.datetime:
    with contextlib.suppress(ValueError):
        found = dt.datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    raise argparse.ArgumentTypeError(f"{text!r} is no instant with its zone, as 2026-11-23T07:30+07:00")


def _serve(file: HallFile, storage: SqliteStorage, options: argparse.Namespace) -> int:
    dossiers = dossiers_of_hall(options.hall, file)
    service = QueueService(file, storage, secrets.token_bytes, _outside(file, options, dossiers))
    seq = service.hall.seq
    clock = _clock(options, service.ledger.event(seq).at if seq else None, service.hall.clock_doubt)
    if options.clock_start:
        service.call_watch = CallWatch(SEEN_WITHIN * options.clock_speed)
    keys = options.data / "keys"
    server_keys = _server_keys(keys, file)
    pair = Pair(file, options.data, storage, server_keys)
    pair.meet(service)
    now = clock()
    _heed_copy(service, storage, now, _doubt_of(clock))
    _begin(service, keys, file, server_keys[0], clock)
    endpoint = Endpoint(service, file.network, server_keys, clock)
    if pair.link is not None:
        endpoint.attach(pair.link)
    watchdog = Watchdog()
    watching = Watching(service, options.data, file.watch, watchdog)
    disk = DiskWatch(service, options.data, file.watch, storage.reserve)
    disk.check_end(clock())
    endpoint.each_second = _one_after_the_other(watching.look, disk.look)
    endpoint.when_idle = gc.collect
    gc.set_threshold(*_COLLECT_YOUNG)
    children = _children(file, options)
    _stop_on_signals(endpoint, children)
    if dossiers:
        dossiers.start()
    log.info("hall %s is served at %s", file.hall.id, file.network.commands)
    try:
        endpoint.run()
    finally:
        watchdog.ending()
        for child in children:
            child.stop()
        if dossiers:
            dossiers.close()
        pair.close()
    pair.check()
    return 0


def _one_after_the_other(*looks: Callable[[dt.datetime], None]) -> Callable[[dt.datetime], None]:
    def look(now: dt.datetime) -> None:
        for one in looks:
            one(now)

    return look


def _clock(options: argparse.Namespace, last: dt.datetime | None, doubt: ClockDoubt | None = None) -> Clock:
    """The demo's clock as it is asked for; the machine's is watched, also for what happened before this start."""
    if options.clock_start:
        return fast_clock(options.clock_start, options.clock_speed)
    return WatchedClock(last, doubt)


def _doubt_of(clock: Clock) -> ClockDoubt | None:
    return clock.doubt if isinstance(clock, WatchedClock) else None


def _children(file: HallFile, options: argparse.Namespace) -> list[ChildProcess]:
    """The processes beside the server: the web pages, and who keeps the rows of their reports."""
    if options.no_web:
        return []
    data, network = str(options.data.resolve()), file.network
    web = ["-m", "web", "--data", data, "--host", network.web_host, "--port", str(network.web_port), "--with-parent"]
    web += ["--log-mb", str(file.watch.log_mb), *_listed("--metrics-from", file.watch.metrics_from)]
    web += _secured(options.hall.resolve().parent, network)
    figures = [
        "-m",
        "queue_server",
        "keep-figures",
        "--data",
        data,
        "--hall",
        str(options.hall.resolve()),
        "--with-parent",
    ]
    return [ChildProcess("web", web), ChildProcess("figures", figures)]


def _secured(folder: Path, network: Network) -> list[str]:
    """By whose certificate the web speaks TLS, and which proxies it believes."""
    files = {"--tls-certificate": network.tls_certificate, "--tls-key": network.tls_key}
    told = [word for name, path in files.items() if path for word in (name, str(folder / path))]
    return told + _listed("--proxy", network.proxy)


def _listed(option: str, values: list[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _outside(file: HallFile, options: argparse.Namespace, dossiers: FileDossiers | None) -> Outside:
    """The hall's list of procedures, its PIN file, its dossiers and its key of what is sealed."""
    listed, pins = catalogue_path(options.hall, file), options.data / "keys" / "pins.json"

    def right_pin(operator_id: str, pin: str) -> bool:
        try:
            return check_pin(pins, operator_id, pin)
        except PinFileError as fault:
            log.error("no PIN can be checked: %s", fault)
            return False

    sealer = FileSealer(options.data / "keys" / "callbacks.key")
    return Outside(load_catalogue(listed) if listed else None, right_pin, dossiers, sealer)


def _begin(service: QueueService, keys: Path, file: HallFile, server_key: str, clock: Clock) -> None:
    """First events of a new hall: its epoch, the devices of its own machine, its day."""
    now = clock()
    service.ledger.begin(now)
    heed_clock(service, _doubt_of(clock), SERVER, now)
    if service.hall.clock_doubt is not None:
        log.error("%s", doubt_text(service.hall.clock_doubt))
    for role in LOCAL_ROLES:
        _admit_local(service, keys / f"{role}.json", role, _local_addresses(file, server_key), now)
    service.start_day(now)
    service.ledger.commit()
    since = restored_today(service.ledger, service.rules.zone, now)
    if since is not None:
        service.health.trouble("hall_restored", since)


def _heed_copy(service: QueueService, storage: SqliteStorage, now: dt.datetime, doubt: ClockDoubt | None) -> None:
    """Go on in another epoch if somebody copied the database here."""
    why = go_on_if_copied(storage, service.ledger, now, doubt)
    if why is not None:
        log.error("%s: the hall goes on from it as after a restore, and numbers that may be on paper are void", why)


def _server_keys(keys_folder: Path, file: HallFile) -> tuple[str, str]:
    """The server's key pair, made at first start."""
    path = keys_folder / "server.json"
    if not path.exists():
        public, secret = new_key_pair()
        keys = DeviceKeys(SERVER, SERVER, public, secret, public, file.network.commands, file.network.events)
        write_keys(path, keys)
    found = read_keys(path)
    return found.public_key, found.secret_key


def _admit_local(
    service: QueueService, path: Path, role: str, addresses: tuple[str, str, str], now: dt.datetime
) -> None:
    """Make a local device's key file fit: a new key if file or device is lost, new addresses if the hall moved."""
    device = service.hall.devices.get(role)
    if device is not None and device.revoked:
        return
    held = read_keys(path) if path.exists() else None
    if held is None or device is None or held.public_key != device.public_key:
        public, secret = new_key_pair()
        service.add_device(Device(role, role, public), now)
    else:
        public, secret = held.public_key, held.secret_key
    fitting = DeviceKeys(role, role, public, secret, *addresses)
    if fitting != held:
        write_keys(path, fitting)


def _local_addresses(file: HallFile, server_key: str) -> tuple[str, str, str]:
    return server_key, reachable(file.network.commands, "127.0.0.1"), reachable(file.network.events, "127.0.0.1")


def _stop_on_signals(endpoint: Endpoint, children: list[ChildProcess]) -> None:
    def stop(_signal: int, _frame: object) -> None:
        for child in children:
            child.ending = True
        endpoint.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
