"""Count what a repair got right."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from opencc import OpenCC

LOST = "□"
_SIMPLIFY = OpenCC("t2s").convert


@dataclass(frozen=True, slots=True)
class Tally:
    """Characters of the true text: all, right, marked as lost, and wrong without a mark."""

    total: int = 0
    right: int = 0
    marked: int = 0
    wrong: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.total + other.total, self.right + other.right, self.marked + other.marked, self.wrong + other.wrong
        )

    def __str__(self) -> str:
        shares = (100 * count / max(self.total, 1) for count in (self.right, self.marked, self.wrong))
        return "{:7.3f} right {:6.3f} marked {:6.3f} wrong".format(*shares)


def differences(true: str, got: str) -> list[tuple[str, str]]:
    """List the places where two texts differ, compared in Simplified: what is true, and what was got."""
    true, got = _SIMPLIFY(true), _SIMPLIFY(got)
    codes = SequenceMatcher(None, true, got, autojunk=False).get_opcodes()
    return [(true[start:end], got[from_:to]) for kind, start, end, from_, to in codes if kind != "equal"]


def compare(true: str, got: str) -> Tally:
    """Count against the true text, compared in Simplified."""
    missed = marked = wrong = 0
    for truth, found in differences(true, got):
        marks = found.count(LOST)
        missed += len(truth)
        marked += marks
        wrong += max(len(truth), len(found)) - marks
    return Tally(len(true), len(true) - missed, marked, wrong)
