"""A TCP link that can be cut, frozen, and made to swallow what comes back."""

import contextlib
import select
import socket
import threading


class FaultProxy:
    """Passes bytes to `target` until told otherwise; use as a context manager."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._twin: dict[socket.socket, socket.socket] = {}
        self._lock = threading.Lock()
        self._back: set[socket.socket] = set()
        self.frozen = threading.Event()
        self.swallowing = threading.Event()
        self.refusing = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """Close all connections that run now."""
        with self._lock:
            for one in self._twin:
                one.close()
            self._twin.clear()
            self._back.clear()

    def _run(self) -> None:
        while not self._over.is_set():
            with self._lock:
                watched = [] if self.frozen.is_set() else list(self._twin)
                ready, _, _ = select.select([self._listener, *watched], [], [], 0.005)
                for one in ready:
                    if one is self._listener:
                        self._take()
                    elif one in self._twin:
                        self._pass_on(one)

    def _take(self) -> None:
        near, _ = self._listener.accept()
        if self.refusing.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        self._twin |= {near: far, far: near}
        self._back.add(far)

    def _pass_on(self, source: socket.socket) -> None:
        found = b""
        with contextlib.suppress(OSError):
            found = source.recv(65536)
        target = self._twin[source]
        if found and source in self._back and self.swallowing.is_set():
            return
        try:
            if not found:
                raise ConnectionResetError
            target.sendall(found)
        except OSError:
            for one in (source, target):
                one.close()
                self._twin.pop(one, None)
                self._back.discard(one)
