from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Archive, Settings
from retrieval.encode.encoder import FURTHER, SENTENCES, CalibratedEncoder, Calibration, Vectors, script_of
from retrieval.store import new_manifest
from retrieval.store.catalogue import Catalogue
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

KOREAN, RUSSIAN, CHINESE = (" ".join(texts) for texts in (FURTHER["ko"], FURTHER["ru"], SENTENCES["han"][:3]))
LANGUAGES = {text: name for name, texts in FURTHER.items() for text in (*texts, " ".join(texts))}


class CommonEncoder(FakeEncoder):
    """Embeds as models do: four fifths of a vector are what all texts have, a part is what a language's have."""

    def _vector(self, text: str) -> Vectors:
        shared = self.direction("common") + 0.5 * self.direction(LANGUAGES.get(text, "")) + 0.3 * super()._vector(text)
        return np.asarray(shared / np.linalg.norm(shared), np.float32)

    def direction(self, name: str) -> Vectors:
        return FakeEncoder._vector(self, name)


@pytest.fixture(scope="module")
def common() -> CommonEncoder:
    return CommonEncoder(dim=256)


@pytest.fixture(scope="module")
def measured(common: CommonEncoder) -> Calibration:
    return Calibration.measure(common)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("新桥通车", "han"),
        ("新橋が開通した", "kana"),
        ("The bridge opened", "latin"),
        ("NASUWT是什么？", "han"),
        ("The county (青岚) opened its bridge to traffic", "latin"),
        ("다리", "other"),
        ("2023", "other"),
        ("", "other"),
        ("总裁马修・格林说，副总裁陈ーー李", "han"),
        ("營運經理瑪莉･陳ｰ表示", "han"),
        ("日本玩家「ゼルダねこ」先前便致力于想要找出能够在水下进行潜水的方法。", "han"),
        ("コーヒー・ショップ", "kana"),
        ("ｺｰﾋｰ･ｼｮｯﾌﾟ", "kana"),
        ("・ー゛゜", "other"),
        ("Глава района открыл IKEA и KFC", "other"),
        ("도서관은 3일 KBS에 문을 열었다", "other"),
        ("3 × 4 ÷ 2 × 1 × 9", "other"),
        ("2021-03-04 17:05:33 3.14159 1,000,000 №12 A-7", "other"),
        ("Ã¤ÂºÂº â€œä»Šå¤©â€\x9d", "other"),
    ],
)
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


def test_sentences_are_the_same_in_each_script() -> None:
    assert len({len(sentences) for sentences in SENTENCES.values()}) == 1
    for script, sentences in SENTENCES.items():
        assert {script_of(sentence) for sentence in sentences} == {script}


def test_the_mean_of_each_script_is_taken_out() -> None:
    encoder = FakeEncoder()
    calibrated = CalibratedEncoder(encoder, Calibration.measure(encoder))
    for sentences in SENTENCES.values():
        assert np.abs(calibrated.encode_passages(sentences).mean(axis=0)).max() < 1e-5


def test_either_chinese_script_has_the_same_vectors() -> None:
    encoder = FakeEncoder()
    calibrated = CalibratedEncoder(encoder, Calibration.measure(encoder))
    for encode in (calibrated.encode_queries, calibrated.encode_passages):
        simplified, traditional, japanese = encode(["新桥的软件", "新橋的軟體", "新橋の軟體"])
        assert np.array_equal(simplified, traditional)
        assert not np.array_equal(simplified, japanese)


def test_it_comes_back_from_json() -> None:
    measured = Calibration.measure(FakeEncoder())
    again = Calibration.from_json(measured.to_json())
    assert np.array_equal(again.questions, measured.questions)
    assert {name: value.tolist() for name, value in again.windows.items()} == {
        name: value.tolist() for name, value in measured.windows.items()
    }


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_window_keeps_what_all_texts_have(text: str, common: CommonEncoder, measured: Calibration) -> None:
    vector = CalibratedEncoder(common, measured).encode_passages([text])[0]
    assert vector @ common.direction("common") < 0.2 < common.encode_passages([text])[0] @ common.direction("common")


@pytest.mark.parametrize("name", FURTHER)
def test_a_window_in_another_language_loses_its_mean(name: str, common: CommonEncoder, measured: Calibration) -> None:
    text, own = " ".join(FURTHER[name]), common.direction(name)
    vector = CalibratedEncoder(common, measured).encode_passages([text])[0]
    assert vector @ own < 0.15 < common.encode_passages([text])[0] @ own


def test_what_is_no_writing_resembles_nothing_and_is_not_embedded(common: CommonEncoder, measured: Calibration) -> None:
    figures, lost = "68.79 71.96 75.13 78.30 81.47", 9 * "\ufffd鐨勶"
    common.encoded.clear()
    vectors = CalibratedEncoder(common, measured).encode_passages([figures, CHINESE, lost])
    assert common.encoded == [CHINESE]
    assert vectors.any(axis=1).tolist() == [False, True, False]


def built(folder: Path, calibration: Calibration, encoder: CommonEncoder, kept: frozenset[str]) -> Archive:
    """Build an archive of three articles, of which those in `kept` are not calibrated."""
    folder.mkdir()
    texts = {"ko": KOREAN, "ru": RUSSIAN, "zh": CHINESE}
    with closing(Catalogue(folder / "catalogue.sqlite", create=True)) as catalogue:
        catalogue.write_manifest({**new_manifest(encoder), "calibration": calibration.to_json()})
        for name, text in texts.items():
            catalogue.put_all([entry(name, text, encoder if name in kept else CalibratedEncoder(encoder, calibration))])
    return Archive(folder, Settings(), encoder)


def test_an_older_archive_is_asked_as_if_all_its_windows_were_calibrated(
    tmp_path: Path, common: CommonEncoder, measured: Calibration
) -> None:
    older = Calibration(measured.questions, {name: measured.windows[name] for name in SENTENCES})
    with (
        built(tmp_path / "older", older, common, frozenset({"ko", "ru"})) as old,
        built(tmp_path / "newer", older, common, frozenset()) as new,
    ):
        for question in (*SENTENCES["han"][:3], FURTHER["ko"][2], FURTHER["ru"][4], "火星上有水吗？"):
            one, other = (archive.ask(question, is_literal=True) for archive in (old, new))
            assert [hit.article.id for hit in one.hits] == [hit.article.id for hit in other.hits]
            assert one.confidence == pytest.approx(other.confidence, abs=1e-2)
