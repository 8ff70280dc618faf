"""Which printers may be attached to this machine: serial ports and USB printers, by their addresses."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from serial.tools.list_ports_linux import comports

_USB_NODES = Path("/dev/usb")


def attached(ports: Callable[[], Iterable[Any]] = comports, usb_nodes: Path = _USB_NODES) -> dict[str, str]:
    """Return the addresses of all that may be a printer, each with what the system calls it."""
    serial = {f"serial:{port.device}": _title(port) for port in sorted(ports(), key=lambda port: str(port.device))}
    nodes = sorted(usb_nodes.glob("lp*")) if usb_nodes.is_dir() else []
    return serial | {f"node:{node}": "USB" for node in nodes}


def _title(port: Any) -> str:
    """What a serial port is, if the system knows."""
    return "" if port.description in (None, "n/a") else str(port.description)
