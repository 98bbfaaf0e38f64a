"""Spoil an archive block by block, and see that what is wrong is found, named and repaired.

`python -m tests.retrieval.damaging` zeroes, fills with noise and flips a bit in every block of every file of an archive.
After each, verify must find something or answers be as before, and repair, or the command that it names, must leave a
sound archive that holds every article in its own words, those excepted that it names.
"""

import logging
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from retrieval import (
    Archive,
    ChuchuError,
    Settings,
    index_paths,
    rebuild_archive,
    remove_articles,
    repair_archive,
    verify_archive,
)
from retrieval.store.catalogue import Catalogue
from tests.fakes import FakeEncoder
from tests.retrieval import test_durability
from tests.retrieval.test_durability import QUESTIONS, write_articles

BLOCK = 4_096  # bytes that a disk loses at once
TEXTS = {
    **dict(list(test_durability.TEXTS.items())[:14]),
    # longer than a page of the catalogue has room for
    **{f"long{n}": "\n".join(f"渡口第{n}号船的第{day}天运了{day * n}人。" * 4 for day in range(100)) for n in (1, 2)},
}
_T = TypeVar("_T")


def zeroed(block: bytes, _seed: int) -> bytes:
    return bytes(len(block))


def noisy(block: bytes, seed: int) -> bytes:
    return random.Random(seed).randbytes(len(block))


def flipped(block: bytes, seed: int) -> bytes:
    place = random.Random(seed).randrange(len(block))
    return block[:place] + bytes([block[place] ^ 1 << seed // BLOCK % 8]) + block[place + 1 :]


DAMAGES: dict[str, Callable[[bytes, int], bytes]] = {"zeroed": zeroed, "noisy": noisy, "flipped": flipped}


def built(place: Path) -> Path:
    """Return an archive of `TEXTS`, of which one was another before, and another one removed."""
    texts = {**TEXTS, "a3": "老渡口昨天停航。" * 40, "gone": "茶园的茶叶卖完了。" * 40}
    index_paths([write_articles(place / "articles.jsonl", texts)], place / "archive", FakeEncoder())
    index_paths([write_articles(place / "articles.jsonl", TEXTS)], place / "archive", FakeEncoder())
    remove_articles(place / "archive", ["gone"])
    return place / "archive"


def blocks(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield file and place of every block that an archive keeps something in."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".lock":
            yield from ((str(path.relative_to(folder)), start) for start in range(0, path.stat().st_size, BLOCK))


def spoil(path: Path, start: int, damage: str) -> bool:
    """Damage a block; return whether that changed anything."""
    data = path.read_bytes()
    block = data[start : start + BLOCK]
    spoilt = DAMAGES[damage](block, start)
    path.write_bytes(data[:start] + spoilt + data[start + BLOCK :])
    return spoilt != block


def check(folder: Path) -> tuple[str, set[str]]:
    """Check what becomes of a damaged archive of `TEXTS`; return how it was repaired, and which articles were lost."""
    found = attempt(lambda: verify_archive(folder))
    answers = attempt(lambda: wrong_answers(folder))
    assert answers == [] if found == () else isinstance(answers, str) or answers == [], answers
    if found == ():
        return "nothing was wrong", set()
    repaired = attempt(lambda: repair_archive(folder, encoder=FakeEncoder))
    if not isinstance(repaired, str):
        done, lost = "repaired", set(repaired.taken_out)
    elif "--rebuild" in repaired:
        done, lost = "rebuilt", {str(item.path) for item in rebuild_archive(folder, FakeEncoder()).skipped}
    else:
        return repaired, set()
    assert not (left := verify_archive(folder)), left
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        held = {name: catalogue.article(name) for name in catalogue.names().values()}
    assert held.keys() | lost == TEXTS.keys(), held.keys() ^ TEXTS.keys()
    assert not held.keys() & lost
    assert all(article and article.text == TEXTS[name] for name, article in held.items())
    assert wrong_answers(folder) == []
    return done, lost


def attempt(work: Callable[[], _T]) -> _T | str:
    """Return what comes of some work, be it a message of one line."""
    try:
        return work()
    except ChuchuError as error:
        if "\n" in str(error):
            raise
        return str(error)


def wrong_answers(folder: Path) -> list[str]:
    """Return what is shown that does not stand in the article whose title stands above it."""
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        hits = [hit for question in QUESTIONS for hit in archive.ask(question).hits]
    return [hit.text for hit in hits if hit.text not in TEXTS.get(hit.article.title or "", "")]


def damage_all(step: int) -> None:
    """Damage every `step`-th block in every way."""
    logging.disable()
    done = Counter[str]()
    with TemporaryDirectory() as place:
        whole, folder = built(Path(place)), Path(place) / "damaged"
        for name, start in list(blocks(whole))[::step]:
            for damage in DAMAGES:
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(whole, folder)
                if spoil(folder / name, start, damage):
                    how, lost = check(folder)
                    done[how] += 1
                    print(name, start // BLOCK, damage, how, *sorted(lost), flush=True)
    print(*(f"{times} × {how}" for how, times in done.most_common()), sep="\n")


if __name__ == "__main__":
    damage_all(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
