"""The ceiling of the wire: a ROUTER with CURVE that sends every frame back; prints its address when bound."""

import sys

import zmq
from zmq.auth.thread import ThreadAuthenticator


def serve(public_key: str, secret_key: str) -> None:
    """Echo until killed."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
    router = context.socket(zmq.ROUTER)
    router.curve_server = True
    router.curve_publickey = public_key.encode()
    router.curve_secretkey = secret_key.encode()
    port = router.bind_to_random_port("tcp://127.0.0.1")
    sys.stdout.write(f"tcp://127.0.0.1:{port}\n")
    sys.stdout.flush()
    while True:
        router.poll()
        while True:
            try:
                router.send_multipart(router.recv_multipart(zmq.NOBLOCK), zmq.NOBLOCK)
            except zmq.Again:
                break


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
