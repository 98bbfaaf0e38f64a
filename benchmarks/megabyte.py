"""Index one megabyte of each kind of input, and print how much processor time that takes beyond embedding.

    python -m benchmarks.megabyte [--tokens] [--least 1.0] [--bytes 1000000]

The kinds are those that `tests/retrieval/test_linear.py` holds to grow with their input; with --tokens also each of its
tokens repeated in a text, a page and a list, of which those are printed that take `--least` seconds. The vectors are
random: what is left is reading, cleaning, cutting and writing.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.stream import RandomEncoder
from retrieval import IndexReport, index_paths
from tests.retrieval.test_linear import RECORDS, SENTENCE, SHAPES, TOKENS

_MOST_S = 5.0


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", action="store_true")
    parser.add_argument("--least", type=float, default=1.0, help="seconds from which on a token is printed")
    parser.add_argument("--bytes", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print("| 1 MB of | s | articles | windows |\n|---|---|---|---|")
    over = [name for name, suffix, text in _inputs(arguments.bytes) if _row(name, suffix, text, 0.0) > _MOST_S]
    for token, suffix, text in _tokens(arguments.bytes) if arguments.tokens else ():
        if _row(f"{token!r}, .{suffix}", suffix, text, arguments.least) > _MOST_S:
            over.append(token)
    print(f"over {_MOST_S:.0f} s: {', '.join(over) or 'none'}")


def _inputs(size: int) -> Iterator[tuple[str, str, str]]:
    for name, shape in SHAPES.items():
        suffix, text = shape(size)
        yield name, suffix, shape(int(size * size / len(text.encode())))[1]
    for name, records in RECORDS.items():
        lines = [json.dumps({"text": text}, ensure_ascii=False) for text in records(size)]
        yield name, "jsonl", "\n".join(lines)


def _tokens(size: int) -> Iterator[tuple[str, str, str]]:
    for token in TOKENS:
        for suffix in ("txt", "html", "md"):
            yield token, suffix, f"{SENTENCE}\n{token * (size // len(token.encode()))}\n{SENTENCE}"


def _row(name: str, suffix: str, text: str, least: float) -> float:
    """Index a text, print what that took, and return it."""
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"a.{suffix}"
        path.write_text(text, "utf-8")
        began = time.process_time()
        report: IndexReport = index_paths([path], Path(work) / "index", RandomEncoder(64))
        seconds = time.process_time() - began
    if seconds >= least:
        print(f"| {name} | {seconds:.1f} | {len(report.added)} | {report.windows:,} |", flush=True)
    return seconds


if __name__ == "__main__":
    main()
