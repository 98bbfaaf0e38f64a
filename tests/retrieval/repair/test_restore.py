"""Repair gives back what was damaged, marks what is lost, and leaves everything else alone."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.repair import LineSearch, RepairedText, repair
from retrieval.repair.likelihood import examine
from tests.retrieval.repair.corruptor import half_width, site, traditional
from tests.retrieval.repair.measure import Tally, compare
from tests.retrieval.repair.samples import REPORT, UNDAMAGED

DATA = Path(__file__).parents[4] / "shared" / "data"
CLEAN = traditional(REPORT)


def undone(result: RepairedText) -> str:
    """Put back what was seen at every repair."""
    text, at = "", 0
    for repaired in result.repairs:
        start, end = repaired.span
        text += result.text[at:start] + repaired.seen
        at = end
    return text + result.text[at:]


@pytest.mark.parametrize(
    ("keeps_private", "folds_width", "least_right", "most_wrong"),
    [(True, True, 0.996, 0.001), (True, False, 0.996, 0.001), (False, True, 0.993, 0.004)],
)
def test_gives_back_a_damaged_report(
    keeps_private: bool, folds_width: bool, least_right: float, most_wrong: float
) -> None:
    total = Tally()
    for seed in range(6):
        seen = site(seed, keeps_private=keeps_private, folds_width=folds_width).damage(CLEAN)
        result = repair(seen)
        assert result.damaged
        assert undone(result) == seen
        total += compare(half_width(CLEAN) if folds_width else CLEAN, result.text)
    assert total.right >= least_right * total.total, str(total)
    assert total.wrong <= most_wrong * total.total, str(total)


@pytest.mark.parametrize("name", UNDAMAGED)
def test_leaves_legitimate_brackets(name: str) -> None:
    assert repair(UNDAMAGED[name]) == RepairedText(UNDAMAGED[name])


@pytest.mark.parametrize("text", [REPORT, CLEAN, half_width(CLEAN), ""])
def test_leaves_clean_text(text: str) -> None:
    assert repair(text) == RepairedText(text)


def test_a_list_is_repaired_where_bytes_are_broken() -> None:
    words = UNDAMAGED["vocabulary of changed characters"]
    assert examine(words) is None
    assert examine(words + "勇?lián)?dāng)") is not None


def test_glosses_are_repairs_of_full_confidence() -> None:
    result = repair(site(0).damage(CLEAN))
    plain = [repaired for repaired in result.repairs if repaired.seen.endswith(")") and repaired.seen[1] == "("]
    assert len(plain) > 25
    assert {repaired.confidence for repaired in plain} == {1.0}


def test_a_lost_character_is_marked_and_has_no_confidence() -> None:
    seen = site(0).damage(CLEAN + "\n他說：“不用擔心。”3月起供水。")
    result = repair(seen)
    assert "不用擔心。”□月起供水" in result.text
    marked = [repaired for repaired in result.repairs if "□" in result.text[slice(*repaired.span)]]
    assert marked
    assert all(repaired.confidence < 0.6 for repaired in marked)


def test_what_is_past_the_share_of_work_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = site(3).damage(CLEAN)
    assert "□" not in repair(seen).text
    monkeypatch.setattr(LineSearch, "is_exhausted", property(lambda _: True))
    result = repair(seen)
    assert "□" in result.text
    assert undone(result) == seen


def test_clean_paragraphs_come_back_from_damage() -> None:
    path = DATA / "xquad" / "xquad.zh.json"
    if not path.exists():
        pytest.skip(f"no {path}")
    articles = json.loads(path.read_text("utf-8"))["data"]
    contexts = [[paragraph["context"] for paragraph in article["paragraphs"]] for article in articles]
    assert sum(map(len, contexts)) >= 200
    total = Tally()
    for seed, paragraphs in enumerate(contexts):
        clean = traditional("\n".join(paragraphs))
        assert repair(clean).text == clean
        total += compare(half_width(clean), repair(site(seed).damage(clean)).text)
    assert total.right >= 0.998 * total.total, str(total)
    assert total.wrong <= 0.0005 * total.total, str(total)


def test_undamaged_archives_stay_as_they_are() -> None:
    texts = [path.read_text("utf-8") for path in sorted(DATA.glob("xquad/*.json"))]
    if not texts:
        pytest.skip(f"no question sets in {DATA}")
    for text in texts:
        assert repair(text) == RepairedText(text)


DAMAGED = [site(seed, keeps_private=seed % 2 == 0).damage(CLEAN) for seed in range(4)]
SCRAPS = st.sampled_from(
    ["?", "?jì)", "(lián)", "\ue071", "l", "。", "!?", "€", ")", "\n", "□", "“", "@(wū)", "?,", "3", "(", "𠮷"]
)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Cut, splice and sprinkle damaged text."""
    text = draw(st.sampled_from(DAMAGED))
    start = draw(st.integers(0, len(text)))
    text = text[start : start + draw(st.integers(0, 400))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(SCRAPS) + text[at + draw(st.integers(0, 3)) :]
    return text


@given(mangled())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_repaired_once_and_for_all(text: str) -> None:
    result = repair(text)
    assert undone(result) == text
    assert repair(result.text).text == result.text
    assert result.damaged or result == RepairedText(text)


@given(st.text(alphabet="?()lián\ue071勇擔當聯(。,!”“m軐_3é\n", max_size=40))
@settings(max_examples=40, deadline=None)
def test_dense_nonsense_does_not_fail(noise: str) -> None:
    text = DAMAGED[1][:200] + noise
    assert undone(repair(text)) == text
