"""Who gets in, and what becomes of bad input: a clear refusal, nothing changed, the server lives."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zmq
from msgspec.structs import replace

from protocol import commands as cmd
from protocol import errors
from protocol.client import HallClient, new_key_pair
from protocol.errors import ServerUnreachable
from protocol.invitation import Invitation, accept, read_invitation
from protocol.keys import DeviceKeys
from protocol.replies import DevicesReply, EnrolmentReply, Snapshot
from protocol.words import Role
from tests.conftest import ROOT, RunningHall, hall_file_at_free_ports


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """One commune hall for all: whatever is tried at its doors, it lives on for the next."""
    folder = tmp_path_factory.mktemp("doors")
    hall_file, web_port = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", folder)
    found = RunningHall(hall_file, folder / "data", web_port)
    yield found
    found.close()


@contextmanager
def raw_socket(keys: DeviceKeys, kind: int = zmq.DEALER, *, curve: bool = True) -> "Iterator[zmq.Socket[bytes]]":
    """A bare ZeroMQ socket, as a stranger would make it."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(kind)
    socket.linger = 0
    if curve:
        socket.curve_publickey = keys.public_key.encode()
        socket.curve_secretkey = keys.secret_key.encode()
        socket.curve_serverkey = keys.server_key.encode()
    socket.connect(keys.commands)
    try:
        yield socket
    finally:
        socket.close()
        context.term()


def ask_raw(socket: "zmq.Socket[bytes]", frame: bytes) -> dict[str, object]:
    socket.send(frame)
    assert socket.poll(60_000), "no answer"
    answer: dict[str, dict[str, object]] = json.loads(socket.recv())
    return answer["reply"]


def test_a_wrong_key_and_no_key_get_no_answer(hall: RunningHall) -> None:
    public, secret = new_key_pair()
    request = b'{"version":1,"request_id":"abcdefgh","command":{"type":"get_hall"}}'
    for keys, curve in (
        (replace(hall.keys("admin"), public_key=public, secret_key=secret), True),
        (hall.keys("admin"), False),
    ):
        with raw_socket(keys, curve=curve) as socket:
            socket.send(request)
            assert not socket.poll(700)
    assert hall.client("admin").call(cmd.GetHall())


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"", "malformed_request"),
        (b"\xff\xfe\x00", "malformed_request"),
        (b"{", "malformed_request"),
        (b"[]", "malformed_request"),
        (b"[" * 50_000, "malformed_request"),
        (b'{"version":1,"request_id":"abcdefgh"}', "malformed_request"),
        (b'{"version":1,"request_id":"abc","command":{"type":"get_hall"}}', "malformed_request"),
        (b'{"version":1,"request_id":"abcdefgh","command":{"type":"drop_table"}}', "malformed_request"),
        (b'{"version":1,"request_id":"abcdefgh","command":{"type":"call_next","counter_id":7}}', "malformed_request"),
        (b'{"version":2,"request_id":"abcdefgh","command":"get_hall"}', "unsupported_version"),
        (b'{"version":1,"request_id":"abcdefgh","command":{"type":"enrol","code":"ABC"}}', "forbidden"),
    ],
)
def test_a_bad_frame_is_refused_by_name(hall: RunningHall, frame: bytes, code: str) -> None:
    with raw_socket(hall.keys("admin")) as socket:
        assert ask_raw(socket, frame)["code"] == code
        good = b'{"version":1,"request_id":"abcdefgh","command":{"type":"get_snapshot"},"newer":true}'
        assert ask_raw(socket, good)["type"] == "snapshot"


def test_a_message_of_seventy_kilobytes_harms_nobody_else(hall: RunningHall) -> None:
    with raw_socket(hall.keys("admin")) as socket:
        socket.send(b'{"x":"' + b"x" * 70_000 + b'"}')
        assert not socket.poll(500)
    assert isinstance(hall.client("admin").call(cmd.GetSnapshot()), Snapshot)


def test_random_bytes_from_an_enrolled_device_never_stop_the_server(hall: RunningHall) -> None:
    with raw_socket(hall.keys("desk")) as socket:
        for _ in range(300):
            assert ask_raw(socket, secrets.token_bytes(secrets.randbelow(200)))["type"] == "refused"
    assert isinstance(hall.client("admin").call(cmd.GetSnapshot()), Snapshot)


def invite(hall: RunningHall, role: Role, name: str, counter_id: str | None = None) -> Invitation:
    reply = hall.client("admin").call(cmd.CreateEnrolment(role, name, counter_id))
    assert isinstance(reply, EnrolmentReply)
    return Invitation(reply.enrolment, hall.keys("admin").server_key, reply.code)


def test_a_device_joins_with_an_invitation_once_and_may_do_what_its_role_allows(hall: RunningHall) -> None:
    invitation = invite(hall, "display", "wall-1")
    keys = accept(read_invitation(str(invitation)))
    assert (keys.device_id, keys.role) == ("wall-1", "display")
    client = HallClient(keys)
    try:
        assert isinstance(client.call(cmd.GetSnapshot()), Snapshot)
        with pytest.raises(errors.Forbidden):
            client.call(cmd.CallNext("1"))
    finally:
        client.close()
    with pytest.raises(errors.InvalidEnrolmentCode):
        accept(invitation)


def test_a_counter_device_works_at_its_own_counter_only(hall: RunningHall) -> None:
    client = HallClient(accept(invite(hall, "counter", "box-1", "1")))
    try:
        client.call(cmd.OpenCounter("1", "01"))
        with pytest.raises(errors.Forbidden):
            client.call(cmd.OpenCounter("2", "02"))
    finally:
        client.close()


def test_a_revoked_device_is_shut_out_at_once(hall: RunningHall) -> None:
    keys = accept(invite(hall, "kiosk", "kiosk-1"))
    client, admin = HallClient(keys), hall.client("admin")
    try:
        client.call(cmd.GetHall())
        admin.call(cmd.RevokeDevice("kiosk-1"))
        with pytest.raises(errors.Forbidden):
            client.call(cmd.GetHall())
    finally:
        client.close()
    newcomer = HallClient(keys)
    try:
        with pytest.raises(ServerUnreachable):
            newcomer.call(cmd.GetHall(), within=1)
    finally:
        newcomer.close()
    devices = admin.call(cmd.GetDevices())
    assert isinstance(devices, DevicesReply)
    assert {d.device_id: d.revoked for d in devices.devices}["kiosk-1"]


def test_a_forged_code_and_other_commands_open_nothing_at_the_enrolment_door(hall: RunningHall) -> None:
    invitation = invite(hall, "admin", "admin-2")
    with pytest.raises(errors.InvalidEnrolmentCode):
        accept(replace_code(invitation, "AAAAA-AAAAA-AAAAA-AAAAA"))
    public, secret = new_key_pair()
    stranger = DeviceKeys("", "", public, secret, invitation.server_key, invitation.enrolment, "")
    with raw_socket(stranger) as socket:
        request = b'{"version":1,"request_id":"abcdefgh","command":{"type":"get_snapshot"}}'
        assert ask_raw(socket, request)["code"] == "forbidden"


def replace_code(invitation: Invitation, code: str) -> Invitation:
    return Invitation(invitation.enrolment, invitation.server_key, code)


def test_key_files_are_readable_by_their_owner_only(hall: RunningHall) -> None:
    files = list((hall.data / "keys").glob("*.json"))
    assert len(files) >= 4
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
