"""The gate: answers must stay as good as they were measured to be.

Floors lie in quality_floors.json; `python benchmarks/floors.py` raises them. XQuAD's sets are in test_quality_xquad.py.
"""

from pathlib import Path

import pytest

from benchmarks.gate import file_digest, measure, missing_files, read_floors, shortfalls
from retrieval.encode import open_encoder
from retrieval.settings import BUNDLED_MODEL

ROOT = Path(__file__).parents[1]
FLOORS = read_floors(ROOT / "tests" / "quality_floors.json")

pytestmark = pytest.mark.slow


def check(name: str, cache: Path, folder: Path) -> None:
    """Measure a set with the bundled model; sets over the same articles share an archive below `folder`."""
    gated = FLOORS.sets[name]
    missing = missing_files(gated, ROOT)
    if missing:
        pytest.skip(f"{missing[0]} is not here")
    changed = file_digest(ROOT / gated.questions) != gated.sha256
    assert not changed, f"{gated.questions} changed: run python benchmarks/floors.py {name}"
    assert shortfalls(gated, measure(gated, ROOT, open_encoder(BUNDLED_MODEL, cache=cache), folder)) == []


def test_every_lowered_floor_has_its_reason() -> None:
    assert all(lowered.reason.strip() for lowered in FLOORS.lowered)


def test_the_sample_archive_keeps_its_floors(prepared_cache: Path, tmp_path: Path) -> None:
    check("sample-half", prepared_cache, tmp_path)
