"""Standing questions: each new story once, whatever happens between two looks, and no more often than wanted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.standing import Every, StandingQuestions, look
from retrieval import Archive, QuestionError, Settings, index_paths, remove_articles
from tests.bot.telegram.test_pace import Clock
from tests.fakes import FakeEncoder

_OLD = {
    "old": (
        "台风“云鹤”登陆",
        "台风“云鹤”昨夜在望潮镇登陆，全镇停课一天，渔船都已回港，没有人员伤亡，道路今早恢复通行。",
    ),
    "tea": ("春茶上市", "今年春茶每斤卖到八百元，茶农说比去年涨了两成，是十年来最高的价钱，外地客商来了三十多家。"),
}
_NEW = {
    "n1": (
        "新台风正在靠近",
        "气象台说，新的台风预计周五靠近望潮镇，渡轮从周四起停航，镇上准备了六个避难所和三千份干粮。",
    ),
    "n2": (
        "灯塔重新粉刷",
        "望潮镇的灯塔本周重新粉刷，用了二百公斤白漆，工人们说上一次粉刷还是十二年以前，守塔人很高兴。",
    ),
    "n3": (
        "渔业统计公布",
        "全县去年捕鱼八千吨，比前年少了一成，县里说主要是休渔期延长，加上几处渔港整修，部分船只没有出海。" * 8
        + "其中两天因台风没有出海。",
    ),
}


class World:
    """An archive that grows, and the standing questions over it, opened anew at each look."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.write(_OLD)
        self.archive = Archive(str(folder / "index"), Settings(reader="off"), FakeEncoder())

    def write(self, articles: dict[str, tuple[str, str]], source: str = "望潮日报") -> None:
        path = self.folder / f"{'-'.join(articles)}.jsonl"
        records = [
            {"id": name, "title": title, "text": text, "source": source} for name, (title, text) in articles.items()
        ]
        path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
        index_paths([path], str(self.folder / "index"), FakeEncoder())

    def look(self, owner: str = "me") -> list[str]:
        with StandingQuestions(self.folder / "standing.sqlite", self.clock) as standing:
            return [hit.article.id for _, hits in look(standing, self.archive, owner) for hit in hits]

    def add(self, question: str, every: Every = Every.TIME, owner: str = "me") -> None:
        with StandingQuestions(self.folder / "standing.sqlite", self.clock) as standing:
            standing.add(owner, question, every, self.archive.moment())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.archive.close()


def test_new_stories_are_told_once_and_old_ones_never(world: World) -> None:
    world.add("台风")
    assert world.look() == []
    world.write(_NEW)
    assert world.look() == ["n1"], (
        "the tea was there before, the lighthouse is another subject, the fishery names it in passing"
    )
    assert world.look() == []
    world.write(
        {"n4": ("台风改道", "台风昨天改道向东，望潮镇解除警报，渡轮今天复航，避难所里的居民陆续回家，干粮分给了学校。")}
    )
    assert world.look() == ["n4"]


@pytest.mark.parametrize("question", ["颱風", "台风？", "有关台风的新闻"])
def test_other_ways_of_asking(world: World, question: str) -> None:
    world.add(question)
    world.write(_NEW)
    found = world.look()
    assert "n2" not in found
    assert "n3" not in found
    assert found == ["n1"]


def test_copy_of_what_is_known_is_no_news(world: World) -> None:
    world.add("台风")
    world.write({"copy": _OLD["old"]}, "省报")
    assert world.look() == []
    world.write({"n1": _NEW["n1"]})
    world.write({"other": _NEW["n1"]}, "省报")
    assert len(world.look()) == 1, "two outlets tell one story"
    world.write({"third": _NEW["n1"]}, "市报")
    assert world.look() == []


def test_no_more_often_than_wanted_and_nothing_is_lost_meanwhile(world: World) -> None:
    world.add("台风", Every.DAY)
    world.write({"n1": _NEW["n1"]})
    assert world.look() == ["n1"]
    world.write(
        {"n4": ("台风改道", "台风昨天改道向东，望潮镇解除警报，渡轮今天复航，避难所里的居民陆续回家，干粮分给了学校。")}
    )
    world.clock.now += 86_000
    assert world.look() == []
    world.clock.now += 500
    assert world.look() == ["n4"]


def test_story_that_two_questions_are_about_is_told_once_to_each_owner(world: World) -> None:
    world.add("台风")
    world.add("避难所")
    world.add("渡轮", owner="you")
    world.write(_NEW)
    assert world.look() == ["n1"]
    assert world.look("you") == ["n1"]


def test_what_was_not_sent_after_all_is_told_the_next_time(world: World) -> None:
    world.add("台风", Every.DAY)
    world.write(_NEW)
    with StandingQuestions(world.folder / "standing.sqlite", world.clock) as standing:
        news = standing.news(world.archive, "me")
        standing.mark(news)
        standing.mark(news, False)
    assert world.look() == ["n1"]


def test_rebuilt_archive_is_no_news(world: World) -> None:
    world.add("台风")
    remove_articles(str(world.folder / "index"), ["tea"])
    assert world.look() == []
    assert world.archive.arrived("台风", "another:1")[0] == ()


def test_questions_are_listed_replaced_and_ended(tmp_path: Path) -> None:
    with StandingQuestions(tmp_path / "s.sqlite", Clock()) as standing:
        first = standing.add("1", " 台风  动向 ", Every.DAY, "m:1", "zh-hans", 7)
        assert (first.question, first.thread, first.language) == ("台风 动向", 7, "zh-hans")
        assert standing.add("1", "台风 动向", Every.WEEK, "m:9").number == first.number
        standing.add("2", "渡轮", Every.DAY, "m:1")
        assert [(each.owner, each.every, each.moment) for each in standing.of()] == [
            ("1", "week", "m:1"),
            ("2", "day", "m:1"),
        ]
        standing.move("1", "3")
        assert [each.owner for each in standing.of()] == ["3", "2"]
        assert not standing.remove("2", first.number)
        assert standing.remove("3", first.number)
        for wrong in ("", " ", "x" * 201):
            with pytest.raises(QuestionError):
                standing.add("1", wrong, Every.DAY, "m:1")


def test_command_line_adds_lists_and_removes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(world.folder / "data"))
    index = ["--index", str(world.folder / "index")]
    run = CliRunner().invoke
    assert run(app, ["watch", "add", "台风", "--every", "day", *index]).output == "1: 台风\n"
    assert json.loads(run(app, ["watch", "list", "--json", *index]).output) == [
        {"number": 1, "question": "台风", "every": "day"}
    ]
    assert run(app, ["watch", "list", "--index", str(world.folder / "other")]).output == ""
    assert run(app, ["watch", "run", *index]).output == "Nothing new.\n"
    assert isinstance(run(app, ["watch", "remove", "渡轮", *index]).exception, QuestionError)
    assert run(app, ["watch", "remove", "1", *index]).exit_code == 0
    assert json.loads(run(app, ["watch", "list", "--json", *index]).output) == []
