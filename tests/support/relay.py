"""A relay in front of a server that counts the round trips made through it."""

import socket
import threading
import time


class Relay:
    """Forwards connections to a port of the loopback.

    A trip begins when the client sends something after the server did, or at all. `seconds` are
    added to each.
    """

    def __init__(self, port: int, seconds: float = 0) -> None:
        self.trips = 0
        self._seconds = seconds
        self._to = port
        self._waiting: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept nothing more."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            for one, other in ((client, server), (server, client)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(
                    target=self._forward, args=(one, other, one is client), daemon=True
                ).start()

    def _forward(self, one: socket.socket, other: socket.socket, from_client: bool) -> None:  # noqa: FBT001
        try:
            while data := one.recv(65536):
                if from_client and one not in self._waiting:
                    self._waiting.add(one)
                    self.trips += 1
                    time.sleep(self._seconds)
                if not from_client:
                    self._waiting.discard(other)
                other.sendall(data)
        except OSError:
            pass
        for each in (one, other):
            each.close()
