"""The network of a simulated hall: sockets in the place of ZeroMQ's, and messages that get lost, doubled or late.

ZeroMQ over TCP neither doubles nor reorders; here it may, so that nothing leans on it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import zmq

from tests.simulation.world import World

LATENCY = 0.001
_MORE = int(zmq.SNDMORE)
RECONNECT = (0.1, 2.0)
"""So many seconds a peer needs to be back after its link or the server is (RECONNECT_IVL and its maximum)."""


@dataclass
class Odds:
    """How likely a message is lost, doubled or late (by `late_seconds` on average)."""

    lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    late_seconds: float = 2.0


class Frame:
    """A received frame, as `zmq.Frame`."""

    __slots__ = ("_key", "bytes", "more")

    def __init__(self, data: bytes, key: str, *, more: bool) -> None:
        self.bytes, self._key, self.more = data, key, more

    def get(self, name: str) -> str:
        """The public key of the sender, which CURVE vouches for."""
        assert name == "User-Id", name
        return self._key


class Socket:
    """A socket of one device or of the server; unknown options are taken and mean nothing here."""

    curve_publickey = b""

    def __init__(self, network: "Network", kind: int, owner: Callable[[], None]) -> None:
        self.network, self.kind, self.owner = network, kind, owner
        self.inbox: deque[list[bytes]] = deque()
        self.keys: deque[str] = deque()
        self.closed = False
        self._half: list[bytes] = []
        self._out: list[bytes] = []
        self._peers: list[Socket] = []

    # ---- options ----

    def setsockopt(self, _option: int, _value: object) -> None:
        """Take an option."""

    def set(self, _option: int, _value: object) -> None:
        """Take an option."""

    def subscribe(self, _topic: bytes) -> None:
        """Want a topic; all of them are wanted."""

    def bind(self, address: str) -> None:
        """Be found under an address."""
        if self.kind == zmq.PAIR:
            self.network.pairs[address] = self

    def connect(self, address: str) -> None:
        """Reach out to an address."""
        if self.kind == zmq.PAIR:
            self._peers = [self.network.pairs[address]]
        elif self.kind == zmq.SUB:
            self.network.listen(self)

    def close(self, _linger: object = None) -> None:
        """Hear and send nothing more."""
        self.closed = True
        self.inbox.clear()
        self.network.subscribers.pop(self, None)

    # ---- messages ----

    def poll(self, _milliseconds: float = 0, _flags: int = 0) -> int:
        """Whether something lies ready."""
        return zmq.POLLIN if self.inbox or self._half else 0

    def recv(self, _flags: int = 0, copy: bool = True) -> Any:
        """The next frame."""
        if not self._half:
            if not self.inbox:
                raise zmq.Again
            self._half = list(self.inbox.popleft())
            self._key = self.keys.popleft() if self.keys else ""
        data = self._half.pop(0)
        return data if copy else Frame(data, self._key, more=bool(self._half))

    def recv_multipart(self, _flags: int = 0) -> list[bytes]:
        """The next message."""
        if not self.inbox:
            raise zmq.Again
        return self.inbox.popleft()

    def send(self, data: bytes, flags: int = 0) -> None:
        """Send a frame, with those before it that said there was more."""
        self._out.append(bytes(data))
        if not int(flags) & _MORE:
            frames, self._out = self._out, []
            self.send_multipart(frames)

    def send_multipart(self, frames: list[bytes], _flags: int = 0) -> None:
        """Send a message."""
        if self.kind == zmq.PAIR:
            self._peers[0].inbox.append(frames)
            self._peers[0].owner()
        elif self.kind == zmq.DEALER:
            self.network.to_server(self, frames)
        elif self.kind == zmq.ROUTER:
            self.network.to_device(frames[0], frames[1:])
        else:
            self.network.publish(frames)

    def deliver(self, frames: list[bytes], key: str = "") -> None:
        """Have a message in the inbox, and who owns the socket look at it."""
        if not self.closed:
            self.inbox.append(frames)
            if self.kind == zmq.ROUTER:
                self.keys.append(key)
            self.owner()


class Poller:
    """As `zmq.Poller`; never waits."""

    def __init__(self) -> None:
        self._sockets: list[Socket] = []

    def register(self, socket: Socket, _flags: int = zmq.POLLIN) -> None:
        """Look at a socket."""
        self._sockets.append(socket)

    def unregister(self, socket: Socket) -> None:
        """Look at a socket no more."""
        if socket in self._sockets:
            self._sockets.remove(socket)

    def poll(self, _milliseconds: float = 0) -> list[tuple[Socket, int]]:
        """The sockets where something lies ready."""
        return [(socket, zmq.POLLIN) for socket in self._sockets if socket.inbox]


@dataclass
class Link:
    """A device's way to the server; while it is not up, messages are lost or kept until it is."""

    up: bool = True
    kept: list[Callable[[], None]] = field(default_factory=list)
    heard_at: float = 0.0
    """When the device was reached last."""


