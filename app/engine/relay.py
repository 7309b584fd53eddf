"""A worker's only way out: HTTP on its own loopback, handed over a Unix socket to the service proxy; it decides nothing."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.engine.wire import Message, Wire, WireClosed

_STACK = 512 * 1024
"""Bytes of a relay thread's stack: it counts towards the memory of the query."""


def open_relay(services: Sequence[str], proxy: Path) -> dict[str, str]:
    """Starts relaying in the background; the relay IRI of each endpoint, which its number names."""
    threading.stack_size(_STACK)
    server = _Relay(services, proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return {service: f"http://127.0.0.1:{server.server_port}/{number}" for number, service in enumerate(services)}


class _Relay(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, services: Sequence[str], proxy: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.services = services
        self.proxy = proxy


class _Request(BaseHTTPRequestHandler):
    server: _Relay

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            reply = self._forward(body.decode())
        except (OSError, WireClosed) as error:
            self.send_error(502, str(error))
            return
        if reply.file is None:
            self.send_error(502, str(reply.content["reason"]))
            return
        with os.fdopen(reply.file, "rb") as received:
            self.send_response(200)
            self.send_header("Content-Type", reply.content["media_type"])
            self.send_header("Content-Length", str(reply.content["size"]))
            self.end_headers()
            shutil.copyfileobj(received, self.wfile)

    def _forward(self, query: str) -> Message:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(self.server.proxy))
            wire = Wire(connection)
            accept = self.headers.get("Accept", "*/*")
            service = self.server.services[int(self.path.lstrip("/"))]
            wire.send(Message({"service": service, "query": query, "accept": accept}))
            return wire.receive()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        """Queries are told of by the broker."""
