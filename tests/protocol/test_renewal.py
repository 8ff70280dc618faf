"""A device whose handshake was refused once comes through when it is admitted later."""

import zmq
from zmq.auth.thread import ThreadAuthenticator

from protocol import codec
from protocol import commands as cmd
from protocol.client import HallClient, new_key_pair
from protocol.keys import DeviceKeys
from protocol.replies import DoneReply
from tests.running import eventually


class Porter:
    """Lets nobody in until told."""

    def __init__(self) -> None:
        self.open = False
        self.asked = 0

    def callback(self, domain: str, key: bytes) -> bool:
        self.asked += 1
        return self.open


def test_a_client_that_was_refused_at_the_door_tries_again_with_a_new_socket() -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    authenticator, porter = ThreadAuthenticator(context), Porter()
    authenticator.start()
    authenticator.configure_curve_callback("hall", porter)
    (server_public, server_secret), (public, secret) = new_key_pair(), new_key_pair()
    router = context.socket(zmq.ROUTER)
    router.curve_server = True
    router.curve_publickey, router.curve_secretkey = server_public.encode(), server_secret.encode()
    router.zap_domain = b"hall"
    router.linger = 0
    address = f"tcp://127.0.0.1:{router.bind_to_random_port('tcp://127.0.0.1')}"
    client = HallClient(DeviceKeys("kiosk-1", "kiosk", public, secret, server_public, address, address))
    try:
        answer = client.ask(cmd.GetHall(), request_id="the-same-id", within=30)
        eventually(lambda: porter.asked, what="the first handshake is refused")
        porter.open = True
        assert router.poll(20_000), "the client came back"
        identity, frame = router.recv_multipart()
        assert codec.decode_request(frame).request_id == "the-same-id"
        router.send_multipart([identity, codec.encode_answer("the-same-id", DoneReply())])
        assert answer.result(timeout=5) == DoneReply()
    finally:
        client.close()
        router.close()
        authenticator.stop()
        context.term()
