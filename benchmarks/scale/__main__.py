"""Build an archive of many windows and measure it: `python -m benchmarks.scale --from index --windows 1000000`.

Vectors are those of a real archive's windows with noise of the same covariance, texts are Chinese words drawn by their
frequency, one article in twenty has no date. The encoder embeds the questions only, and its time is left out. Building
and asking are two processes, so that the reader's memory is its own. What the folder holds already is built no second
time: delete a part (`words/`, `vectors.faiss`) to have it measured again.
"""

import argparse
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.scale.asking import read
from benchmarks.scale.building import build
from benchmarks.scale.table import lines
from retrieval import encoder_of, read_settings
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Vectors
from retrieval.store.catalogue import Catalogue

_CHARACTERS = 16  # of a sentence are asked: what a question has


def main() -> None:
    """Build and measure one archive, and print what was reached beside what was to be reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--from", dest="real", type=Path, default=Path("index"), help="an archive with real windows")
    parser.add_argument("--questions", type=Path, default=Path("examples/questions.jsonl"), help="put to that archive")
    parser.add_argument("--windows", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=Path("scale"), help="where to build")
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--reader", action="store_true", help="only ask what was built before")
    options = parser.parse_args()
    vectors = options.folder.with_suffix(".questions.npy")
    if options.reader:
        pool = json.loads((options.folder / "pool.json").read_text("utf-8"))
        print(json.dumps(read(options.folder, [line[:_CHARACTERS] for line in pool], np.load(vectors))))
        return
    if not vectors.exists():
        np.save(vectors, _question_vectors(options.real, options.questions, options.asked))
    built = build(options.folder, options.windows, options.real)
    command = [sys.executable, "-m", "benchmarks.scale", "--reader", "--folder", str(options.folder)]
    asked = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print("\n".join(lines({**built, **asked})))


def _question_vectors(real: Path, questions: Path, most: int) -> Vectors:
    """Embed questions as the archive's own search does; float32 of shape (n, dim)."""
    asked = [json.loads(line)["question"] for line in questions.read_text("utf-8").splitlines()]
    step = max(1, len(asked) // most)
    with closing(Catalogue(real / "catalogue.sqlite")) as catalogue:
        calibration = Calibration.from_json(catalogue.manifest()["calibration"])
    return CalibratedEncoder(encoder_of(read_settings()), calibration).encode_queries(asked[::step][:most])


if __name__ == "__main__":
    main()
