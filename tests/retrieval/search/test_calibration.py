import numpy as np
import pytest

from retrieval.encode.calibration import SENTENCES, CalibratedEncoder, Calibration, script_of
from tests.fakes import FakeEncoder


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
