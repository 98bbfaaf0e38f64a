"""Answers from processes of their own: the same as in one, whoever dies."""

import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.telegram import child as child_module
from bot.telegram.child import Child, GoneError
from bot.telegram.library import Library
from bot.telegram.opening import open_loaded
from bot.telegram.processes import Processes
from bot.telegram.scope import Scope
from bot.telegram.settings import TOGETHER, TelegramSettings
from retrieval import (
    Answer,
    ArchiveLockedError,
    ArchiveMissingError,
    Asked,
    ChuchuError,
    Filters,
    QuestionError,
    Settings,
    index_paths,
    open_archive,
)
from tests.bot.telegram.conftest import ROOT, Chat, StartBot
from tests.bot.telegram.fakes import FakeArchive
from tests.bot.telegram.server import Server, wait_until


class MortalArchive(FakeArchive):
    """Tells in which process it is, and dies of some questions."""

    def _ask(self, question: str, k: int, filters: Filters) -> Answer:
        if "deadly" in question:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._ask(question, k, filters)

    def foresee(self, questions: Sequence[Asked]) -> None:
        super().foresee(questions)
        if any("unforeseen" in asked.question for asked in questions):
            raise RuntimeError("cannot embed that")

    def stats(self) -> dict[str, object]:
        return {"process": os.getpid(), "foreseen": self.foreseen}


def no_archive() -> FakeArchive:
    raise ArchiveMissingError("there is no archive in x. Fill it with: chuchu index PATH")


def no_memory() -> FakeArchive:
    os.kill(os.getpid(), signal.SIGKILL)
    return FakeArchive()


@pytest.fixture
def mortal() -> Iterator[Processes]:
    with closing(Processes(MortalArchive, 2)) as processes:
        yield processes


def pids(processes: Processes) -> set[int]:
    """Ask each process once: who is idle longest answers next."""
    return {int(str(processes.stats()["process"])) for _ in range(2)}


