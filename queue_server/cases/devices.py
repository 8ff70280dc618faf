"""How devices join the hall and are shut out."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.cases.finding import counter_of
from queue_server.domain.rows import Device

if TYPE_CHECKING:
    from queue_server.service import QueueService

RESERVED = "server"
"""No device may have the server's own name, also because of the server's key file."""


def create_enrolment(
    service: "QueueService", command: cmd.CreateEnrolment, device: Device, now: dt.datetime
) -> re.Reply:
    """Make a one-time code for a new device."""
    known = service.hall.devices.get(command.device_id)
    if command.device_id == RESERVED or (known is not None and not known.revoked):
        raise errors.DeviceExists(device_id=command.device_id)
    if command.role == "counter" or command.counter_id is not None:
        counter_of(service, command.counter_id or "")
    if command.role == "standby" and not service.standby.link:
        raise errors.MalformedRequest(detail="the hall file tells no [standby] link for a second machine to follow")
    code, expires_at = service.enrolments.create(command, service.random(16), now)
    return re.EnrolmentReply(code, expires_at, service.network.enrolment)


def enrol(service: "QueueService", command: cmd.Enrol, public_key: str, now: dt.datetime) -> re.Reply:
    """Let a device join; a key that has joined is told so again, since its first answer may have been lost."""
    every = service.hall.devices.values()
    known = next((d for d in every if d.public_key == public_key and not d.revoked), None)
    try:
        device = known or _join(service, command, public_key, now)
    except errors.InvalidEnrolmentCode:
        service.knocks.note("refused_code", "")
        raise
    network = service.network
    commands = service.standby.link if device.role == "standby" else network.commands
    return re.EnrolledReply(
        device.device_id, device.role, service.rules.hall_id, commands, network.events, device.counter_id
    )


def _join(service: "QueueService", command: cmd.Enrol, public_key: str, now: dt.datetime) -> Device:
    promised = service.enrolments.promised(command.code, now)
    found = service.hall.devices.get(promised.device_id)
    if found is not None and not found.revoked:
        raise errors.InvalidEnrolmentCode
    device = Device(promised.device_id, promised.role, public_key, promised.counter_id)
    service.add_device(device, now)
    return device


def revoke_device(service: "QueueService", command: cmd.RevokeDevice, device: Device, now: dt.datetime) -> re.Reply:
    """Shut a device's key out."""
    if command.device_id not in service.hall.devices:
        raise errors.UnknownDevice(device_id=command.device_id)
    service.enrolments.withdraw(command.device_id)
    service.ledger.record(ev.DeviceRevoked(command.device_id), device.device_id, now)
    return re.DoneReply()


CASES: Cases = {cmd.CreateEnrolment: create_enrolment, cmd.RevokeDevice: revoke_device}