class Network:
    """Carries frames between devices (by public key) and the one server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.odds = Odds()
        self.links: dict[str, Link] = {}
        self.pairs: dict[str, Socket] = {}
        self.dealers: dict[str, Socket] = {}
        self.subscribers: dict[Socket, bool] = {}
        """The listening sockets, and whether the server knows of each."""
        self.commands: Socket | None = None
        self.events: Socket | None = None
        self.requested: Callable[[bytes], None] = lambda _frame: None
        """Hears each request as it reaches the server."""
        self.answered: Callable[[bytes], None] = lambda _frame: None
        """Hears each answer as it leaves the server."""

    def link(self, key: str) -> Link:
        """A device's way."""
        found = self.links.get(key)
        if found is None:
            found = self.links[key] = Link()
        return found

    # ---- between devices and server ----

    def to_server(self, dealer: Socket, frames: list[bytes]) -> None:
        """A request leaves its device."""
        key = dealer.curve_publickey.decode()
        self.dealers[key] = dealer
        self._carry(key, "request", lambda: self._arrive(key, frames))

    def _arrive(self, key: str, frames: list[bytes]) -> None:
        if self.commands is not None:
            self.requested(frames[-1])
            self.commands.deliver([key.encode(), *frames], key)

    def to_device(self, identity: bytes, frames: list[bytes]) -> None:
        """An answer leaves the server."""
        self.answered(frames[-1])
        key = identity.decode()
        self._carry(key, "answer", lambda: self._reach(key, self.dealers[key], frames))

    def publish(self, frames: list[bytes]) -> None:
        """An event or pulse leaves the server, to everybody it knows of."""
        what = frames[0].decode()
        for subscriber, known in list(self.subscribers.items()):
            if known:
                self._publish_to(subscriber, what, frames)

    def _publish_to(self, subscriber: Socket, what: str, frames: list[bytes]) -> None:
        key = subscriber.curve_publickey.decode()
        self._carry(key, what, lambda: self._reach(key, subscriber, frames))

    def _reach(self, key: str, socket: Socket, frames: list[bytes]) -> None:
        if not socket.closed:
            self.link(key).heard_at = self.world.now
        socket.deliver(frames)

    def _carry(self, key: str, what: str, deliver: Callable[[], None]) -> None:
        """Have a message delivered, if the network does not have it otherwise."""
        world, odds, link = self.world, self.odds, self.link(key)
        if not link.up:
            if world.chance.random() < 0.2:
                link.kept.append(deliver)
            return
        luck = world.chance.random()
        if luck < odds.lost:
            world.counts["message lost"] += 1
            return
        seconds = LATENCY
        if luck < odds.lost + odds.doubled:
            world.counts["message doubled"] += 1
            world.after(LATENCY + world.chance.expovariate(1.0), what, deliver)
        elif luck < odds.lost + odds.doubled + odds.late:
            world.counts["message late"] += 1
            seconds += world.chance.expovariate(1 / odds.late_seconds)
        world.after(seconds, what, deliver)

    # ---- links and the server's coming and going ----

    def listen(self, subscriber: Socket) -> None:
        """A device listens."""
        self.subscribers[subscriber] = False
        self.world.after(LATENCY * 2, "subscribe", lambda: self._subscribe(subscriber))

    def _subscribe(self, subscriber: Socket) -> None:
        key = subscriber.curve_publickey.decode()
        if subscriber in self.subscribers and self.events is not None and self.link(key).up:
            self.subscribers[subscriber] = True
            self.events.deliver([b"\x01event"])
            self.events.deliver([b"\x01pulse"])

    def cut(self, key: str) -> None:
        """Nothing passes between a device and the server any more."""
        self.link(key).up = False
        for subscriber in self._listening(key):
            self.subscribers[subscriber] = False

    def mend(self, key: str) -> None:
        """It passes again; what was kept comes late, and who listens is known after a while."""
        link = self.link(key)
        link.up = True
        for deliver in link.kept:
            self.world.after(self.world.chance.uniform(*RECONNECT), "kept message", deliver)
        link.kept = []
        for subscriber in self._listening(key):
            self._listen_again(subscriber)

    def _listening(self, key: str) -> list[Socket]:
        return [socket for socket in self.subscribers if socket.curve_publickey.decode() == key]

    def _listen_again(self, subscriber: Socket) -> None:
        self.world.after(self.world.chance.uniform(*RECONNECT), "subscribe again", lambda: self._subscribe(subscriber))

    def serve(self, commands: Socket, events: Socket) -> None:
        """The server is there."""
        self.commands, self.events = commands, events
        for subscriber in self.subscribers:
            self._listen_again(subscriber)

    def fall_silent(self) -> None:
        """The server is gone."""
        self.commands = self.events = None
        for subscriber in self.subscribers:
            self.subscribers[subscriber] = False
