"""The sample archive and its questions agree with each other."""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import opencc
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ARCHIVE = EXAMPLES / "archive"

BIG5 = {"bixi/1090707-lighthouse.txt", "bixi/1101003-banana.txt"}
"""Files in Big5; all of songtang/ is in GB18030, one file is in UTF-16, the others are in UTF-8."""

FOOTER = ("版权声明", "(c)")
PROSE = re.compile(r".{12,}[。？！”」）.\"]")
"""A line of an article's own: a sentence or more, which no line of the menus is."""

REPRINTS = (
    ("linlan/2023-04-29-bridge.txt", "qinglan/2023-05-02-bridge-open.txt"),
    ("qinglan/2022-06-20-flood.txt", "xiangcun/flood-0618.txt"),
    ("songtang/20230411_tea.txt", "xiangcun/tea-2023.txt"),
    ("linlan/2022-09-14-gong-theft.txt", "luzhu-2022-0914-gong"),
    ("linlan/2021-12-26-station.txt", "bixi/1101228-station.txt"),
    ("qinglan/2022-11-26-opera.txt", "bixi/1111201-opera.txt"),
)


TO_TRADITIONAL, TO_SIMPLIFIED = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")


class Question(NamedTuple):
    """One line of questions.jsonl."""

    id: str
    question: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


def encoding(article: str, data: bytes) -> str:
    if article.startswith("songtang/"):
        return "gb18030"
    if article in BIG5:
        return "big5"
    return "utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig"


def body(page: str) -> str:
    """Keep the lines of prose, one a line."""
    lines = (line.strip() for line in page.splitlines())
    return "\n".join(line for line in lines if PROSE.fullmatch(line) and not line.startswith(FOOTER))


@cache
def pages() -> dict[str, str]:
    """Read every text file by the path below the archive."""
    found = {}
    for path in sorted(ARCHIVE.rglob("*.txt")):
        article, data = path.relative_to(ARCHIVE).as_posix(), path.read_bytes()
        found[article] = data.decode(encoding(article, data))
    return found


@cache
def records() -> list[dict[str, str | None]]:
    files = sorted(ARCHIVE.rglob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


@cache
def bodies() -> dict[str, str]:
    """Collect what each article says, without menus and lists of other headlines."""
    return {article: body(page) for article, page in pages().items()} | {
        str(r["id"]): str(r["text"]) for r in records()
    }


@cache
def questions() -> list[Question]:
    lines = (EXAMPLES / "questions.jsonl").read_text("utf-8").splitlines()
    raw = [json.loads(line) for line in lines]
    return [Question(q["id"], q["question"], tuple(q["articles"]), tuple(q["answers"])) for q in raw]


def language(text: str) -> str:
    """Tell the four languages of the set apart by their characters."""
    if re.search(r"[\u3040-\u30ff]", text):
        return "ja"
    if not re.search(r"[\u4e00-\u9fff]", text):
        return "en"
    simplified = sum(a != b for a, b in zip(text, TO_TRADITIONAL.convert(text), strict=True))
    traditional = sum(a != b for a, b in zip(text, TO_SIMPLIFIED.convert(text), strict=True))
    return "zh-Hans" if simplified >= traditional else "zh-Hant"


@cache
def grams(text: str) -> set[str]:
    """Cut folded text into runs of four characters."""
    folded = re.sub(r"\W", "", TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)))
    return {folded[at : at + 4] for at in range(len(folded) - 3)}


def test_every_file_is_an_article_of_the_set() -> None:
    files = {path.suffix for path in ARCHIVE.rglob("*") if path.is_file()}

    assert files == {".txt", ".jsonl"}
    assert (len(pages()), len(records())) == (55, 8)


def test_ids_are_unique() -> None:
    ids = [*pages(), *(str(record["id"]) for record in records())]

    assert len(set(ids)) == len(ids)
    assert len({q.id for q in questions()}) == len({q.question for q in questions()}) == len(questions())


