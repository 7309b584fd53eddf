"""Any sequence of writes, prunings, restorations and rebuildings gives what plain Python sets give."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from versioned import BASE, FAST, change, content, lines, said, write

from app.engine.versions import Repository
from app.errors import NoStore

quads = st.builds(said, st.integers(0, 3), st.sampled_from(["x", "y"]), st.sampled_from("abc"))
some = st.frozensets(quads, max_size=5)


class History(RuleBasedStateMachine):
    """``states[n]`` is what version ``n`` must hold; 0 is the empty store."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self.data = Path(self.folder.name) / "data"
        self.states: list[frozenset[ox.Quad]] = [frozenset()]

    def teardown(self) -> None:
        self.folder.cleanup()

    @property
    def store(self) -> Repository:
        return Repository(self.data, BASE, options=FAST)

    def expect(self, version: object, state: frozenset[ox.Quad]) -> None:
        if state == self.states[-1]:
            assert version is None
        else:
            assert version is not None
            self.states.append(state)

    @rule(added=some, removed=some)
    def change(self, added: frozenset[ox.Quad], removed: frozenset[ox.Quad]) -> None:
        state = (self.states[-1] - removed) | added
        self.expect(write(self.store, added, removed), state)

    @rule(added=some, name=st.sampled_from("abc"))
    def replace(self, added: frozenset[ox.Quad], name: str) -> None:
        own = {said(quad.subject.value.rpartition("/")[2], quad.object.value, name) for quad in added}  # type: ignore[union-attr]
        state = frozenset(quad for quad in self.states[-1] if not quad.graph_name.value.endswith(name)) | own  # type: ignore[union-attr]
        with self.store.transaction("test", "replace") as transaction:
            transaction.replace_graph(f"{BASE}graphs/{name}", lines(self.data.parent / "own.nt", own))
            version = transaction.commit()
        self.expect(version, state)

    @precondition(lambda self: len(self.states) > 1)
    @rule(choice=st.integers(0, 99))
    def restore(self, choice: int) -> None:
        n = 1 + choice % (len(self.states) - 1)
        self.expect(self.store.restore(n, "test"), self.states[n])

    @precondition(lambda self: len(self.states) > 1)
    @rule(keep=st.integers(1, 3))
    def prune(self, keep: int) -> None:
        self.store.prune(keep)

    @precondition(lambda self: len(self.states) > 1)
    @rule(choice=st.integers(0, 99))
    def rebuild(self, choice: int) -> None:
        n = 1 + choice % (len(self.states) - 1)
        self.store.rebuild(n)
        assert content(self.store, n) == self.states[n]

    @precondition(lambda self: len(self.states) > 1)
    @rule(a=st.integers(0, 99), b=st.integers(0, 99))
    def compare(self, a: int, b: int) -> None:
        a, b = a % len(self.states), b % len(self.states)
        assert self.store.diff(a, b) == change(self.states[b] - self.states[a], self.states[a] - self.states[b])

    @invariant()
    def newest_is_the_last_state(self) -> None:
        if len(self.states) == 1:
            try:
                self.store.current()
            except NoStore:
                return
            raise AssertionError("a version without a change")
        assert self.store.current().number == len(self.states) - 1
        assert content(self.store) == self.states[-1]
        assert self.store.current().quads == len(self.states[-1])


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=15, stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow])
