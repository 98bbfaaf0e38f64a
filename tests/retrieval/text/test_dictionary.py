"""jieba over the dictionary read by first character cuts exactly as jieba does with the whole."""

import marshal
import mmap
import tempfile
import threading
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text import words as dictionary
from retrieval.text.words import Dictionary, tokenizer

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "examples"
REAL = ROOT.parent / "shared" / "data"
# Characters of each real file: together they have millions, and every word of the dictionary is compared anyway.
_LOOKED_AT = 8_000
FILE = Path(jieba.__file__).with_name("dict.txt")


@pytest.fixture(scope="module")
def whole() -> jieba.Tokenizer:
    """jieba as it comes, built from its file and not from a cache that an earlier run has left."""
    made = jieba.Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(FILE.open("rb"))
    made.initialized = True
    return made


def fresh() -> Dictionary:
    made = tokenizer()
    return Dictionary(made._lines, made.total)


def texts(folder: Path) -> list[str]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".json", ".jsonl"})
    return [path.read_text("utf-8", errors="replace") for path in paths]


def test_the_installed_dictionary_is_the_known_one() -> None:
    assert isinstance(tokenizer(), Dictionary)


def test_read_to_the_end_it_is_the_whole_dictionary(whole: jieba.Tokenizer) -> None:
    made = fresh()
    made.get_DAG("".join({word[0] for word in whole.FREQ}))
    assert made.FREQ == whole.FREQ
    assert made.total == whole.total


def test_a_question_reads_a_small_part(whole: jieba.Tokenizer) -> None:
    made = fresh()
    list(made.cut_for_search("资源县一共划拨了多少党费？"))
    assert 0 < len(made.FREQ) < len(whole.FREQ) / 20


def test_the_sample_archive_is_cut_alike(whole: jieba.Tokenizer) -> None:
    made = fresh()
    for text in texts(SAMPLE):
        assert list(made.cut_for_search(text)) == list(whole.cut_for_search(text))


def test_real_texts_are_cut_alike(whole: jieba.Tokenizer) -> None:
    if not REAL.exists():
        pytest.skip(f"no texts in {REAL}")
    made = fresh()
    for text in texts(REAL):
        beginning = text[:_LOOKED_AT]
        assert list(made.cut_for_search(beginning)) == list(whole.cut_for_search(beginning))


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("一丁龠龢高鿕鿿㐀〇々aAB超T恤γ射线\U0002a700\U0010ffff\ud800")),
        max_size=12,
    )
)
def test_any_text_is_cut_alike(whole: jieba.Tokenizer, text: str) -> None:
    assert list(fresh().cut_for_search(text)) == list(whole.cut_for_search(text))


def test_threads_see_no_half_read_dictionary(whole: jieba.Tokenizer) -> None:
    text = "".join(texts(SAMPLE))[:20_000]
    lines, made = text.splitlines(), fresh()
    found: list[list[list[str]]] = []

    def cut() -> None:
        found.append([list(made.cut_for_search(line)) for line in lines])

    threads = [threading.Thread(target=cut) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[list(whole.cut_for_search(line)) for line in lines]] * 4


def test_an_unknown_dictionary_is_loaded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "dict.txt"
    other.write_text("大桥 3 n\n全长 4 n\n", "utf-8")
    monkeypatch.setattr(dictionary, "_FILE", other)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"大桥全长": 9}, 9)))  # anybody's, where anybody may write
    made = tokenizer.__wrapped__()
    assert type(made) is jieba.Tokenizer
    assert list(made.cut_for_search("大桥全长")) == ["大桥", "全长"]
    assert {path.name for path in tmp_path.iterdir()} == {"dict.txt", "jieba.cache"}


def test_a_word_inherits_nothing_from_words_that_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "dict.txt"
    file.write_text("AA 2 n\n一生一世 3 n\n一生 5 n\n丁字路口 4 n\n", "utf-8")
    with file.open("rb") as opened:
        made = Dictionary(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), 14)
    made.get_DAG("一丁")
    assert made.FREQ == {
        "A": 0, "AA": 2, "一": 0, "一生": 5, "一生一": 0, "一生一世": 3, "丁": 0, "丁字": 0, "丁字路": 0, "丁字路口": 4,
    }  # fmt: skip
