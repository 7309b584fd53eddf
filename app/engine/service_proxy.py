"""The broker's side of SERVICE: calls the endpoints of the allow-list for workers that have no network, and nothing else.

Names are resolved here, and the address that was judged is the one that is called. A name that leads to a private address is
refused; whoever wants one writes the address itself (or ``localhost``) into the list.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import os
import socket
import socketserver
import ssl
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from app.engine.orders import Limits
from app.engine.wire import Message, Wire, WireClosed

REDIRECTS = (301, 302, 307, 308)
MOST_REDIRECTS = 3
_PIECE = 64 * 1024
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """Why an endpoint was not called, or gave nothing."""


class ServiceProxy(contextlib.AbstractContextManager["ServiceProxy"]):
    """Serves workers on a Unix socket while it is open; ``limits`` then tell them where."""

    def __init__(self, limits: Limits, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.limits = replace(limits, proxy=path)
        before = os.umask(0o177)
        try:
            self._server = _Server(self.limits, path)
        finally:
            os.umask(before)

    def __enter__(self) -> ServiceProxy:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        Path(cast(str, self._server.server_address)).unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, limits: Limits, path: Path) -> None:
        self.limits = limits
        super().__init__(str(path), _Order)


class _Order(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        wire = Wire(self.request)
        limits = self.server.limits
        with contextlib.suppress(OSError, WireClosed), tempfile.TemporaryFile(dir=limits.spool) as received:
            order = wire.receive().content
            try:
                media_type = fetch(order["service"], order["query"], order["accept"], limits, received)
            except (Unreachable, OSError, http.client.HTTPException) as error:
                wire.send(Message({"reason": str(error) or type(error).__name__}))
                return
            size = received.tell()
            received.seek(0)
            wire.send(Message({"media_type": media_type, "size": size}, received.fileno()))


def fetch(service: str, query: str, accept: str, limits: Limits, into: IO[bytes]) -> str:
    """Asks an endpoint of the list by SPARQL 1.1 Protocol §2.1.3, and writes what it says; the media type of that.

    Raises :class:`Unreachable`, ``OSError`` or ``http.client.HTTPException``.
    """
    deadline = time.monotonic() + max(limits.seconds, limits.page_seconds)
    for _ in range(MOST_REDIRECTS + 1):
        if service not in limits.services:
            raise Unreachable(f"{service} is not on the list")
        with contextlib.closing(connect(urlsplit(service), deadline)) as connection:
            parts = urlsplit(service)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Content-Type": "application/sparql-query", "Accept": accept, "User-Agent": "maillage"}
            connection.request("POST", path, query.encode(), headers)
            response = connection.getresponse()
            if response.status == 200:
                copy_body(response, into, limits.size, deadline)
                return response.getheader("Content-Type", "application/octet-stream")
            if response.status not in REDIRECTS:
                raise Unreachable(f"{service} answered {response.status}")
            service = urljoin(service, response.getheader("Location", ""))
    raise Unreachable(f"{service} redirects for ever")


def connect(parts: SplitResult, deadline: float) -> http.client.HTTPConnection:
    """A connection to the address that was judged. Raises :class:`Unreachable` or ``OSError``."""
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _address(host, port)
    timeout = max(0.1, deadline - time.monotonic())
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    link = socket.create_connection((address, port), timeout=timeout)
    connection.sock = ssl.create_default_context().wrap_socket(link, server_hostname=host) if secure else link
    return connection


def _address(host: str, port: int) -> str:
    """The address to call for a host of the list. Raises :class:`Unreachable` when all of them are private."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = [address for address in found if _is_named(host) or is_public(address)]
    if not allowed:
        raise Unreachable(f"{host} leads to a private address")
    return allowed[0]


def _is_named(host: str) -> bool:
    """Whether the list names the address itself."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_public(address: str) -> bool:
    """Whether anybody on the Internet may be meant by an address, also by the one inside an IPv6 address."""
    there = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(there, ipaddress.IPv6Address):
        inner = there.ipv4_mapped or there.sixtofour
        if there in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(there) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if there.teredo is not None:
            return False
    return there.is_global and not there.is_multicast


def copy_body(response: http.client.HTTPResponse, into: IO[bytes], most: int, deadline: float) -> None:
    """What another server says, within bounds. Raises :class:`Unreachable` beyond them."""
    while piece := response.read1(_PIECE):
        into.write(piece)
        if into.tell() > most:
            raise Unreachable(f"more than {most} bytes")
        if time.monotonic() > deadline:
            raise Unreachable("too slow")
    into.flush()
