"""Damage clean paragraphs as the converter does, repair them, and count: `python -m benchmarks.repair XQUAD.json`."""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from retrieval.repair import repair
from tests.retrieval.repair.corruptor import Converter, half_width, site, traditional
from tests.retrieval.repair.measure import Tally, compare, differences


def paragraphs(path: Path) -> list[list[str]]:
    """Read the paragraphs of a question set in SQuAD's form, one list an article."""
    data = json.loads(path.read_text("utf-8"))["data"]
    return [[paragraph["context"].replace("\n", "") for paragraph in article["paragraphs"]] for article in data]


def run(name: str, texts: Iterable[str], converters: Iterable[Converter], *, verbose: bool = False) -> None:
    """Damage, repair and report one setting."""
    before, after, unseen, seconds = Tally(), Tally(), 0, 0.0
    for text, converter in zip(texts, converters, strict=False):
        clean = traditional(text)
        true = half_width(clean) if converter.folds_width else clean
        seen = converter.damage(clean)
        start = time.process_time()
        result = repair(seen)
        seconds += time.process_time() - start
        unseen += not result.damaged and seen != true
        before, after = before + compare(true, seen), after + compare(true, result.text)
        if verbose:
            print(*(f"  {truth} → {found}" for truth, found in differences(true, result.text)), sep="\n")
    untouched = 100 * before.right / before.total
    speed = after.total / 2000 / seconds
    print(f"{name:34} {after}   damaged {untouched:4.1f} right   not seen {unseen}   {speed:4.1f} × 2,000 characters/s")


def clean(texts: Iterable[str]) -> None:
    """Report what is changed in texts that are not damaged, and how fast they are told."""
    total = changed = 0
    start = time.process_time()
    for text in texts:
        result = repair(text)
        total += len(text)
        changed += (result.text != text) * len(text)
    print(f"undamaged: {changed} of {total:,} characters touched, {time.process_time() - start:.3f} s")


def main() -> None:
    """Run every setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print what is still wrong")
    parser.add_argument("--only", default="", help="settings whose name has this")
    options = parser.parse_args()
    articles = paragraphs(options.xquad)
    single = [paragraph for article in articles for paragraph in article]
    whole = ["\n".join(article) for article in articles]
    clean([*single, *whole, *map(traditional, whole)])
    repair(site(0).damage(traditional(whole[0])))  # loads the model
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
