"""The command `enrol`: invite a device, let this machine join, list and revoke devices."""

import argparse
import sys
from pathlib import Path
from typing import get_args

from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetDevices, RevokeDevice
from protocol.invitation import Invitation, accept, reachable, read_invitation
from protocol.keys import DeviceKeys, read_keys, write_keys
from protocol.replies import DevicesReply, EnrolmentReply
from protocol.words import Role


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Tell a parser the options of `enrol`."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data folder of this machine")
    parser.add_argument("--role", choices=get_args(Role), help="what the new device may do")
    parser.add_argument("--name", metavar="NAME", help="the new device's name, as kiosk-1")
    parser.add_argument("--counter", metavar="ID", help="the counter of a device of the role counter")
    parser.add_argument("--host", metavar="HOST", help="the server's name or address, as the device reaches it")
    parser.add_argument(
        "--here", action="store_true", help="the new device is this machine: write its key file at once"
    )
    parser.add_argument("--join", metavar="INVITATION", help="on the device: join with the invitation of the server")
    parser.add_argument("--list", action="store_true", help="show all devices")
    parser.add_argument("--revoke", metavar="NAME", help="shut a device out at once")


def enrol(options: argparse.Namespace) -> int:
    """Do what the options ask for; refusals and an unreachable server are raised."""
    if options.join:
        return _told(_join(options.data, read_invitation(options.join)), options.data)
    client = HallClient(read_keys(options.data / "keys" / "admin.json"))
    try:
        if options.list:
            return _list(client)
        if options.revoke:
            client.call(RevokeDevice(options.revoke), within=5)
            sys.stdout.write(f"{options.revoke} is shut out.\n")
            return 0
        if not (options.role and options.name):
            sys.stderr.write("enrol: tell --role and --name of the new device (or --join, --list, --revoke)\n")
            return 2
        return _invite(client, options)
    finally:
        client.close()


def _invite(client: HallClient, options: argparse.Namespace) -> int:
    command = CreateEnrolment(options.role, options.name, options.counter)
    if options.here:
        return _told(enrol_here(client, options.data, command), options.data)
    reply = _ask_code(client, command)
    address = reachable(reply.enrolment, options.host or "SERVER")
    invitation = Invitation(address, client.server_key, reply.code)
    join = f"enrol --data DIR --join {invitation}"
    if options.role == "standby":
        join = f"server --hall FILE --data DIR --standby-of {invitation}"
    sys.stdout.write(f"On the device, before {reply.expires_at:%H:%M} UTC:\n\n  ./motcua {join}\n\n")
    if "//SERVER:" in address:
        sys.stdout.write("Put the server's address for SERVER (or run this again with --host).\n")
    return 0


def enrol_here(client: HallClient, data: Path, command: CreateEnrolment) -> DeviceKeys:
    """Let a new device of the server's own machine join, also while that still starts; its key file lies in `data`."""
    reply = _ask_code(client, command, within=20)
    return _join(data, Invitation(reachable(reply.enrolment, "127.0.0.1"), client.server_key, reply.code))


def _ask_code(client: HallClient, command: CreateEnrolment, within: float = 5.0) -> EnrolmentReply:
    reply = client.call(command, within=within)
    assert isinstance(reply, EnrolmentReply)
    return reply


def _join(data: Path, invitation: Invitation) -> DeviceKeys:
    keys = accept(invitation)
    write_keys(_key_file(data, keys), keys)
    return keys


def _told(keys: DeviceKeys, data: Path) -> int:
    sys.stdout.write(f"{keys.device_id} joined as {keys.role}; its key is in {_key_file(data, keys)}\n")
    return 0


def _key_file(data: Path, keys: DeviceKeys) -> Path:
    return data / "keys" / f"{keys.device_id}.json"


def _list(client: HallClient) -> int:
    reply = client.call(GetDevices(), within=5)
    assert isinstance(reply, DevicesReply)
    for device in reply.devices:
        state = "revoked" if device.revoked else ""
        line = f"{device.device_id:20} {device.role:10} {device.counter_id or '':10} {state}"
        sys.stdout.write(f"{line.rstrip()}\n")
    return 0
