"""Damage clean paragraphs as the converter does, repair them, and count: `python -m benchmarks.repair XQUAD.json`."""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from opencc import OpenCC

from retrieval.articles.repair import repair
from tests.retrieval.articles.repair.corruptor import Converter, half_width, site, traditional

SIMPLIFY = OpenCC("t2s").convert
LOST = "□"


@dataclass(frozen=True, slots=True)
class Tally:
    """Characters of the true text: all, right, marked as lost, and wrong without a mark."""

    total: int = 0
    right: int = 0
    marked: int = 0
    wrong: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Add up two tallies."""
        return Tally(
            self.total + other.total, self.right + other.right, self.marked + other.marked, self.wrong + other.wrong
        )

    def __str__(self) -> str:
        """Print shares in percent."""
        shares = (100 * count / max(self.total, 1) for count in (self.right, self.marked, self.wrong))
        return "{:7.3f} right {:6.3f} marked {:6.3f} wrong".format(*shares)


def compare(true: str, got: str) -> Tally:
    """Count against the true text, both in Simplified."""
    true, got = SIMPLIFY(true), SIMPLIFY(got)
    right = marked = wrong = 0
    for kind, start, end, got_start, got_end in SequenceMatcher(None, true, got, autojunk=False).get_opcodes():
        if kind == "equal":
            right += end - start
            continue
        marks = got.count(LOST, got_start, got_end)
        marked += marks
        wrong += max(end - start, got_end - got_start) - marks
    return Tally(len(true), right, marked, wrong)


def paragraphs(path: Path) -> list[list[str]]:
    """Read the paragraphs of a question set in SQuAD's form, one list an article."""
    data = json.loads(path.read_text("utf-8"))["data"]
    return [[paragraph["context"].replace("\n", "") for paragraph in article["paragraphs"]] for article in data]


def run(name: str, texts: Iterable[str], converters: Iterable[Converter], *, verbose: bool = False) -> None:
    """Damage, repair and report one setting."""
    before, after, missed, seconds, length = Tally(), Tally(), 0, 0.0, 0
    for text, converter in zip(texts, converters, strict=False):
        clean = traditional(text)
        true = half_width(clean) if converter.folds_width else clean
        seen = converter.damage(clean)
        start = time.process_time()
        result = repair(seen)
        seconds += time.process_time() - start
        length += len(clean)
        missed += not result.damaged and seen != true
        before, after = before + compare(true, seen), after + compare(true, result.text)
        if verbose:
            show(true, result.text)
    print(
        f"{name:34} {after}   untouched {100 * before.right / before.total:5.1f}   not seen {missed:3}"
        f"   {length / 2000 / seconds:5.1f} articles/s"
    )


def show(true: str, got: str) -> None:
    """Print what is still wrong, marked places apart."""
    true, got = SIMPLIFY(true), SIMPLIFY(got)
    for kind, start, end, got_start, got_end in SequenceMatcher(None, true, got, autojunk=False).get_opcodes():
        found = got[got_start:got_end]
        if kind != "equal":
            flag = " " if LOST in found else "!"
            print(f"  {flag} {true[max(start - 5, 0) : start]}[{true[start:end]}]{true[end : end + 4]} → {found}")


def main() -> None:
    """Run every setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    articles = paragraphs(options.xquad)
    single = [paragraph for article in articles for paragraph in article]
    whole = ["\n".join(article) for article in articles]
    repair(site(0).damage(traditional(whole[0])))
    settings: dict[str, tuple[list[str], Callable[[int], Converter]]] = {
        "articles": (whole, site),
        "articles, private dropped": (whole, partial(site, keeps_private=False)),
        "articles, every character glossed": (whole, partial(site, share=1.0)),
        "articles, width kept": (whole, partial(site, folds_width=False)),
        "paragraphs": (single, site),
    }
    for name, (texts, invent) in settings.items():
        if options.only in name:
            run(name, texts, map(invent, range(len(texts))), verbose=options.verbose)


if __name__ == "__main__":
    main()
