"""How one printer is, asked once, and said in words that staff understand."""

import errno

from msgspec import Struct

from config.texts import text
from printers.base import PrinterState
from printers.dialogue import Dialogue
from printers.models import BAUDS, PrinterModel
from printers.opening import open_transport

_REASONS = {
    errno.ENOENT: "no_device",
    errno.ENODEV: "no_device",
    errno.ENXIO: "no_device",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EBUSY: "in_use",
    errno.EAGAIN: "in_use",
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "no_host",
    errno.ENETUNREACH: "no_host",
    errno.ETIMEDOUT: "no_host",
}


class Inspection(Struct, frozen=True, kw_only=True):
    """What was found at an address; a serial port that answered at another speed has it in its address."""

    address: str
    state: PrinterState
    answers: bool = True
    fault: str = ""
    """Why it cannot be reached, as the system says it."""
    reason: str = ""
    """The same as a key of the texts; empty for what has no words."""

    @property
    def usable(self) -> bool:
        """Whether a ticket would be sent there."""
        known = self.state in (PrinterState.READY, PrinterState.PAPER_LOW)
        return known or (self.state is PrinterState.UNKNOWN and not self.answers)

    def words(self, language: str) -> str:
        """Say how it is."""
        said = text(f"printers.state_{self.state}", language)
        if self.state is PrinterState.UNKNOWN and not self.answers:
            return text("printers.never_answers", language)
        if not self.fault:
            return said
        return f"{said}: {text(f'printers.{self.reason}', language) if self.reason else self.fault}"


def inspect(address: str, model: PrinterModel) -> Inspection:
    """Ask the printer at an address how it is; a serial port without a speed is tried at all of them."""
    found = _asked(address, model)
    if (
        found.state is PrinterState.UNKNOWN
        and model.status
        and address.startswith("serial:")
        and "baud=" not in address
    ):
        joint = "&" if "?" in address else "?"
        speeds = (f"{address}{joint}baud={baud}" for baud in reversed(BAUDS) if baud != model.baud)
        tried = (_asked(one, model) for one in speeds)
        return next((one for one in tried if one.state is not PrinterState.UNKNOWN), found)
    return found


def _asked(address: str, model: PrinterModel) -> Inspection:
    """Ask once."""
    dialogue = Dialogue(open_transport(address, model), model)
    state = dialogue.state()
    fault = dialogue.fault
    dialogue.close()
    if state is not PrinterState.OFFLINE or fault is None:
        return Inspection(address=address, state=state, answers=model.status)
    cause = fault.__cause__
    number = cause.errno if isinstance(cause, OSError) else None
    reason = "no_host" if isinstance(cause, TimeoutError) else _REASONS.get(number or 0, "")
    return Inspection(address=address, state=state, answers=model.status, fault=str(fault), reason=reason)
