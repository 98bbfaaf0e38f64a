"""What is shown of a text that would act on a terminal, whatever prints it."""

import io
import json
import logging
import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from bot import json_output, output
from bot.commands.indexing import print_report
from bot.streams import LineFormatter, Showing, open_streams, shown, shown_line
from bot.terminal import preparing_progress
from retrieval import Answer, Article, Hit, IndexReport, Skipped, Source
from retrieval.values import Filters, PublishedFrom, Removed, Repair
from tests.bot.hostile import FOUND, HOSTILE, MARKUP, SIGN, captured


def foreign() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(
        [*HOSTILE[:70], "\u202e", "\u2068", "\u2028", "\ud800", "\U000e0041", SIGN, MARKUP, "\n", "\t"]
    )
    return st.lists(pieces | st.text(max_size=3), max_size=8).map("".join)


@given(foreign())
def test_a_shown_text_has_no_control_and_is_else_word_for_word(text: str) -> None:
    said = shown(text)
    assert not FOUND.search(said)
    assert shown(said) == said
    assert FOUND.sub("", text) == re.sub(r"(\\u[0-9a-f]{4}|\\[bfr])+", "", said) or "\\" in text


def test_every_control_of_unicode_is_shown() -> None:
    assert len(HOSTILE) > 2200
    for character in HOSTILE:
        assert json.loads(f'"{shown(character)}"') == character
        assert shown_line(f"a{character}b") == f"a{shown(character)}b" == f"a{json.dumps(character)[1:-1]}b"


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]) | st.sampled_from("\n\t")))
def test_a_text_without_controls_stands_as_it_is(text: str) -> None:
    assert shown(text) == text
    assert shown_line(text) == text.replace("\n", "\\n").replace("\t", "\\t")


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧",
        "❤️‍🔥",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "ភាសា\u200bខ្មែរ",
    ],
)
def test_what_joins_letters_and_emoji_is_left(text: str) -> None:
    assert shown(text) == shown_line(text) == text


@pytest.mark.parametrize(
    "text", ["人民\u200b日报", "\u200b人民日报", "人民日报\ufeff", "pay\u200cpal", "\u200b", "a\u2060\u200b\u200db"]
)
def test_what_only_makes_two_names_look_the_same_is_shown_in_a_line(text: str) -> None:
    assert shown(text) == text
    assert re.search(r"\\u(200[b-d]|2060|feff)", shown_line(text))
    assert not re.search("[\u200b-\u200d\u2060\ufeff]", shown_line(text))


@given(st.recursive(foreign(), lambda inner: st.lists(inner) | st.dictionaries(foreign(), inner), max_leaves=5))
def test_json_parses_to_the_exact_text(value: object) -> None:
    written = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8"))
        output.print_json(value)
        sys.stdout.flush()
        raw = written.getvalue().decode()
    assert not FOUND.search(raw)
    assert json.loads(raw) == json.loads(json.dumps(value))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-8"])
def test_another_alphabet_gets_escapes_that_json_reads(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, raw = f"é中😀{HOSTILE}", io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    open_streams()
    output.print_json(text)
    sys.stdout.flush()
    assert json.loads(raw.getvalue().decode(encoding)) == json.loads(json.dumps(text))


TEXT = f"正文{HOSTILE}{SIGN}{MARKUP}"


def hostile_article() -> Article:
    return Article(
        id=TEXT, text=TEXT, title=TEXT, source=TEXT, author=TEXT, published=TEXT, published_from=PublishedFrom.RECORD,
        url=TEXT, path=TEXT, language=TEXT, removed=(Removed(TEXT, TEXT),), repairs=(Repair((0, 5), TEXT, 0.5),),
    )  # fmt: skip


def print_everything() -> None:
    article = hostile_article()
    hit = Hit(1, 0.5, TEXT, (9, 40), (0, len(TEXT)), article, (article,), {TEXT: 1.0})
    answer = Answer(TEXT, 0.5, Filters(TEXT, TEXT, TEXT), (hit,), understood=TEXT, explanation={TEXT: 1.0})
    output.print_answer(answer, explain=True)
    output.print_article(article)
    print_report(IndexReport(skipped=[Skipped(TEXT, TEXT)] * 30), TEXT)
    output.print_sources([Source(TEXT, 1, TEXT, TEXT)])
    output.print_stats({TEXT: TEXT, "b": {TEXT: TEXT}})
    output.print_removed([TEXT])
    output.print_json(json_output.answer(answer))
    output.console().print(TEXT, {TEXT: TEXT}, style="red")  # what does without `name` and `quote`
    output.console(stderr=True).print(TEXT)
    print(TEXT)
    sys.stderr.writelines([TEXT, TEXT])


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_everything_printed_is_plain_text(*, terminal: bool) -> None:
    ends = captured(print_everything, terminal=terminal)
    ends.check()
    assert ends.out.count(b"\\u202e") > 20
    assert "👨‍👩‍👧" in ends.out.decode()
    assert "😄" not in ends.out.decode(), "a code is no emoji"
    if not terminal:
        assert ends.out.decode().count(shown(TEXT)) > 5
        assert ends.out.decode().count(MARKUP) > 20


def test_what_is_written_while_a_bar_is_drawn_has_no_colours_and_links() -> None:
    def work() -> None:
        with preparing_progress() as show:
            show(TEXT.replace("\n", ""), 0.5)
            sys.stderr.write(f"{TEXT}\x1b]8;;http://evil\x1b\\\\here\x1b]8;;\x1b\\\\\n")

    ends = captured(work, terminal=True)
    ends.check()
    assert b"\\u001b]8;;http" in ends.err


def test_a_bar_of_a_library_begins_its_line_anew() -> None:
    written = io.StringIO()
    for text in ("\r 10%\x1b[A", "\r 20%\r", "\r", "\n"):
        Showing(written).write(text)
    assert written.getvalue() == "\r 10%\\u001b[A\r 20%\\r\r\n"


def test_a_log_line_stays_one_line() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(Showing(written))
    handler.setFormatter(LineFormatter("%(levelname)s: %(message)s"))
    record = logging.LogRecord("foreign", logging.ERROR, "", 0, "%s\nERROR: forged", (TEXT,), None)
    record.exc_text = f"Traceback\n{TEXT}"
    handler.emit(record)
    lines = written.getvalue().splitlines()
    assert not FOUND.search(written.getvalue().replace("\n", ""))
    assert lines[0] == f"ERROR: {shown_line(TEXT)}\\nERROR: forged"
    assert lines[1] == "Traceback"


_PIECES = st.sampled_from(
    ["桥，", "二〇二二年。", "（记者 佘望舒）", "《本草图解》，", "12.4万人次、", "不——", "don’t ", "Hello, world "]
)


@given(st.lists(_PIECES, min_size=1, max_size=60).map("".join), st.integers(20, 80))
def test_a_line_of_chinese_is_broken_where_it_is_full(text: str, width: int) -> None:
    lines = [line.plain.rstrip() for line in Text(text).wrap(output.console(), width)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line, following in pairwise(lines):
        assert cell_len(line) >= width - len("Hello, "), "the next word has no room in it"
        assert following[0] not in "，。、》）—"
        assert line[-1] not in "《（"
