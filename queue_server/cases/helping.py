"""Staff who take numbers for citizens at a kiosk: who they are is checked here, by number and PIN."""

import datetime as dt
import math
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.domain.roles import require_server
from queue_server.domain.rows import Device

if TYPE_CHECKING:
    from queue_server.service import QueueService


def open_helper(service: "QueueService", command: cmd.OpenHelper, device: Device, now: dt.datetime) -> re.Reply:
    """Let a person take numbers for others at this kiosk, if the PIN is right."""
    lock_out, instant = service.lock_out, now.timestamp()
    wait = lock_out.wait_seconds(command.operator_id, instant)
    if wait > 0:
        raise errors.LockedOut(seconds=math.ceil(wait))
    if not service.outside.check_pin(command.operator_id, command.pin):
        lock_out.note_wrong(command.operator_id, instant)
        raise errors.WrongPin
    lock_out.note_right(command.operator_id)
    require_server(service.rules, command.operator_id)
    service.ledger.record(ev.HelperOpened(device.device_id, command.operator_id), device.device_id, now)
    return re.DoneReply()


CASES: Cases = {cmd.OpenHelper: open_helper}
