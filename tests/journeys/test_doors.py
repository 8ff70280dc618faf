"""Who gets in, and what becomes of bad input: a clear refusal, nothing changed, the server lives."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zmq
from msgspec.structs import replace

from protocol import codec, errors
from protocol import commands as cmd
from protocol.client import HallClient, new_key_pair
from protocol.errors import ServerUnreachable
from protocol.invitation import Invitation, accept, read_invitation
from protocol.keys import DeviceKeys
from protocol.replies import DevicesReply, EnrolmentReply, HealthReply, Snapshot
from protocol.words import Role
from tests.conftest import ROOT, RunningHall, eventually, hall_file_at_free_ports


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """One commune hall for all: whatever is tried at its doors, it lives on for the next."""
    folder = tmp_path_factory.mktemp("doors")
    hall_file, web_port = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", folder)
    found = RunningHall(hall_file, folder / "data", web_port)
    yield found
    found.close()


@contextmanager
def raw_socket(
    keys: DeviceKeys, kind: int = zmq.DEALER, *, curve: bool = True, plain: bool = False
) -> "Iterator[zmq.Socket[bytes]]":
    """A bare ZeroMQ socket, as a stranger would make it."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(kind)
    socket.linger = 0
    if plain:
        socket.plain_username, socket.plain_password = b"admin", b"admin"
    elif curve:
        socket.curve_publickey = keys.public_key.encode()
        socket.curve_secretkey = keys.secret_key.encode()
        socket.curve_serverkey = keys.server_key.encode()
    if kind == zmq.SUB:
        socket.subscribe(b"")
    socket.connect(keys.events if kind == zmq.SUB else keys.commands)
    try:
        yield socket
    finally:
        context.destroy(linger=0)


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


def health(hall: RunningHall) -> HealthReply:
    reply = hall.client("admin").call(cmd.GetHealth())
    assert isinstance(reply, HealthReply)
    return reply


def strange(hall: RunningHall) -> DeviceKeys:
    public, secret = new_key_pair()
    return replace(hall.keys("admin"), public_key=public, secret_key=secret)


@pytest.mark.parametrize("kind", [zmq.DEALER, zmq.SUB])
@pytest.mark.parametrize("stranger", ["unknown_key", "no_key", "password"])
def test_a_stranger_is_refused_and_counted_at_both_sockets(hall: RunningHall, stranger: str, kind: int) -> None:
    # who has no key at all hangs up by itself; it is a race who is first
    kinds = ["refused_unknown_key"] if stranger == "unknown_key" else ["refused_handshake", "broken_handshake"]

    def counted() -> int:
        return sum(health(hall).counts.get(kind, 0) for kind in kinds)

    before = counted()
    with raw_socket(strange(hall), kind, curve=stranger == "unknown_key", plain=stranger == "password") as socket:
        eventually(lambda: counted() > before, what=stranger)
        assert not socket.poll(0)
    if stranger == "unknown_key":
        assert "keys_refused" in {alert.code for alert in health(hall).troubles}


def test_a_key_of_another_server_gets_no_handshake_and_nobody_else_is_harmed(hall: RunningHall) -> None:
    wrong_server = replace(hall.keys("admin"), server_key=new_key_pair()[0])
    with raw_socket(wrong_server) as socket:
        socket.send(b"{}")
        assert not socket.poll(300)
    assert health(hall)


def test_a_display_that_commands_is_refused_and_counted_by_its_role(hall: RunningHall) -> None:
    keys = accept(invite(hall, "display", "wall-commands"))
    before = health(hall).counts.get("refused_role", 0)
    client = HallClient(keys)
    try:
        for command in (cmd.CallNext("1"), cmd.IssueTicket("dat-dai"), cmd.RevokeDevice("kiosk-1"), cmd.GetHealth()):
            with pytest.raises(errors.Forbidden):
                client.call(command)
    finally:
        client.close()
    eventually(lambda: health(hall).counts.get("refused_role", 0) == before + 4, what="four refusals of a role")


def seqs(socket: "zmq.Socket[bytes]") -> Iterator[int]:
    """The seq of each event and pulse that lies ready."""
    while socket.poll(0):
        yield json.loads(socket.recv_multipart()[-1])["seq"]


def test_a_revoked_listener_hears_nothing_more_and_the_others_hear_on(hall: RunningHall) -> None:
    shut_out, kept = (accept(invite(hall, "display", name)) for name in ("wall-stolen", "wall-kept"))
    admin = hall.client("admin")
    with raw_socket(shut_out, zmq.SUB) as stolen, raw_socket(kept, zmq.SUB) as other:
        assert stolen.poll(60_000), "it listens"
        assert other.poll(60_000)
        refusals = stolen.get_monitor_socket(zmq.Event.HANDSHAKE_FAILED_AUTH)
        admin.call(cmd.RevokeDevice("wall-stolen"))
        last = health(hall).seq
        assert refusals.poll(60_000), "it came back and was refused"
        admin.call(cmd.IssueTicket(hall_service(hall)))
        eventually(lambda: any(seq > last for seq in seqs(other)), what="the others hear what happens")
        assert all(seq < last for seq in seqs(stolen)), "not even of its own end"
        stolen.disable_monitor()
        refusals.close()


def hall_service(hall: RunningHall) -> str:
    snapshot = hall.client("admin").call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    return snapshot.services[0].service_id


def test_a_revoked_device_that_knocks_again_is_counted_and_may_join_anew_with_another_key(hall: RunningHall) -> None:
    keys = accept(invite(hall, "kiosk", "kiosk-rotated"))
    admin = hall.client("admin")
    admin.call(cmd.RevokeDevice("kiosk-rotated"))
    before = health(hall).counts.get("refused_revoked", 0)
    with raw_socket(keys):
        eventually(lambda: health(hall).counts.get("refused_revoked", 0) > before, what="a revoked key is counted")
    fresh = accept(invite(hall, "kiosk", "kiosk-rotated"))
    assert fresh.public_key != keys.public_key
    client = HallClient(fresh)
    try:
        client.call(cmd.GetHall())
    finally:
        client.close()
    with raw_socket(keys) as socket:
        socket.send(b"{}")
        eventually(lambda: health(hall).counts.get("refused_revoked", 0) > before + 1, what="the old key stays out")
        assert not socket.poll(0)


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
    eventually(lambda: {"refused_code", "refused_enrolment"} <= health(hall).counts.keys(), what="both are counted")


def test_a_right_code_opens_whoever_guesses_beside_it(hall: RunningHall) -> None:
    invitation = invite(hall, "display", "wall-guessed")
    public, secret = new_key_pair()
    guesser = DeviceKeys("", "", public, secret, invitation.server_key, invitation.enrolment, "")
    with raw_socket(guesser) as socket:
        for guess in range(200):
            request = codec.encode_request(f"guess-{guess:04}", cmd.Enrol(f"{guess:020}"))
            assert ask_raw(socket, request)["code"] == "invalid_enrolment_code"
        assert accept(invitation).device_id == "wall-guessed"
    said = [line for line in hall.errors().splitlines() if "refused_code" in line]
    assert len(said) <= 3, "guesses fill no log"


def replace_code(invitation: Invitation, code: str) -> Invitation:
    return Invitation(invitation.enrolment, invitation.server_key, code)


def test_key_files_are_readable_by_their_owner_only(hall: RunningHall) -> None:
    files = list((hall.data / "keys").glob("*.json"))
    assert len(files) >= 4
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
