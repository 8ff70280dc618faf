"""Strangers in a process of their own: each knocks with a wrong key, is refused, and knocks again, until killed."""

import os
import sys
import time

import zmq

from protocol.client import new_key_pair
from protocol.keys import DeviceKeys
from tests.bench.load import connect

ROUND_SECONDS = 0.05
"""Between two rounds of knocks, so that those of the last one are refused and not only given up."""


def main(address: str, server_key: str, count: int) -> None:
    """Knock for ever; a socket that was refused never tries again, so each round is made of new ones."""
    os.nice(10)  # they are other machines: their work must not take the server's processors
    strangers = [DeviceKeys("", "", *new_key_pair(), server_key, address, "") for _ in range(count)]
    sys.stdout.write("knocking\n")
    sys.stdout.flush()
    while True:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        for stranger in strangers:
            connect(context, stranger, address)
        time.sleep(ROUND_SECONDS)
        context.destroy(linger=0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
