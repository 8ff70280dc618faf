"""Opening a printer from the two words of a kiosk's settings: its address and its model."""

import difflib
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from printers.base import PrinterSetupError, Transport
from printers.models import PrinterModel, load_model
from printers.picture import PictureTransport
from printers.spool import Spool
from printers.transport import FileTransport, NetworkTransport, NodeTransport, SerialTransport

_SHAPES = {
    "picture": "picture:FOLDER",
    "serial": "serial:/dev/ttyUSB0?baud=115200&rtscts=1",
    "tcp": "tcp://HOST:9100",
    "node": "node:/dev/usb/lp0",
    "file": "file:PATH",
}
_BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)


def open_printer(address: str, model_name: str = "picture", *, poll_seconds: float = 2.0) -> Spool:
    """Return a printer that looks after itself from now on, also while no device is there.

    A picture has the width of the model's paper.
    Raises PrinterSetupError for an address or a model that cannot be meant.
    """
    model = load_model(model_name)
    if address.startswith("picture:"):
        model = msgspec.structs.replace(model, status=True, barrier=True, cutter=True)
    elif model_name == "picture":
        raise PrinterSetupError("printer model", model_name, f"the model of the printer at {address}")
    return Spool(_transport(address, model), model, poll_seconds=poll_seconds)


def _transport(address: str, model: PrinterModel) -> Transport:
    """The way to the printer that an address names."""
    kind, _, rest = address.partition(":")
    if kind not in _SHAPES:
        nearest = difflib.get_close_matches(kind, _SHAPES, n=1)
        expected = "one of " + ", ".join(_SHAPES.values())
        raise PrinterSetupError("printer address", address, expected, _SHAPES[nearest[0]] if nearest else None)
    if kind == "tcp":
        return _network(address)
    if kind == "serial":
        return _serial(address)
    path = _path(address, rest)
    if kind == "picture":
        return PictureTransport(path, model.width_dots)
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


def _serial(address: str) -> SerialTransport:
    """`serial:PORT?baud=…&rtscts=…`."""
    port, _, query = address.removeprefix("serial:").partition("?")
    options = {key: values[-1] for key, values in parse_qs(query, keep_blank_values=True).items()}
    baud, rtscts = options.pop("baud", "115200"), options.pop("rtscts", "0")
    if not port or options:
        raise _fault(address, "serial")
    if baud not in map(str, _BAUDS):
        nearest = difflib.get_close_matches(baud, map(str, _BAUDS), n=1)
        raise PrinterSetupError("baud", baud, f"one of {', '.join(map(str, _BAUDS))}", next(iter(nearest), None))
    if rtscts not in ("0", "1"):
        raise PrinterSetupError("rtscts", rtscts, "0 or 1")
    return SerialTransport(port, int(baud), rtscts=rtscts == "1")
