"""The server's own clock: doubted after a jump, and confirmed."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.domain.rows import ClockDoubt, Device

if TYPE_CHECKING:
    from queue_server.service import QueueService


def heed_clock(service: "QueueService", doubt: ClockDoubt | None, device_id: str, now: dt.datetime) -> None:
    """Note that the machine's clock can't be believed, or (None) can: as long as it can't, no service day begins."""
    standing = service.hall.clock_doubt
    if doubt is None:
        service.health.well("clock_doubted")
        if standing is not None:
            service.ledger.record(ev.ClockConfirmed(), device_id, now)
        return
    service.health.trouble("clock_doubted", now, told=doubt.told.isoformat(), expected=doubt.expected.isoformat())
    if standing is None:
        service.ledger.record(ev.ClockDoubted(doubt.told, doubt.expected), device_id, now)


def confirm_clock(service: "QueueService", command: cmd.ConfirmClock, device: Device, now: dt.datetime) -> re.Reply:
    """Believe the clock; one that is believed stays so."""
    if service.hall.clock_doubt is not None:
        service.ledger.record(ev.ClockConfirmed(command.operator_id), device.device_id, now)
    return re.DoneReply()


CASES: Cases = {cmd.ConfirmClock: confirm_clock}