def family(parent: int) -> set[int]:
    """Return the ids of the processes that answer for a process, and are alive."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            is_child = int(above) == parent and state != "Z" and b"spawn_main" in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if is_child:
            found.add(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def test_every_method_gives_what_it_gives_in_one_process() -> None:
    one = FakeArchive()
    with closing(Processes(FakeArchive, 1)) as several:
        for question in ("bridge emoji", "reprint ferry", "refuse", "nothing 去年", "latest 去年"):
            for given in ({}, {"k": 1, "filters": Filters("2022", source="s"), "as_of": date(2023, 1, 2)}):
                assert several.ask(question, **given) == one.ask(question, **given)  # type: ignore[arg-type]
        assert several.ask("去年", is_literal=True) == one.ask("去年", is_literal=True) != one.ask("去年")
        assert several.latest(1, as_of=date(2022, 5, 1)) == one.latest(1, as_of=date(2022, 5, 1)) != []
        assert several.latest(2, Filters(source="青岚新闻网")) == one.latest(2, Filters(source="青岚新闻网"))
        assert several.article("ferry") == one.article("ferry")
        assert several.article("none") is None
        assert several.sources() == one.sources()
        assert several.stats() == one.stats()


def test_errors_cross_and_the_words_of_a_question_stay(capfd: pytest.CaptureFixture[str]) -> None:
    with closing(Processes(FakeArchive, 1)) as several:
        with pytest.raises(QuestionError, match="2001 characters"):
            several.ask("问" * 2001)
        with pytest.raises(ArchiveLockedError, match="another process is writing"):
            several.ask("locked")
        with pytest.raises(RuntimeError, match=r"^RuntimeError$"):
            several.ask("crash and burn")
        assert several.ask("bridge").hits
    shown = capfd.readouterr()
    assert shown.out == ""
    assert "fakes.py" in shown.err
    assert "RuntimeError" in shown.err
    assert "burn" not in shown.err


def kinds(above: type[ChuchuError]) -> Iterator[type[ChuchuError]]:
    yield above
    for below in above.__subclasses__():
        yield from kinds(below)


def test_every_error_survives_the_way() -> None:
    found = set(kinds(ChuchuError))
    assert {GoneError, ArchiveMissingError, QuestionError} < found
    for kind in found:
        crossed = pickle.loads(pickle.dumps(kind("what happened, 1")))  # noqa: S301 our own
        assert (type(crossed), str(crossed)) == (kind, "what happened, 1")


def test_calls_are_answered_side_by_side(mortal: Processes) -> None:
    first, second = pids(mortal)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(mortal.ask, "slow bridge")
        assert until(lambda: mortal._line._idle == 1)
        assert len(pids(mortal)) == 1, "the other process answers meanwhile"
        assert not slow.done()
        assert slow.result().hits
    assert pids(mortal) == {first, second}


def test_killed_process_is_replaced_and_the_call_made_again(
    mortal: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = pids(mortal)
    os.kill(first, signal.SIGKILL)
    assert [bool(mortal.ask(f"bridge {number}").hits) for number in range(4)] == [True] * 4
    now = pids(mortal)
    assert len(now) == 2
    assert first not in now
    assert second in now
    assert f"process {first}, which answered questions, ended by itself (-9)" in caplog.text


def test_question_that_kills_is_put_twice_and_then_excused(mortal: Processes, caplog: pytest.LogCaptureFixture) -> None:
    before = pids(mortal)
    with pytest.raises(GoneError, match="CHUCHU_TELEGRAM_PROCESSES"):
        mortal.ask("deadly")
    assert caplog.text.count("Another takes its place") == 1
    assert mortal.ask("bridge").hits
    assert mortal.ask("bridge").hits
    after = pids(mortal)
    assert len(after) == 2
    assert len(after & before) == 1


def wait_together(processes: Processes, questions: Sequence[str]) -> list[Answer | Exception]:
    """Ask while the only process is busy; return what came of each question."""

    def ask(question: str) -> Answer | Exception:
        try:
            return processes.ask(question, k=1)
        except Exception as error:  # noqa: BLE001 it is what came of it
            return error

    with ThreadPoolExecutor(len(questions) + 1) as threads:
        threads.submit(ask, "slow bridge")
        assert until(lambda: processes._line._idle == 0)
        asked = [threads.submit(ask, question) for question in questions]
        assert until(lambda: len(processes._line) == len(questions))
        return [each.result() for each in asked]


@pytest.fixture
def lonely() -> Iterator[Processes]:
    with closing(Processes(MortalArchive, 1)) as processes:
        yield processes


@pytest.mark.parametrize("unforeseen", ["", "unforeseen "])
def test_questions_that_wait_are_foreseen_together_and_each_gets_its_own_answer(
    lonely: Processes, unforeseen: str
) -> None:
    questions = [f"{unforeseen}question {number}" for number in range(TOGETHER + 3)]
    answers = wait_together(lonely, questions)
    assert [isinstance(answer, Answer) and answer.question for answer in answers] == questions
    assert [isinstance(answer, Answer) and answer.hits[0].article.id for answer in answers] == [
        f"echo:{question}" for question in questions
    ]
    foreseen = lonely.stats()["foreseen"]
    assert isinstance(foreseen, list)
    assert sorted(foreseen) == sorted(questions), "the first of them, and the three that were left"


def test_what_fails_among_questions_that_wait_fails_alone(lonely: Processes) -> None:
    first, second, third, last = wait_together(lonely, ["bridge 1", "crash", "locked", "bridge 2"])
    assert [isinstance(answer, Answer) and answer.question for answer in (first, last)] == ["bridge 1", "bridge 2"]
    assert isinstance(second, RuntimeError)
    assert isinstance(third, ArchiveLockedError)


def test_a_question_that_kills_takes_none_along_that_waited_with_it(
    lonely: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    answers = wait_together(lonely, ["bridge 1", "deadly", "bridge 2", "deadly too", "bridge 3"])
    kinds_ = [GoneError if isinstance(answer, GoneError) else type(answer) for answer in answers]
    assert kinds_ == [Answer, GoneError, Answer, GoneError, Answer]
    assert lonely.ask("bridge").hits
    assert "Another takes its place" in caplog.text


def test_process_that_cannot_be_started_is_tried_again_with_the_next_call(
    lonely: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(int(str(lonely.stats()["process"])), signal.SIGKILL)
    with monkeypatch.context() as patch:
        patch.setattr(child_module, "_start", Mock(side_effect=OSError("no memory")))
        for _ in range(2):
            with pytest.raises(OSError, match="no memory"):
                lonely.ask("bridge")
    assert lonely.ask("bridge").hits


def test_answers_that_nobody_fetched_answer_no_later_call() -> None:
    child = Child(MortalArchive)
    child.reply()
    fetched = child.ask([Asked("bridge"), Asked("ferry"), Asked("evil")])
    assert next(fetched)[0] is False
    fetched.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(GoneError):
        child.call("article", ("ferry",), {})
    child.renew()
    assert child.call("article", ("bridge",), {}) == FakeArchive().article("bridge")
    child.end()


def test_only_the_bot_ends_its_processes(mortal: Processes) -> None:
    before = pids(mortal)
    for pid in before:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
    assert pids(mortal) == before
    mortal.close()
    assert until(lambda: not any(map(is_alive, before)))
    with pytest.raises(GoneError):
        mortal.ask("bridge")
    assert family(os.getpid()) & before == set()


def test_signals_reach_no_process_that_starts() -> None:
    child = Child(MortalArchive)
    assert child._process.pid
    os.kill(child._process.pid, signal.SIGINT)
    os.kill(child._process.pid, signal.SIGTERM)
    child.reply()
    assert child.call("stats", (), {}) == {"process": child._process.pid, "foreseen": []}
    child.end()
    assert not is_alive(child._process.pid)


def test_closed_while_it_answers_a_process_ends_with_its_answer(mortal: Processes) -> None:
    busy = pids(mortal)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(mortal.ask, "slow bridge")
        assert until(lambda: mortal._line._idle == 1)
        mortal.close()
        assert until(lambda: sum(map(is_alive, busy)) == 1)
        assert slow.result().hits
    assert until(lambda: not any(map(is_alive, busy)))


@pytest.mark.parametrize("opener", [no_archive, no_memory])
def test_archive_that_cannot_be_opened_leaves_no_process(opener: Callable[[], FakeArchive]) -> None:
    before = family(os.getpid())
    with pytest.raises(ArchiveMissingError if opener is no_archive else GoneError):
        Processes(opener, 2)
    assert family(os.getpid()) == before


def test_replaced_archive_ends_with_its_last_question(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").touch()
    library = Library(tmp_path, partial(Processes, MortalArchive, 1))
    before = library.stats()["process"]
    assert isinstance(before, int)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(library.ask, "slow bridge", 1, Scope())
        assert until(lambda: slow.running() and library._archive._line._idle == 0)  # type: ignore[union-attr]
        library.reload()
        assert slow.result().hits
    assert until(lambda: not is_alive(before))
    assert library.stats()["process"] != before
    library.close()


def test_threads_for_as_many_questions_as_processes_are_given() -> None:
    assert TelegramSettings(processes=3).threads == 3 * TOGETHER
    assert TelegramSettings(processes=1, workers=5).threads == 5


def test_bot_answers_from_processes_and_takes_them_along(server: Server, start_bot: StartBot) -> None:
    with start_bot(processes="2") as bot:
        assert bot.process
        children = family(bot.process.pid)
        assert len(children) == 2
        slow = [
            (chat, chat.say(f"slow question {chat.number}")) for chat in (Chat(server.world, 1), Chat(server.world, 2))
        ]
        for chat, number in slow:
            wait_until(server.world, lambda: server.world.calls, 10)
            assert f"question {chat.number}" in chat.answer_to(number)["text"]
        last = Chat(server.world, 3).say("slow bridge")
        time.sleep(0.5)
        for pid in children:
            os.kill(pid, signal.SIGTERM)  # as systemd does, to all at once
        assert bot.end() == 0
        assert len(Chat(server.world, 3).answers_to(last)) == 1
        assert not any(map(is_alive, children))


def test_killed_bot_leaves_no_process(server: Server, start_bot: StartBot) -> None:
    with start_bot(processes="2") as bot:
        assert bot.process
        children = family(bot.process.pid)
        Chat(server.world, 1).say("slow bridge")
        time.sleep(0.5)
        bot.end(signal.SIGKILL)
        assert len(children) == 2
        assert until(lambda: not any(map(is_alive, children)))
    assert "Traceback" not in bot.logged


def test_real_archive_answers_as_in_one_process(prepared_cache: Path, tmp_path: Path) -> None:
    from retrieval import encoder_of

    settings = Settings(cache=prepared_cache)
    index_paths([ROOT / "examples" / "archive" / "courier"], tmp_path / "index", encoder_of(settings))
    with (
        open_archive(tmp_path / "index", settings) as one,
        closing(Processes(partial(open_loaded, tmp_path / "index", settings), 1)) as several,
    ):
        question = "How many egrets were counted along the Yun River in 2022?"
        here, there = one.ask(question, k=8), several.ask(question, k=8)
        assert (there.hits, there.filters, there.confidence) == (here.hits, here.filters, here.confidence)
        assert "14,600" in there.hits[0].text
        refused = several.ask("Who won the elephant race on the moon?")
        assert str(refused.refusal) == str(one.ask("Who won the elephant race on the moon?").refusal)
        assert several.sources() == one.sources()
        assert several.latest(3) == one.latest(3)
        assert several.stats() == one.stats()
