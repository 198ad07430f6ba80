"""One Screener in many threads, in forked processes, copied into others, and a screening that is carried around."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import pytest

from backscreen import Profile, ProfileError, Screener, Screening, Trial, UsageError
from backscreen.loading.rulebook_files import load_rulebooks
from tests.helpers.machine import PATIENCE

KNOWLEDGE_BASE = load_rulebooks("lower-back")
PEOPLE = [
    Profile(facts={"sciatica": True}, otherwise="no"),
    Profile(facts={"facet_syndrome": True}, otherwise="no"),
    Profile(trials=[Trial("side_bend", felt="pain"), Trial(felt="discomfort")], otherwise="no"),
    Profile(facts={"scoliosis": True}),
    Profile(facts={"excess_weight_lb": 300, "warm_up_min": 7}),
]
ENGINES = ["durable", "compiled"] if find_spec("durable") is not None else ["compiled"]
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")


def screener(engine: str) -> Screener:
    return Screener(KNOWLEDGE_BASE, engine="compiled" if engine == "compiled" else None)


@pytest.mark.parametrize("engine", ENGINES)
def test_eight_threads_get_what_one_gets(engine: str) -> None:
    """People screened at the same time do not leak into one another."""
    shared = screener(engine)
    expected = [shared.screen(person).to_dict() for person in PEOPLE]
    together = threading.Barrier(8)

    def work(start: int) -> list[int]:
        together.wait()
        turns = [turn % len(PEOPLE) for turn in range(start, start + 50)]
        return [number for number in turns if shared.screen(PEOPLE[number]).to_dict() != expected[number]]

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(work, range(8)))
    assert shared.engine == engine


def test_a_screening_is_read_by_many_threads_at_once() -> None:
    """Reasons are worked out when they are first read, by whoever comes first."""
    expected = Screener(KNOWLEDGE_BASE).screen(PEOPLE[3]).to_dict()
    for _ in range(20):
        screening = Screener(KNOWLEDGE_BASE, engine="compiled").screen(PEOPLE[3])
        with ThreadPoolExecutor(8) as pool:
            read = list(pool.map(lambda _, one=screening: one.to_dict(), range(8)))
        assert all({**one, "engine": None} == {**expected, "engine": None} for one in read)


IN_A_CHILD = """
import os, sys, threading
from backscreen import Profile, Screener, Trial

people = [Profile({"sciatica": True}, otherwise="no"), Profile({"scoliosis": True})]
people.append(Profile(trials=[Trial("side_bend", felt="pain")]))
screener = Screener()
expected = [screener.screen(person).to_dict() for person in people]
busy = True


def go_on():
    while busy:
        for person in people:
            screener.screen(person).to_dict()


threads = [threading.Thread(target=go_on) for _ in range(int(sys.argv[1]))]
for thread in threads:
    thread.start()
