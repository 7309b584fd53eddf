"""A process gives up the network, and dies with its parent; as far as the system (Linux) lets it, and it says how far.

Two walls, each enough by itself: a network namespace that holds nothing but a loopback of its own (network_namespaces(7)), and
a filter on the system call ``socket`` that lets only Unix sockets be made (seccomp(2), the classic BPF of the kernel's
Documentation/userspace-api/seccomp_filter.rst).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import signal
import socket
import struct
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER = 1, 38, 22, 36
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000  # 13: EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000
_MANY_FILES = 65_536
_PAGE = resource.getpagesize()
_ARCHITECTURES = {  # AUDIT_ARCH, then the numbers of socket, io_uring_setup, ptrace
    "x86_64": (0xC000003E, (41, 425, 101)),
    "aarch64": (0xC00000B7, (198, 425, 117)),
}


def enter(*, loopback: bool) -> dict[str, bool]:
    """Gives up the network, for good; ``loopback`` keeps TCP inside an own namespace, for a relay.

    Answers what held: ``namespace``, ``filter``, and ``loopback`` when it was asked for and is there.
    """
    held = {"namespace": False, "filter": False, "loopback": False}
    if not sys.platform.startswith("linux"):
        return held
    held["namespace"] = _own_namespace()
    held["loopback"] = loopback and held["namespace"] and _raise_loopback()
    if not held["loopback"]:
        held["filter"] = _filter_sockets()
    return held


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """The kernel sends the signal when the thread that started this process ends (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def adopt_orphans() -> None:
    """Processes that our children leave behind become our own children (prctl(2), PR_SET_CHILD_SUBREAPER)."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def raise_descriptors() -> int:
    """Lets this process open as many files as the system lets it; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else _MANY_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, _MANY_FILES), hard))
    return min(most, _MANY_FILES)


def leave_no_core() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(headroom_mb: int) -> None:
    """Lets the address space grow by so much beyond its size of now. Called anew before each query."""
    size = address_space()
    if size:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size + headroom_mb * 1024 * 1024, hard))


def free_memory() -> None:
    """Lifts the limit, while a store is opened."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def address_space() -> int:
    """Bytes of this process's address space; 0 where the system does not tell."""
    try:
        told = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)  # twice a query: a third of what a path object takes
    except OSError:
        return 0
    try:
        return int(os.read(told, 100).split()[0]) * _PAGE
    finally:
        os.close(told)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _own_namespace() -> bool:
    """As root directly, else inside a user namespace where the system allows one; our user and group stay the same in it."""
    libc = _libc()
    if os.geteuid() == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    except OSError:
        return True  # the network is gone all the same; files open by what the process already has
    return True


def _raise_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            name = struct.pack("16sH14x", b"lo", 0)
            flags = struct.unpack("16sH14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, name))[1]
            fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))
    except OSError:
        return False
    return True


def _filter_sockets() -> bool:
    known = _ARCHITECTURES.get(platform.machine())
    if known is None or struct.calcsize("P") != 8:
        return False
    program = _program(*known)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(head), 0, 0) == 0)


def _program(architecture: int, calls: tuple[int, int, int]) -> bytes:
    """Kills a call of another architecture; refuses io_uring, ptrace, and sockets that are not Unix ones."""
    open_socket, ring, trace = calls
    steps = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_AT_LEAST, 5, 0, _X32),
        (_EQUAL, 4, 0, ring),
        (_EQUAL, 3, 0, trace),
        (_EQUAL, 0, 3, open_socket),
        (_LOAD, 0, 0, 16),  # seccomp_data.args[0], low half: the socket's family
        (_EQUAL, 1, 0, socket.AF_UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
