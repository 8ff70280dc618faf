"""Opening a printer from the two words of a kiosk's settings: its address and its model."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from printers.base import PrinterSetupError, Transport
from printers.device import features_of
from printers.models import BAUDS, Flow, PrinterModel, load_model
from printers.paper_count import WARN_BELOW, PaperCount
from printers.picture import PictureTransport
from printers.spool import Spool
from printers.template import TicketTemplate
from printers.transport import FileTransport, NetworkTransport, NodeTransport, SerialTransport

_SHAPES = {
    "picture": "picture:FOLDER",
    "serial": "serial:/dev/ttyUSB0?baud=115200&flow=rtscts",
    "tcp": "tcp://HOST:9100",
    "node": "node:/dev/usb/lp0",
    "file": "file:PATH",
}


def open_printer(
    address: str,
    model_name: str = "picture",
    *,
    poll_seconds: float = 2.0,
    template: TicketTemplate | None = None,
    count_file: Path | None = None,
    roll_metres: float | None = None,
    warn_below: int = WARN_BELOW,
) -> Spool:
    """Return a printer that looks after itself from now on, also while no device is there.

    A picture has the width of the model's paper. With a `count_file` the paper is counted, and staff are warned when
    it is good for fewer than `warn_below` tickets. Raises PrinterSetupError for what cannot be meant.
    """
    model = load_model(model_name)
    if address.startswith("picture:"):
        model = msgspec.structs.replace(model, status=True, barrier=True, cutter="partial")
    elif model_name == "picture":
        raise PrinterSetupError("printer model", model_name, f"the model of the printer at {address}")
    count = None if count_file is None else PaperCount(count_file, model, roll_metres, warn_below)
    transport = open_transport(address, model)
    return Spool(transport, model, poll_seconds=poll_seconds, template=template, paper_count=count)


def open_transport(address: str, model: PrinterModel) -> Transport:
    """Return the way to the printer that an address names; raises PrinterSetupError for one that cannot be meant."""
    kind, _, rest = address.partition(":")
    if kind not in _SHAPES:
        nearest = difflib.get_close_matches(kind, _SHAPES, n=1)
        expected = "one of " + ", ".join(_SHAPES.values())
        raise PrinterSetupError("printer address", address, expected, _SHAPES[nearest[0]] if nearest else None)
    if kind == "tcp":
        return _network(address)
    if kind == "serial":
        return _serial(address, model)
    path = _path(address, rest)
    if kind == "picture":
        return PictureTransport(path, model.width_dots, features_of(model))
    return NodeTransport(path) if kind == "node" else FileTransport(path)


def _fault(address: str, kind: str, more: str = "") -> PrinterSetupError:
    """The error for an address of a known kind that is not shaped like it."""
    return PrinterSetupError("printer address", address, _SHAPES[kind] + more)


def _path(address: str, rest: str) -> Path:
    """The path behind the colon."""
    if not rest or "\0" in rest:
        raise _fault(address, address.partition(":")[0])
    return Path(rest).expanduser()


def _network(address: str) -> NetworkTransport:
    """`tcp://HOST` or `tcp://HOST:PORT`."""
    try:
        parts: SplitResult = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port == 0 or address.count("//") != 1 or parts.path not in ("", "/"):
        raise _fault(address, "tcp", " with a port from 1 to 65535")
    return NetworkTransport(host, port or 9100)


def _serial(address: str, model: PrinterModel) -> SerialTransport:
    """`serial:PORT?baud=…&flow=…`; what is not said is as usual for the model."""
    port, _, query = address.removeprefix("serial:").partition("?")
    options = {key: values[-1] for key, values in parse_qs(query, keep_blank_values=True).items()}
    baud, rtscts = options.pop("baud", str(model.baud)), options.pop("rtscts", None)
    if rtscts not in (None, "0", "1"):
        raise PrinterSetupError("rtscts", rtscts, "0 or 1")
    usual = model.flow if rtscts is None else ("none", "rtscts")[int(rtscts)]
    flow = options.pop("flow", usual)
    if not port or options:
        raise _fault(address, "serial")
    _check("baud", baud, [str(one) for one in BAUDS])
    _check("flow", flow, get_args(Flow))
    return SerialTransport(port, int(baud), flow=cast(Flow, flow))


def _check(what: str, value: str, known: Sequence[str]) -> None:
    """Raise PrinterSetupError for a value that is none of the known ones."""
    if value not in known:
        nearest = difflib.get_close_matches(value, known, n=1)
        raise PrinterSetupError(what, value, f"one of {', '.join(known)}", next(iter(nearest), None))
