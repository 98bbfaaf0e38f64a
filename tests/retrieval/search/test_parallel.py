import os
import signal
import sys
import threading

import pytest

from retrieval.search.candidates import in_parallel


def nothing() -> None:
    pass


def test_work_runs_beside_its_caller() -> None:
    met = threading.Barrier(2, timeout=30)
    assert sorted(in_parallel(met.wait, met.wait)) == [0, 1]


def test_both_are_done_by_the_caller_where_it_waits_for_nothing() -> None:
    here = threading.get_ident()
    assert in_parallel(threading.get_ident, threading.get_ident, waits=False) == (here, here)
    assert in_parallel(threading.get_ident, threading.get_ident)[0] != here


@pytest.mark.parametrize("waits", [True, False])
def test_what_fails_in_the_other_thread_fails_here(waits: bool) -> None:
    def fails() -> None:
        raise KeyError("none")

    with pytest.raises(KeyError):
        in_parallel(fails, nothing, waits=waits)


def test_it_is_done_when_the_caller_leaves_even_by_an_error() -> None:
    done, go = threading.Event(), threading.Event()

    def slow() -> None:
        go.wait(30)
        done.set()

    def leaves() -> None:
        go.set()
        raise ValueError("left")

    with pytest.raises(ValueError, match="left"):
        in_parallel(slow, leaves)
    assert done.is_set()


def test_who_computed_does_not_wait_for_all_that_the_other_thread_has_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    set_ = list[float]()
    monkeypatch.setattr(sys, "getswitchinterval", lambda: 0.005)
    monkeypatch.setattr(sys, "setswitchinterval", set_.append)
    in_parallel(nothing, nothing)
    assert set_ == [0.0005]
    monkeypatch.setattr(sys, "getswitchinterval", lambda: 0.0001)
    in_parallel(nothing, nothing)
    assert set_[1:] == [0.0001], "less that was chosen elsewhere stays"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_was_forked_has_threads_of_its_own() -> None:
    in_parallel(nothing, nothing)
    child = os.fork()
    if not child:
        signal.alarm(20)  # threads that are not there never begin
        try:
            in_parallel(nothing, nothing)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
