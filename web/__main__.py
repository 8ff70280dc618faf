"""`python -m web`: serve phones and desks of the hall whose keys lie in a data folder."""

import argparse
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from config import logs
from protocol.client import HallClient
from protocol.keys import KeyFileError, read_keys
from web import metrics
from web.app import create_app
from web.desk.session import read_secret
from web.feed import Feed
from web.hall import Hall
from web.log_limit import limit_log
from web.server import BACKLOG, WebServer, entrance_for
from web.tls import Certificate, CertificateFault

_log = logging.getLogger("web")
_log.setLevel(logging.INFO)
WANTED_FILES = 16_384
UNHEARD_SECONDS = 60
"""So long may a phone take nothing of what is sent to it, e.g. since it is out of reach."""
PARENT_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0: ended, 1: the address is taken, 2: wrong arguments."""
    options = _parser().parse_args(arguments)
    logs.begin("web", Path(options.data), level=logging.WARNING, quota_mb=options.log_mb)
    limit_log()
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it warns of each broken form that anybody sends
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    keys = Path(options.data) / "keys"
    try:
        phone_keys, desk_keys, tablet_keys = (read_keys(keys / f"{role}.json") for role in ("phone", "desk", "tablet"))
        secret = read_secret(keys / "web.secret")
        certificate = _certificate(options)
    except (KeyFileError, CertificateFault, OSError) as fault:
        return _fail(str(fault), 2)
    try:
        listening = listen(options.host, options.port)
    except OSError as fault:
        return _fail(f"cannot listen at {options.host}:{options.port}: {fault.strerror}", 1)
    files = _allow_many_files()
    if options.with_parent:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), name="parent-watch", daemon=True).start()
    feed = Feed()
    hall = Hall(HallClient(phone_keys), HallClient(desk_keys, feed), HallClient(tablet_keys), feed)
    app = create_app(hall, pins=keys / "pins.json", secret=secret)
    app.state.figures = Path(options.data) / "figures"
    entrance = entrance_for(files)
    metrics.let_read(app, entrance, options.metrics_from)
    _log.info("%s files may be open: %s", files, entrance)
    web = WebServer(app, feed, entrance, certificate=certificate, proxies=options.proxy, log_level="error")
    web.run(sockets=[listening])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    parser.add_argument("--data", required=True, metavar="DIR", help="the hall's data folder")
    parser.add_argument("--host", default="0.0.0.0", help="address to listen at (all)")  # noqa: S104
    parser.add_argument("--port", type=_port, default=8080, help="port to listen at (8080)")
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="certificate chain (PEM): speak HTTPS")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the certificate's key (PEM, no password)")
    parser.add_argument(
        "--proxy", action="append", default=[], metavar="ADDRESS", help="address or network of a trusted reverse proxy"
    )
    parser.add_argument(
        "--log-mb", type=int, default=logs.USUAL_MB, metavar="N", help="for the log files of the folder"
    )
    parser.add_argument(
        "--metrics-from", action="append", default=[], metavar="ADDRESS", help="another machine that may read /metrics"
    )
    parser.add_argument("--with-parent", action="store_true", help="end when the program that started this one ends")
    return parser


def _certificate(options: argparse.Namespace) -> Certificate | None:
    if not options.tls_certificate and not options.tls_key:
        return None
    if not options.tls_certificate or not options.tls_key:
        raise CertificateFault("--tls-certificate and --tls-key belong together")
    return Certificate(options.tls_certificate, options.tls_key)


def _port(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"{word} is no port (1 to 65535)")
    return int(word)


def listen(host: str, port: int) -> socket.socket:
    """Listen for browsers; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Every accepted connection inherits these. The first one asyncio sets only where it made the listener; without it,
    # an answer's body waits 40 ms for the browser to acknowledge its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_SECONDS * 1000)
    listening.setblocking(False)
    return listening


def _allow_many_files() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, WANTED_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _fail(line: str, code: int) -> int:
    sys.stderr.write(f"web: {line}\n")
    return code


def _end(_number: int, _frame: object) -> None:
    """Before and after uvicorn's own handling: an asked-for end is no failure."""
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