def test_records_have_the_fields_of_the_format() -> None:
    for record in records():
        assert list(record) == ["id", "title", "text", "source", "author", "published", "url"]
        assert re.match(r"\d{4}(-\d\d){0,2}", record["published"] or "")


def test_bodies_are_as_long_as_local_news() -> None:
    lengths = {article: len(text) for article, text in bodies().items()}

    assert {article: n for article, n in lengths.items() if not 300 <= n <= 1500} == {}


def test_pages_wrap_their_body_in_more_than_a_title() -> None:
    for article, page in pages().items():
        assert len(page.splitlines()) - len(bodies()[article].splitlines()) >= 10, article


def test_no_control_characters() -> None:
    texts = {**pages(), "records": json.dumps(records(), ensure_ascii=False), "questions": repr(questions())}
    for name, text in texts.items():
        odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"}} - {"\n", "\r"}
        assert not odd | ({"\ufffd"} & set(text)), name


def test_articles_are_spread_over_languages() -> None:
    assert Counter(map(language, bodies().values())) == {"zh-Hans": 45, "zh-Hant": 9, "en": 5, "ja": 4}


@pytest.mark.parametrize(("one", "other"), REPRINTS)
def test_reprints_are_alike_but_edited(one: str, other: str) -> None:
    left, right = grams(bodies()[one]), grams(bodies()[other])

    # the lightest edit measures 0.74, the freest retelling 0.35
    assert 0.3 < len(left & right) / len(left | right) < 0.9


def test_articles_that_are_no_reprints_share_little() -> None:
    sets = {article: grams(text) for article, text in bodies().items()}
    names = sorted(sets)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if not {(a, b), (b, a)} & set(REPRINTS)]

    assert max(len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in pairs) < 0.1


def test_questions_are_spread_over_languages() -> None:
    spread = Counter(language(q.question) for q in questions())

    assert spread["zh-Hans"] >= 60
    assert spread["zh-Hant"] >= 20
    assert spread["en"] >= 20
    assert spread["ja"] >= 10


def test_many_questions_cross_languages() -> None:
    answered = [q for q in questions() if q.articles]
    crossing = [q for q in answered if language(q.question)[:2] not in {language(bodies()[a])[:2] for a in q.articles}]

    assert len(crossing) >= 25


def test_unanswerable_questions_have_neither_articles_nor_answers() -> None:
    assert all(bool(q.articles) == bool(q.answers) for q in questions())
    assert sum(not q.articles for q in questions()) >= 26


def test_every_article_is_asked_about() -> None:
    assert {article for q in questions() for article in q.articles} == set(bodies())


def test_answers_stand_in_the_listed_articles() -> None:
    for question in questions():
        said = [bodies()[article] for article in question.articles]

        assert [a for a in question.answers if not any(a in text for text in said)] == [], question.id
        assert [text for text in said if not any(a in text for a in question.answers)] == [], question.id


def test_figures_of_answers_stand_in_no_other_article() -> None:
    for question in questions():
        figures = [a for a in question.answers if len(a) >= 5 and re.search(r"\d{2}", a)]
        others = {article: text for article, text in bodies().items() if article not in question.articles}

        assert [(a, article) for a in figures for article, text in others.items() if a in text] == [], question.id


def test_what_make_run_asks_is_a_showcase() -> None:
    known = {q.question: q for q in questions()}
    first = [known[line] for line in (EXAMPLES / "first.txt").read_text("utf-8").splitlines()]

    assert [language(q.question) for q in first] == ["zh-Hans", "zh-Hant", "en", "ja", "zh-Hans", "zh-Hans"]
    assert [bool(q.articles) for q in first] == [True] * 5 + [False]


def test_readme_counts_are_right() -> None:
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    unanswerable = sum(not q.articles for q in questions())

    assert f"{len(bodies())} news articles and {len(questions())} questions" in readme
    assert f"{unanswerable} questions have no article" in readme
    for folder, files in Counter(article.split("/")[0] for article in pages()).items():
        assert re.search(rf"`{folder}/`.* {files} \|", readme), folder
