"""How a device joins a hall: the invitation a person carries over, and its exchange for a key file."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from zmq.utils import z85

from protocol.client import HallClient, new_key_pair
from protocol.commands import Enrol
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys
from protocol.replies import EnrolledReply

_FORM = re.compile(r"^(tcp://[^/\s]+:(\d{1,5}))/([0-9a-f]{64})/([A-Za-z0-9-]+)$")


class InvitationError(MotcuaError):
    """The invitation can't be read."""


@dataclass(frozen=True)
class Invitation:
    """Where the hall takes new devices, the key by which it is known, and the one-time code."""

    enrolment: str
    server_key: str
    code: str

    def __str__(self) -> str:
        return f"{self.enrolment}/{z85.decode(self.server_key.encode()).hex()}/{self.code}"


def read_invitation(text: str) -> Invitation:
    """An invitation as it was typed or pasted; raises InvitationError."""
    found = _FORM.match(text.strip())
    if found is None or not 0 < int(found[2]) < 65536:
        raise InvitationError(
            f"'{text}' is no invitation; expected tcp://HOST:PORT/SERVER-KEY/CODE as ./motcua enrol prints it"
        )
    server_key = z85.encode(bytes.fromhex(found[3])).decode()
    return Invitation(found[1], server_key, found[4])


def accept(invitation: Invitation, within: float = 10.0) -> DeviceKeys:
    """Join the hall with a fresh key pair; raises InvalidEnrolmentCode or ServerUnreachable."""
    public, secret = new_key_pair()
    stranger = DeviceKeys("", "", public, secret, invitation.server_key, invitation.enrolment, "")
    client = HallClient(stranger)
    try:
        reply = client.call(Enrol(invitation.code), within=within)
    finally:
        client.close()
    assert isinstance(reply, EnrolledReply)
    host = urlsplit(invitation.enrolment).hostname or ""
    commands, events = reachable(reply.commands, host), reachable(reply.events, host)
    return DeviceKeys(
        reply.device_id, reply.role, public, secret, invitation.server_key, commands, events, reply.counter_id
    )


def reachable(address: str, host: str) -> str:
    """An address that a server bound to, as a device reaches it: `0.0.0.0` stands for the server's host."""
    return re.sub(r"^tcp://(0\.0\.0\.0|\*)(?=:)", f"tcp://{host}", address)
