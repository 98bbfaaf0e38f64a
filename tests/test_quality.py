"""The gate: answers must stay as good as they were measured to be.

Floors lie in quality_floors.json; `python benchmarks/floors.py` raises them.
"""

from pathlib import Path

import pytest

from benchmarks.gate import file_digest, measure, missing_files, read_floors, shortfalls
from retrieval.encode import open_encoder
from retrieval.encode.encoder import Encoder
from retrieval.settings import BUNDLED_MODEL

ROOT = Path(__file__).parents[1]
FLOORS = read_floors(ROOT / "tests" / "quality_floors.json")


@pytest.fixture(scope="module")
def encoder(prepared_cache: Path) -> Encoder:
    return open_encoder(BUNDLED_MODEL, cache=prepared_cache)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sets over the same articles share an archive."""
    return tmp_path_factory.mktemp("archives")


def test_every_lowered_floor_has_its_reason() -> None:
    assert all(lowered.reason.strip() for lowered in FLOORS.lowered)


@pytest.mark.parametrize(
    "name",
    # the sample takes seconds, the others hold over a thousand questions
    [pytest.param(name, marks=[] if name == "sample" else pytest.mark.slow) for name in FLOORS.sets],
)
def test_measures_keep_their_floors(name: str, encoder: Encoder, folder: Path) -> None:
    gated = FLOORS.sets[name]
    missing = missing_files(gated, ROOT)
    if missing:
        pytest.skip(f"{missing[0]} is not here")
    changed = file_digest(ROOT / gated.questions) != gated.sha256
    assert not changed, f"{gated.questions} changed: run python benchmarks/floors.py {name}"
    assert shortfalls(gated, measure(gated, ROOT, encoder, folder)) == []
