import os
import signal
import sys
import threading
import time

import pytest

from retrieval.search.beside import beside


def test_work_runs_beside_its_caller() -> None:
    met = threading.Barrier(2, timeout=30)
    with beside(met.wait) as other:
        met.wait()
        assert other.result() in {0, 1}


def test_what_fails_fails_where_its_result_is_asked_for() -> None:
    def fails() -> None:
        raise KeyError("none")

    with beside(fails) as other, pytest.raises(KeyError):
        other.result()


def left(work: threading.Event, go: threading.Event) -> None:
    def slow() -> None:
        go.wait(30)
        work.set()

    with beside(slow):
        go.set()
        raise ValueError("left")


def test_it_is_done_when_the_caller_leaves_even_by_an_error() -> None:
    done, go = threading.Event(), threading.Event()
    with pytest.raises(ValueError, match="left"):
        left(done, go)
    assert done.is_set()


def test_who_computed_does_not_wait_for_all_that_the_other_thread_has_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    set_ = list[float]()
    monkeypatch.setattr(sys, "getswitchinterval", lambda: 0.005)
    monkeypatch.setattr(sys, "setswitchinterval", set_.append)
    with beside(time.monotonic):
        assert set_ == [0.0005]
    monkeypatch.setattr(sys, "getswitchinterval", lambda: 0.0001)
    with beside(time.monotonic):
        assert set_[1:] == [0.0001], "less that was chosen elsewhere stays"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_was_forked_has_threads_of_its_own() -> None:
    with beside(time.monotonic):
        pass
    child = os.fork()
    if not child:
        signal.alarm(20)  # threads that are not there never begin
        try:
            with beside(time.monotonic):
                pass
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
