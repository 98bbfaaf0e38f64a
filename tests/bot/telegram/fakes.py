"""An archive that answers at once with what was asked, and can do whatever a real one might."""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.live_archive import ArchiveWriter
from retrieval import (
    Age,
    Answer,
    ArchiveLockedError,
    Article,
    Ask,
    Filters,
    FollowUp,
    Hit,
    IndexReport,
    QuestionError,
    Refusal,
    RefusalKind,
    Skipped,
    Source,
)
from retrieval.search.sources import source_named

EVIL = "<b>&amp;</i> <script>alert('x')</script> \x00\x07\u202e &lt;&#0; 「" + "𝄞👩‍👩‍👧‍👦" * 30
ARTICLES = {
    "bridge": Article(
        "bridge",
        "新桥昨天通车。大桥一共花了2.17亿元，比预算少了三百万元。通车当天有两千人走过。",
        title="新跃鲤大桥通车",
        source="青岚新闻网",
        published="2023-05-02",
        url="https://news.example/bridge?a=1&b=2",
        language="zh-Hans",
    ),
    "ferry": Article(
        "ferry", "單程票三百二十元。\n渡輪每日兩班。", title="渡輪開航", source="碧汐日報", language="zh-Hant"
    ),
    "evil": Article("evil", EVIL * 20, title=EVIL * 5, source=EVIL, author=EVIL, url="javascript:alert(1)"),
    "emoji": Article("emoji", "😀" * 5000, title="😀" * 300, source="😀" * 300, published="2022-04-14T17:37+08:00"),
    "long": Article(
        "long", "\n".join(f"第{n}段。这里有一些话，说完就完。" for n in range(900)), title="很长", source="长报"
    ),
}


