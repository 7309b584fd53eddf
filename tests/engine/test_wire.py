"""Messages with open files: one whose file was lost is no message."""

from __future__ import annotations

import os
import resource
import socket
import struct
import subprocess
import sys

import pytest

from app.engine.hand import environment
from app.engine.wire import Inbox, Message, Wire, WireClosed, pack

_CODE = """
import os, resource, socket, sys
from app.engine.wire import Message, Wire, WireClosed
ours, theirs = map(Wire, socket.socketpair())
file = os.memfd_create("x")
ours.send(Message({"a": 1}, file))
top = max(int(name) for name in os.listdir("/proc/self/fd"))
held = []
resource.setrlimit(resource.RLIMIT_NOFILE, (top + 8, top + 8))
while True:
    try:
        held.append(os.dup(file))
    except OSError:
        break
try:
    theirs.receive()
except WireClosed as closed:
    print(closed)
"""


def test_a_message_comes_with_its_file() -> None:
    ours, theirs = map(Wire, socket.socketpair())
    file = os.memfd_create("x")
    os.write(file, b"held")
    ours.send(Message({"a": 1}, file))
    found = theirs.receive()
    assert found.content == {"a": 1}
    assert found.file not in (None, file)
    assert os.pread(found.file or 0, 10, 0) == b"held"
    found.close()
    os.close(file)
    ours.close()
    with pytest.raises(WireClosed):
        theirs.receive()
    theirs.close()


@pytest.mark.parametrize("body", [None, b"", b"x", b'{"a":1}' * 5_000])
def test_bytes_come_as_they_were_sent_however_they_are_cut(body: bytes | None) -> None:
    """Also none, which is not the same as no byte."""
    text = b"".join(
        pack(message) for message in (Message({"n": 1}, body=body), Message({"é": "\u2028"}), Message({}, body=b"end"))
    )
    ours, theirs = socket.socketpair()
    inbox, found = Inbox(), []
    for size in (5_000, 64, 7, 3, 1):
        for place in range(0, len(text), size):
            ours.sendall(text[place : place + size])
            inbox.receive(theirs)
            while (message := inbox.take()) is not None:
                found.append((message.content, message.file, message.body))
        if len(text) > 20_000:
            break
    assert found[:3] == [({"n": 1}, None, body), ({"é": "\u2028"}, None, None), ({}, None, b"end")]
    assert len(found) % 3 == 0
    ours.close()
    theirs.close()


def test_a_message_that_is_too_long_is_refused_before_it_has_come() -> None:
    ours, theirs = socket.socketpair()
    inbox = Inbox()
    ours.sendall(struct.pack("!IIB", 10, 16 * 1024 * 1024, 0))
    inbox.receive(theirs)
    with pytest.raises(WireClosed):
        inbox.take()
    ours.close()
    theirs.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of open files are Linux'")
def test_a_file_for_which_no_descriptor_is_left_is_told() -> None:
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 20
    done = subprocess.run([sys.executable, "-P", "-c", _CODE], capture_output=True, text=True, check=True, env=environment())
    assert "no descriptor is left" in done.stdout
