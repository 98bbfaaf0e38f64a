from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode.calibration import FURTHER, SENTENCES
from retrieval.encode.prepare import TEXTS
from retrieval.text.plausibility import is_writing

CHINESE = "".join(SENTENCES["han"])
TABLE = "|序号|线路|发车|票价|\n|---|---|---|---|\n|1|沄州—海棠|7:45|82元|\n|2|沄州—榆港|9:30|64元|"


@pytest.mark.parametrize("name", [*SENTENCES, *FURTHER])
def test_sentences_in_any_language_are_writing(name: str) -> None:
    texts = {**SENTENCES, **FURTHER}[name]
    assert all(map(is_writing, (*texts, " ".join(texts))))


@pytest.mark.parametrize(
    "text", [*TEXTS[:33], TABLE, "山重水複疑無路，柳暗花明又一村。", "大统领(大統領) 선거가 3일 치러졌다고 한다"]
)
def test_news_menus_code_and_tables_with_names_are_writing(text: str) -> None:
    assert is_writing(text)


@given(st.lists(st.decimals(0, 10_000, places=2), min_size=20))
def test_figures_are_no_writing(figures: list[object]) -> None:
    assert not is_writing(" ".join(map(str, figures)) + 20 * "7")


@given(st.text(st.characters(categories=("So", "Sm", "Co", "Nd", "Cc")), min_size=40))
def test_signs_are_no_writing(text: str) -> None:
    assert not is_writing(text + 20 * "\ufffd")


@pytest.mark.parametrize(
    "misread",
    [
        lambda text: text.encode().decode("latin-1"),
        lambda text: text.encode("gbk").decode("utf-8", "replace"),
        lambda text: text.encode().decode("big5", "replace"),
        lambda text: text.encode().decode("shift-jis", "replace"),
        lambda text: text.encode().decode("euc-kr", "replace"),
        lambda text: text.encode("utf-16-le").decode("latin-1"),
        lambda text: text.encode("gbk").decode("koi8-r"),
        lambda text: text.encode("gbk").decode("cp1251", "replace"),
        lambda text: text.encode("gbk").decode("euc-kr", "replace"),
        lambda text: text.encode().hex(),
    ],
)
def test_what_wrong_decoding_makes_is_no_writing(misread: Callable[[str], str]) -> None:
    assert not is_writing(misread(CHINESE))
