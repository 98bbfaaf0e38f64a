"""Measure the gated question sets and raise their floors in tests/quality_floors.json.

    python benchmarks/floors.py [SET…] [--lower "the reason"]

A floor that is no longer kept stops it, unless a reason is given, which is written into the file.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.gate import file_digest, measure, missing_files, read_floors, updated, write_floors
from retrieval import ChuchuError, encoder_of, read_settings

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "tests" / "quality_floors.json"


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help="sets to measure [default: all that are here]")
    parser.add_argument("--lower", metavar="REASON", help="lower the floors that are not kept, for this reason")
    arguments = parser.parse_args()
    try:
        _update(arguments.sets, arguments.lower)
    except ChuchuError as error:
        sys.exit(f"floors: {error}")


def _update(names: list[str], reason: str | None) -> None:
    floors = read_floors(FLOORS)
    encoder = encoder_of(read_settings())
    with tempfile.TemporaryDirectory() as folder:
        for name in names or floors.sets:
            gated = floors.sets[name]
            missing = missing_files(gated, ROOT)
            if missing:
                print(f"{name}: left alone, {missing[0]} is not here")
                continue
            summary = measure(gated, ROOT, encoder, Path(folder))
            floors = updated(floors, name, summary, file_digest(ROOT / gated.questions), reason)
            write_floors(FLOORS, floors)
            for measured, floor in floors.sets[name].floors.items():
                print(f"{name}: {measured} {summary.values[measured]:.4f}, floor {gated.floors[measured]} → {floor}")


if __name__ == "__main__":
    main()
