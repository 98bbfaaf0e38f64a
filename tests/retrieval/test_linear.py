"""Every step from a file to its passages takes time that grows with its input: four times as long, and no more than that."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from retrieval import QuestionError, Skipped, index_paths
from retrieval.clean.article import make_article
from retrieval.passages import split
from retrieval.read import read
from retrieval.search.question import parse
from retrieval.values import Filters
from tests.fakes import FakeEncoder

pytestmark = pytest.mark.slow

_TIMES, _MOST = 4, 9
"""An input is made so many times as long, and may take so many times the time: quadratic would be sixteen."""
_LEAST_S = 0.02  # what takes less, however long it was made, says nothing
_LONGEST = 200_000
SENTENCE = "清溪县图书馆昨日宣布，周末开放时间延长两小时。"
TOKENS = (
    *(
        "-",
        "—",
        "=",
        "*",
        "_",
        "#",
        "~",
        "`",
        "|",
        "\\",
        "/",
        ".",
        "。",
        "，",
        ":",
        "：",
        ";",
        "!",
        "?",
        "…",
        "·",
        "・",
    ),
    *("(", ")", "[", "]", "{", "}", "<", ">", "「", "」", "《", '"', "'", "“", "&", "&amp;", "%", "@", "$", "+", "^"),
    *(
        " ",
        "\t",
        "\n",
        "\u3000",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "0",
        "7",
        "１",
        "一",
        "十",
        "年",
        "月",
        "日",
        "2022-04-14 ",
    ),
    *(
        "a",
        "A",
        "á",
        "я",
        "ع",
        "ก",
        "字",
        "の",
        "ー",
        "가",
        "、",
        "记者",
        "来源：",
        "责任编辑：",
        "> ",
        "- ",
        "1. ",
        "http://",
    ),
    *(
        "a@b ",
        "<p>",
        "<br>",
        "![](",
        "[a](b)",
        "**",
        "上一篇",
        "首页 ",
        "a ",
        "评论 ",
        "４月",
        "4月14日电",
        "(lián)",
        "?jì)",
        "\U00020000",
    ),
)


def alike(line: str) -> Callable[[int], tuple[str, str]]:
    """Return what writes lines of which some are equal, below one of them as a title."""
    return lambda n: ("txt", "\n".join(f"{line}{i % 7}" for i in range(n // len(line))) + f"\n{SENTENCE}")


SHAPES: dict[str, Callable[[int], tuple[str, str]]] = {
    "one long line": lambda n: ("txt", SENTENCE * (n // len(SENTENCE))),
    "short lines": lambda n: ("txt", "\n".join(f"{i} 号 {i * 7 % 101}" for i in range(n // 8))),
    **{line: alike(line) for line in ("桥头人家", "桥头的灯 2020-02-03", "卓一凡", "· 桥头的灯", "桥头说：", "首页")},
    "days": lambda n: ("txt", "2020-02-03 10:11\n" * (n // 17) + SENTENCE),
    "summaries": lambda n: ("txt", "\n".join(f"【第{i}号桥】{i}{SENTENCE}" for i in range(n // 40))),
    "captions": lambda n: ("txt", "\n".join(f"图{i}：{SENTENCE}" for i in range(n // 40))),
    "fields of forms": lambda n: ("html", "".join(f"<input name=a{i} value=x>" for i in range(n // 24)) + SENTENCE),
    "headlines in headlines": lambda n: (
        "html",
        f"<title>桥头的灯_云网</title>{'<b class=title>' * min(n // 50, 800)}{SENTENCE * (n // 50)}",
    ),
    "outlets in outlets": lambda n: ("html", f"{'<b class=source>' * min(n // 50, 800)}{SENTENCE * (n // 50)}"),
    "lines of a menu": lambda n: ("html", "<ul>" + "<li><a href=x>新闻</a>" * (n // 24) + "</ul>"),
    "many paragraphs": lambda n: ("html", f"<p>{SENTENCE}</p>" * (n // 32)),
    "many attributes": lambda n: ("html", "<p " + " ".join(f"a{i}=1" for i in range(n // 8)) + f">{SENTENCE}</p>"),
    "deep elements": lambda n: ("html", "<div>" * (n // 50) + SENTENCE),
    "a title of dashes": lambda n: ("html", f"<title>{'-' * n}</title><p>{SENTENCE}</p>"),
    "a table": lambda n: ("html", "<table>" + "<tr><td>1<td>2<td>三" * (n // 18) + "</table>"),
    "records": lambda n: ("jsonl", "\n".join(json.dumps({"text": f"{i}{SENTENCE}"}) for i in range(n // 200))),
    "one long record": lambda n: ("json", json.dumps({"text": SENTENCE * (n // 30)})),
    "a list in Markdown": lambda n: ("md", "\n".join(f"* [{i}](http://a/{i})" for i in range(n // 20))),
    "quotes in Markdown": lambda n: ("md", ">" * (n // 4) + SENTENCE),
    "headers of a mail": lambda n: ("eml", "MIME-Version: 1.0\n" + "X: y;\n" * (n // 6) + f"\n{SENTENCE}"),
    "items of a feed": lambda n: (
        "xml",
        f"<rss><channel>{f'<item><title>甲</title><description>{SENTENCE}</description></item>' * (n // 80)}</channel></rss>",
    ),
}


def seconds(path: Path) -> float:
    """Return the processor time that it takes to read a file and cut what is in it."""
    started = time.process_time()
    for draft in read([path]):
        if not isinstance(draft, Skipped):
            article = make_article(draft)
            if not isinstance(article, Skipped):
                split(article.text)
    return time.process_time() - started


def holds(
    write: Callable[[int], Path],
    least: int,
    measure: Callable[[Path], float] = seconds,
    longest: int = _LONGEST,
) -> bool:
    """Return whether an input made longer, until that shows, takes time that grows with it; noise has three tries."""
    length = least
    while length * _TIMES <= longest:
        for _ in range(3):
            long = measure(write(length * _TIMES))
            if long <= _LEAST_S or long <= _MOST * measure(write(length)) + _LEAST_S:
                break
        else:
            return False
        if long > 5 * _LEAST_S:
            return True
        length *= _TIMES
    return True


@pytest.mark.parametrize("shape", SHAPES)
def test_a_longer_file_takes_as_much_longer(tmp_path: Path, shape: str) -> None:
    def write(length: int) -> Path:
        suffix, text = SHAPES[shape](length)
        path = tmp_path / f"a.{suffix}"
        path.write_text(text, "utf-8")
        return path

    seconds(write(1000))  # what is loaded once
    assert holds(write, 10_000)


@pytest.mark.parametrize("suffix", ["txt", "html", "md"])
def test_one_token_repeated_takes_as_much_longer(tmp_path: Path, suffix: str) -> None:
    def file(token: str) -> Callable[[int], Path]:
        def write(length: int) -> Path:
            path = tmp_path / f"a.{suffix}"
            path.write_text(f"{SENTENCE}\n{token * (length // len(token))}\n{SENTENCE}", "utf-8")
            return path

        return write

    seconds(file("字")(1000))
    # one step, since there are many tokens: of what is quadratic, 11 ns a pair of characters show at this length
    assert [token for token in TOKENS if not holds(file(token), 10_000, longest=40_000)] == []


_IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 where nothing waits for a disk


def indexing_seconds(path: Path) -> float:
    """Return the processor time that it takes to index a file into a new archive."""
    started = time.process_time()
    with TemporaryDirectory(dir=_IN_MEMORY) as work:
        index_paths([path], Path(work) / "archive", FakeEncoder(dim=8))
    return time.process_time() - started


RECORDS: dict[str, Callable[[int], list[str]]] = {
    "equal articles": lambda n: [SENTENCE * 9] * (n // 200),
    "nearly equal articles": lambda n: [f"{SENTENCE * 9}{i}" for i in range(n // 200)],
    "articles of one line": lambda n: [f"{i}号：{SENTENCE}" for i in range(n // 200)],
    "many windows of one article": lambda n: ["\n".join(f"{i}号桥长{i * 7}米。{SENTENCE}" for i in range(n // 40))],
    "equal windows": lambda n: [f"{SENTENCE}\n" * (n // 25)],
}
"""The texts of the articles of an input."""


@pytest.mark.parametrize("kind", RECORDS)
def test_more_to_index_takes_as_much_longer(tmp_path: Path, kind: str) -> None:
    def write(length: int) -> Path:
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("\n".join(json.dumps({"text": text}) for text in RECORDS[kind](length)), "utf-8")
        return path

    indexing_seconds(write(1000))  # what is loaded once
    assert holds(write, 25_000, indexing_seconds)


def test_a_longer_question_takes_as_much_longer() -> None:
    def ask(text: Path) -> float:
        started = time.process_time()
        with suppress(QuestionError):  # one that is too long is refused, which takes time, too
            parse(str(text), Filters(), sources=["人民网"], today=date(2026, 1, 1))
        return time.process_time() - started

    assert holds(lambda length: Path("上个月" * (length // 3)), 10_000, ask)
