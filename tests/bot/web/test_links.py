from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import output, web
from bot.telegram import messages
from bot.telegram.rendering import citation
from bot.web import article_path, find_again, page_of
from bot.words import InterfaceLanguage, wording
from retrieval import Article, Hit

ENDS = 24
ENGLISH = wording(InterfaceLanguage.ENGLISH)
TEXTS = st.text(alphabet="甲乙丙丁戊己庚辛，。\nab ", min_size=1, max_size=400)


@given(TEXTS, st.data())
def test_a_passage_that_stands_where_it_stood_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    passage = text[start:stop]
    assert find_again(text, (start, stop), passage[:ENDS], passage[-ENDS:]) == (start, stop)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_passage_is_found_by_its_words_when_the_article_around_it_changes(
    before: str, after: str, new_before: str, new_after: str
) -> None:
    passage = "新桥全长三百四十米，连起河两岸的六个村，老人们都来看热闹，船工也来了。"  # no letter of it is around it
    span = (len(before), len(before) + len(passage))
    changed = new_before + passage + new_after
    assert find_again(changed, span, passage[:ENDS], passage[-ENDS:]) == (
        len(new_before),
        len(new_before) + len(passage),
    )
    assert find_again(new_before + new_after, span, passage[:ENDS], passage[-ENDS:]) is None


def test_a_passage_that_was_changed_inside_is_found_by_its_ends() -> None:
    passage = (
        "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯，中间的话。天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
    )
    repaired = passage.replace("中间的话", "中间修复了的话")
    text = f"开头。\n{repaired}\n结尾。"
    start, stop = find_again(text, (90, 90 + len(passage)), passage[:ENDS], passage[-ENDS:]) or (0, 0)
    assert text[start:stop] == repaired


@given(TEXTS, st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), st.text(max_size=30), st.text(max_size=30))
@example("ab", (1, 0), "b", "")
@example("甲" * 400, (3, 9), "甲", "甲")
def test_whatever_an_address_says_what_is_found_lies_in_the_text(
    text: str, span: tuple[int, int], first: str, last: str
) -> None:
    found = find_again(text, span, first, last)
    assert found is None or 0 <= found[0] < found[1] <= len(text)


IDS = st.one_of(
    st.text(alphabet="abc/.\\?#%&+ ;:@中é\u202e\"'<>", min_size=1, max_size=20),
    st.sampled_from(["..", ".", "a/../b", "/etc/passwd", "a//b", "%2e%2e/x", "a/", "?q=1", "//evil.example/x"]),
)


@given(IDS)
def test_an_ids_address_leads_to_it_and_nowhere_else(article_id: str) -> None:
    parts = urlsplit("http://h" + article_path(article_id, "开头和结尾", (3, 8)))
    assert parts.netloc == "h"
    assert parts.fragment == "span"
    assert not {"", ".", ".."} & {unquote(part) for part in parts.path.split("/")[1:]}, "a browser would go elsewhere"
    query = parse_qs(parts.query)
    assert (query["id"][0] if parts.path == "/a" else unquote(parts.path.removeprefix("/a/"))) == article_id
    assert (query["at"], query["from"], query["to"]) == (["3-8"], ["开头和结尾"], ["开头和结尾"])


ARTICLE = Article("a/b", "前文。新桥通车。", "新桥", "甲报")
HIT = Hit(1, 1.0, "新桥通车。", (0, 5), (3, 8), ARTICLE)


@pytest.fixture
def room_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("CHUCHU_WEB_URL", "https://news.example/room/")
    web._base.cache_clear()
    yield "https://news.example/room/a/a/b"
    web._base.cache_clear()


def test_a_citation_links_to_the_room_at_its_passage(room_address: str) -> None:
    assert page_of(ARTICLE) == room_address
    assert (page_of(ARTICLE, HIT) or "").startswith(f"{room_address}?at=3-8&from=")
    assert page_of(Article("other", ""), HIT) == "https://news.example/room/a/other", "the hit is of another article"
    assert f'<a href="{room_address}?at=3-8&amp;' in messages.html(citation(ARTICLE, ENGLISH, hit=HIT))
    assert f"{room_address}?at=3-8&from=" in output.citation(ARTICLE, HIT).plain


def test_an_article_with_an_address_keeps_it(room_address: str) -> None:
    article = replace(ARTICLE, url="https://paper.example/1")
    assert room_address not in messages.html(citation(article, ENGLISH, hit=HIT))
    assert "https://paper.example/1" in output.citation(article, HIT).plain
    assert room_address not in output.citation(article, HIT).plain


def test_without_the_rooms_address_nothing_links_to_it() -> None:
    web._base.cache_clear()
    assert page_of(ARTICLE, HIT) is None
    assert "<a" not in messages.html(citation(ARTICLE, ENGLISH, hit=HIT))