for _ in range(60):
    child = os.fork()
    if not child:
        right = [screener.screen(person).to_dict() for person in people] == expected
        os._exit(0 if right and Screener().screen(people[0]).to_dict() == expected[0] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert screener.screen(people[1]).to_dict() == expected[1]
busy = False
for thread in threads:
    thread.join()
"""


@forking
@pytest.mark.parametrize("threads", [0, 3])
def test_a_forked_process_goes_on_with_the_screener_it_got(threads: int) -> None:
    """No lock stays held, and nobody gets another person's answers, even if threads were screening."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", IN_A_CHILD, str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert not done.returncode, done.stderr


def _screened(shared: Screener) -> Screening:
    return shared.screen(PEOPLE[0])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_screener_is_pickled_and_built_anew_elsewhere(engine: str) -> None:
    shared = screener(engine)
    expected = shared.screen(PEOPLE[0])
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = pool.submit(_screened, shared).result()
    assert there == expected
    assert there.to_dict() == expected.to_dict()
    for again in (pickle.loads(pickle.dumps(shared)), copy.copy(shared), copy.deepcopy(shared)):  # noqa: S301 - our own
        assert again.engine == engine
        assert again.screen(PEOPLE[0]) == expected


BESIDE_READERS = """
import multiprocessing, threading
from backscreen import Profile, Screener
from backscreen.loading.rulebook_files import load_rulebooks

guidance, person = load_rulebooks(), Profile({"scoliosis": True})
shared = Screener(guidance)
done = threading.Event()


def read():
    while not done.is_set():
        Screener(guidance, engine="compiled").screen(person).to_dict()


def told(_):
    return shared.screen(person).to_dict()


threads = [threading.Thread(target=read) for _ in range(3)]
for thread in threads:
    thread.start()
try:
    for _ in range(3):
        with multiprocessing.get_context("fork").Pool(4) as pool:
            assert pool.map_async(told, range(8)).get() == [told(0)] * 8
finally:
    done.set()
"""


@forking
def test_a_pool_of_forked_processes_works_beside_threads_that_read() -> None:
    """Nothing that a thread holds while it reads is waited for in the child."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", BESIDE_READERS],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert not done.returncode, done.stderr


def test_a_copy_of_a_screener_has_every_engine_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is built anew, a Screener goes on without the engine that failed."""
    shared = Screener(KNOWLEDGE_BASE)
    engine = shared.engine
    with monkeypatch.context() as patch:
        patch.setattr(shared._engine, "activations", lambda *_: 1 / 0, raising=False)  # noqa: SLF001 - an engine that fails is nowhere to be had
        assert shared.screen(PEOPLE[0]).fault is not None
    assert pickle.loads(pickle.dumps(shared)).engine == engine  # noqa: S301 - our own


def test_what_is_carried_around_holds_no_rulebook() -> None:
    """A screening that was pickled says all that it said, and needs nothing that it was worked out from."""
    for person in PEOPLE:
        assert pickle.loads(pickle.dumps(person)) == person  # noqa: S301 - our own
        screening = Screener(KNOWLEDGE_BASE).screen(person)
        carried = pickle.dumps(screening)
        assert len(carried) < 60_000 < len(pickle.dumps(KNOWLEDGE_BASE))
        again = pickle.loads(carried)  # noqa: S301 - our own
        assert again == screening
        assert hash(again) == hash(screening)
        assert again.to_dict() == screening.to_dict()
        assert copy.deepcopy(screening) == screening


def test_different_screenings_differ() -> None:
    screenings = {Screener(KNOWLEDGE_BASE).screen(person) for person in PEOPLE * 2}
    assert len(screenings) == len(PEOPLE)
    assert Screener(KNOWLEDGE_BASE).screen(PEOPLE[0]) != "care"


@pytest.mark.skipif(find_spec("durable") is None, reason="durable_rules cannot be installed here")
def test_screening_starts_no_thread() -> None:
    before = threading.enumerate()
    Screener(KNOWLEDGE_BASE).screen(PEOPLE[0])
    assert threading.enumerate() == before


# Loops over many people


@pytest.mark.parametrize("engine", [None, "compiled"])
def test_screen_many_is_screen_in_a_loop(engine: Any) -> None:
    """Screenings come in the order of the profiles, and no profile is read before its turn."""
    screener, read = Screener(engine=engine), []

    def profiles() -> Iterator[Profile]:
        for answer in (True, False, None):
            read.append(answer)
            yield Profile({"sciatica": answer}, otherwise="no")

    screenings = screener.screen_many(profiles())
    assert next(screenings).directive == "care"
    assert read == [True]
    assert [screening.settled for screening in screenings] == [True, False]


def test_screen_many_raises_or_collects_errors() -> None:
    """A collected error stands where the screening would."""
    screener = Screener(engine="compiled")
    people = [Profile({"sciatica": True}), Profile({"siatica": True}), Profile()]
    with pytest.raises(ProfileError):
        list(screener.screen_many(people))
    collected = list(screener.screen_many(people, errors="collect"))
    assert [type(item) for item in collected] == [Screening, ProfileError, Screening]
    with pytest.raises(UsageError):
        screener.screen_many(people, errors="ignore")  # type: ignore[call-overload]
