"""Print what is right and wrong of the cases, files made after public reports, and of our own pages.

Run: python -m benchmarks.articles [FOLDER]     FOLDER holds an `expected.json`; the shared cases unless it is named
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.articles.judging import Expected, faults_of
from benchmarks.articles.kinds import composed
from benchmarks.articles.sites import pages

CASES = Path(__file__).parents[2].parent / "shared" / "data" / "cases" / "articles"


def judge(cases: Iterable[tuple[str, Path, Expected]]) -> None:
    """Print the faults of each case, named with its group before a stroke, then how many are right of each group."""
    kinds, right, groups = Counter[str](), Counter[str](), Counter[str]()
    for name, path, expected in cases:
        faults = faults_of(path, expected)
        group = name.partition("/")[0]
        groups[group] += 1
        right[group] += not faults
        kinds.update(fault.partition(":")[0] for fault in faults)
        if faults:
            print(f"WRONG {name}", *faults, sep="\n      ")
    print(f"{sum(right.values())} of {sum(groups.values())} right")
    print(*(f"  {group}: {right[group]} of {count}" for group, count in groups.items()), sep="\n")
    print(f"faults: {dict(kinds.most_common())}\n")


def main() -> None:
    """Judge the cases of a folder, and our own pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    if folder.is_dir():
        cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        judge((case["file"], folder / case["file"], Expected.of(case["expected"])) for case in cases)
    with tempfile.TemporaryDirectory() as made:
        own = []
        for group, made_pages in (("sites", pages()), ("composed", composed())):
            for name, markup, expected in made_pages:
                path = Path(made) / f"{name}.html"
                path.write_text(markup, encoding="utf-8")
                own.append((f"{group}/{name}", path, expected))
        judge(own)


if __name__ == "__main__":
    main()
