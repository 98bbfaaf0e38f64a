"""The model that marks a question: where its pieces stand, what it gives, and what becomes of damage."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encode.bundled import fingerprint
from retrieval.encode.marker import KINDS, MOST_PIECES, TRAINED, Marker, Tag, Use, open_marker
from retrieval.encode.onnx import GRAPH

ASKED = "青石大桥和白鹭大桥分别有多长？"


@pytest.fixture(scope="module")
def marker(prepared_cache: Path) -> Marker:
    opened = open_marker(prepared_cache)
    assert opened
    return opened


def test_the_file_is_small() -> None:
    assert TRAINED.stat().st_size < 6_000_000


def test_it_says_of_what_kind_a_question_is(marker: Marker) -> None:
    several, one = marker.mark(ASKED), marker.mark("青石大桥有多长？")
    assert several
    assert one
    assert KINDS[int(several.kinds.argmax())] == "several"
    assert KINDS[int(one.kinds.argmax())] == "one"
    begun = [place for place, tag in zip(several.places, several.tags.argmax(axis=1), strict=True) if tag == Tag.BEGIN]
    assert begun == [0, 5]


@settings(deadline=None)
@given(st.text(st.sampled_from("桥和 ａ１ﷺ\ufb01\u0301नदी서\ud800😀,？\u200b"), max_size=50))
def test_each_piece_has_its_place_and_tags(marker: Marker, question: str) -> None:
    marks = marker.mark(question)
    if marks is None:
        return
    assert 0 < len(marks.places) <= MOST_PIECES
    assert list(marks.places) == sorted(marks.places)
    assert all(0 <= place < len(question) for place in marks.places)
    assert marks.tags.shape == (len(marks.places), len(Tag))
    assert marks.kinds.sum() == pytest.approx(1, abs=1e-5)
    assert np.exp(marks.tags).sum(axis=1) == pytest.approx(np.ones(len(marks.places)), abs=1e-5)


def test_a_later_question_leans_or_does_not(marker: Marker) -> None:
    leaning = marker.link("青石大桥有多长？", "花了多少钱？")
    whole = marker.link("青石大桥有多长？", "白鹭水库能装多少水？")
    assert leaning
    assert whole
    assert leaning.leans > 0.9
    assert whole.leans < 0.1
    before, asked = leaning.uses
    assert [Use(use) for use in before.argmax(axis=1)][:2] == [Use.KEPT, Use.KEPT]
    assert set(asked.argmax(axis=1)) == {Use.KEPT}


@settings(deadline=None)
@given(*[st.text(st.sampled_from("桥和 ａ１ﷺ\ufb01\u0301नदी서\ud800😀,？\u200b"), max_size=40)] * 2)
def test_each_piece_of_both_questions_has_its_place_and_uses(marker: Marker, before: str, question: str) -> None:
    link = marker.link(before, question)
    if link is None:
        return
    assert 0 <= link.leans <= 1
    for text, uses, places in zip((before, question), link.uses, link.places, strict=True):
        assert 0 < len(places) <= MOST_PIECES
        assert list(places) == sorted(places)
        assert all(0 <= place < len(text) for place in places)
        assert uses.shape == (len(places), len(Use))
        assert np.exp(uses).sum(axis=1) == pytest.approx(np.ones(len(places)), abs=1e-5)


def test_several_threads_mark_as_one_does(marker: Marker) -> None:
    questions = [ASKED, "甲和乙哪个更早？", "How long is the bridge?"] * 8
    with ThreadPoolExecutor(4) as pool:
        marked = list(pool.map(marker.mark, questions))
    for question, marks in zip(questions, marked, strict=True):
        alone = marker.mark(question)
        assert marks
        assert alone
        assert np.allclose(marks.kinds, alone.kinds, atol=1e-5)


@pytest.mark.usefixtures("marker")
def test_a_damaged_graph_is_prepared_again(prepared_cache: Path, tmp_path: Path) -> None:
    for folder in prepared_cache.iterdir():
        if folder.is_dir() and folder.name.startswith(("intfloat", "marker")):
            shutil.copytree(folder, tmp_path / folder.name)
    graph = next(tmp_path.glob(f"marker-*-{fingerprint(TRAINED)}-*")) / GRAPH
    size = graph.stat().st_size
    graph.write_bytes(graph.read_bytes()[: size // 2])
    opened = open_marker(tmp_path)
    assert opened
    assert opened.mark(ASKED)
    assert graph.stat().st_size == size


def test_without_the_trained_file_nothing_is_marked(tmp_path: Path) -> None:
    assert open_marker(tmp_path, trained=tmp_path / "marker.npz") is None
