"""The gate of test_quality.py for XQuAD, in a file of its own, which another worker takes."""

from pathlib import Path

import pytest

from tests.test_quality import FLOORS, check

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sets over the same articles share an archive."""
    return tmp_path_factory.mktemp("archives")


# the whole sets, over a thousand questions each, take a minute and a half of a processor; benchmarks/floors.py holds them
@pytest.mark.parametrize(
    "name", [name for name, gated in FLOORS.sets.items() if gated.tested and name != "sample-half"]
)
def test_measures_keep_their_floors(name: str, prepared_cache: Path, folder: Path) -> None:
    check(name, prepared_cache, folder)