class FakeArchive:
    """Answers a question with an article that repeats it, then the others; some words make it misbehave."""

    def __init__(self, delay: float = 0.0, folder: Path = Path()) -> None:
        self._delay, self._folder = delay, folder
        self._lock = threading.Lock()
        self.running = self.most_running = 0

    def ask(self, question: str, *, k: int = 3, filters: Filters | None = None, as_of: date | None = None) -> Answer:
        return self.answer(Ask(question, k, filters or Filters(), as_of))

    def answer(self, ask: Ask) -> Answer:
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            filters, question = ask.filters, ask.question
            filters = replace(filters, until=filters.until or ask.as_of.isoformat()) if ask.as_of else filters
            is_read = "去年" in question and not ask.is_literal
            if is_read and not filters.since:
                filters = replace(filters, since="2022", until="2022")
            answer = self._ask(question, ask.k, filters)
            is_dated = bool(answer.hits and answer.hits[0].article.published)
            age = Age(3 if is_dated else None) if "latest" in question else None
            return replace(answer, understood="去年 → 2022" if is_read else None, age=age)
        finally:
            with self._lock:
                self.running -= 1

    def _ask(self, question: str, k: int, filters: Filters) -> Answer:
        if len(question) > 2000:
            raise QuestionError(f"the question has {len(question)} characters; ask in at most 2,000")
        time.sleep(2.0 if "slow" in question else self._delay)
        if "crash" in question:
            raise RuntimeError(f"cannot parse {question}")
        if "locked" in question:
            raise ArchiveLockedError("another process is writing")
        if "nothing" in question:
            return Answer(question, 0.0, filters, (), _refusal(RefusalKind.FILTERED, filters))
        if question == "hello":
            return Answer(question, 0.0, filters, (), Refusal(RefusalKind.SMALL_TALK))
        names = [name for name, each in ARTICLES.items() if name in question or each.text[:4] in question] or [
            f"echo:{question}",
            "bridge",
            "ferry",
        ]
        also = (ARTICLES["emoji"], ARTICLES["bridge"]) if "reprint" in question else ()
        hits = tuple(_hit(rank, self._article(name), also) for rank, name in enumerate(names[:k], 1))
        refusal = _refusal(RefusalKind.UNKNOWN, filters) if "refuse" in question else None
        return Answer(question, 0.1 if refusal else 0.9, filters, hits, refusal)

    def completed(self, ask: Ask, before: str) -> FollowUp | None:
        """Complete what begins with what is asked by what the question before begins with."""
        taken = self.subject(before)
        leans = bool(taken) and not ask.is_literal and re.match("花了|为什么|谁说", ask.question)
        return FollowUp(f"{taken}{ask.question}", taken) if leans else None

    @staticmethod
    def subject(question: str) -> str:
        return re.split("有|幾|花了|为什么", question)[0]

    def latest(self, n: int, filters: Filters | None = None, *, as_of: date | None = None) -> Sequence[Article]:
        """Return the dated articles, or none within a source; `as_of` cuts off what is newer."""
        filters = filters or Filters()
        dated = sorted((each for each in ARTICLES.values() if each.published), key=lambda each: each.published or "")
        fitting = [each for each in dated if filters.source in {None, each.source}]
        return [each for each in reversed(fitting) if not as_of or (each.published or "") <= as_of.isoformat()][:n]

    def article(self, article_id: str) -> Article | None:
        known = article_id in ARTICLES or article_id.startswith("echo:")
        return self._article(article_id) if known else None

    def moment(self) -> str:
        """Return the number of lines of the file `arrived`, each of them an article, below the fake's folder."""
        return str(len(self._arrived()))

    def arrived(self, question: str, since: str) -> tuple[tuple[Hit, ...], str]:
        """Return an article for each line that has the question in it and came since."""
        lines = [line for line in self._arrived()[int(since) :] if question in line]
        return tuple(_hit(rank, self._article(f"echo:{line}")) for rank, line in enumerate(lines, 1)), self.moment()

    def _arrived(self) -> list[str]:
        path = self._folder / "arrived"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def sources(self) -> Sequence[Source]:
        return [Source("青岚新闻网", 2, "2023-05-02", "2024-01-01"), Source(None, 1, None, None)]

    def outlet(self, name: str) -> str | None:
        return source_named(name, [each.name for each in self.sources() if each.name])

    def stats(self) -> dict[str, object]:
        return {"articles": 5, "passages": 9, "sources": 2, "first": "2022-04-14", "last": "2023-05-02", "undated": 3}

    def close(self) -> None:
        pass

    @staticmethod
    def _article(article_id: str) -> Article:
        if article_id in ARTICLES:
            return ARTICLES[article_id]
        question = article_id.removeprefix("echo:")
        text = f"开头。答：{question}。结尾。"
        return Article(article_id, text, title="回声", source="回声报", published="2024-01-02", language="zh-Hans")


class FakeWriter(ArchiveWriter):
    """Counts a file's lines as articles, and removes what the fake archive has."""

    def index(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        time.sleep(1.0 if "slow" in path.name else 0.0)
        lines = path.read_text("utf-8", "replace").splitlines()
        report = IndexReport(added=lines, skipped=[Skipped(str(path), "empty")] * (not lines))
        progress(report)
        return report

    async def remove(self, article_ids: list[str]) -> list[str]:
        return [each for each in article_ids if each in ARTICLES]


def _refusal(kind: RefusalKind, filters: Filters) -> Refusal:
    return Refusal(kind, filters, 5, "2022-04-14T17:37+08:00", "2023-05-02", ARTICLES["bridge"])


def _hit(rank: int, article: Article, also: tuple[Article, ...] = ()) -> Hit:
    """Return the whole article as a passage, its second sentence lit."""
    ends = [index + 1 for index, character in enumerate(article.text) if character == "。"]
    lit = (ends[0], ends[1]) if len(ends) > 1 else (0, len(article.text))
    explanation = {"window": 0.8, "words": 0.1}
    return Hit(rank, 1 / rank, article.text, lit, (0, len(article.text)), article, also, explanation)
