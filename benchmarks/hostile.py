"""Read thousands of spoilt files: none may stop the run, take long, or cost a good article that is read after it.

Run: python -m benchmarks.hostile [COUNT]
"""

import argparse
import gzip
import io
import random
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.clean.article import make_article
from retrieval.read import read
from retrieval.values import Article, Draft
from tests.retrieval.clean.pages import load_fixtures, load_web_pages
from tests.retrieval.read.test_hostile import FIXTURES
from tests.retrieval.repair.corruptor import site

COUNT = 10_000
SLOWEST_S = 5.0
BATCH = 50
"""Spoilt files, after which a good one is read."""
GOOD = "\n".join(f"第{n}天，河水又涨了{n}寸，堤上的人轮流守夜，谁也没有说要走。" for n in range(1, 6))


def seeds() -> list[tuple[str, bytes]]:
    """Collect whole files of all kinds: pages as text and markup, damaged text, records, documents, archives."""
    pages = [(fixture.name, fixture.draft.text) for fixture in load_fixtures()]
    found = [(".txt", text.encode(codec, "replace")) for _, text in pages for codec in ("utf-8", "gb18030")]
    damaged = site(1).damage
    found += [
        (".txt", damaged(text.encode("gbk", "ignore").decode("gbk")).encode())
        for name, text in pages
        if name.startswith("simplified/")
    ]
    found += [(".html", data) for _, data in load_web_pages()]
    found += [(Path(name).suffix, data) for name, data in FIXTURES.items()] * 6
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in pages[:8]:
            archive.writestr(zipfile.ZipInfo(f"{name}.txt"), text, zipfile.ZIP_DEFLATED)
    rolled = io.BytesIO()
    with tarfile.open(fileobj=rolled, mode="w") as tar:
        for name, text in pages[:8]:
            member = tarfile.TarInfo(f"{name}.txt")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return [*found, *[(".zip", packed.getvalue()), (".tar.gz", gzip.compress(rolled.getvalue(), mtime=0))] * 6]


def cut(data: bytes, dice: random.Random) -> bytes:
    """Truncate, as a download that broke off."""
    return data[: dice.randrange(len(data) + 1)]


def flip(data: bytes, dice: random.Random) -> bytes:
    """Change up to fifty bytes."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 50) if data else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def drop(data: bytes, dice: random.Random) -> bytes:
    """Leave out a piece of up to four hundred bytes."""
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + dice.randint(1, 400) :]


def insert(data: bytes, dice: random.Random) -> bytes:
    """Put in random bytes, an unclosed tag or bracket, or a number without end."""
    piece = dice.choice(
        [dice.randbytes(40), b"<div><table><tr>", b"]]>", b"\0" * 9, b"(" * 99, b"9" * 500, b"\xff\xfe"]
    )
    start = dice.randrange(len(data) + 1)
    return data[:start] + piece + data[start:]


def repeat(data: bytes, dice: random.Random) -> bytes:
    """Repeat a piece up to two thousand times."""
    start = dice.randrange(len(data) + 1)
    piece = data[start : start + dice.randint(1, 60)]
    return data[:start] + piece * dice.randint(2, 2000) + data[start:]


def join(data: bytes, dice: random.Random) -> bytes:
    """Put everything on one line."""
    return data.replace(b"\n", dice.choice([b"", b" ", b"\t"]))


SPOIL: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, cut, flip, drop, insert, repeat, join)


def spoilt(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield suffixes and spoilt contents; one in ten under a wrong suffix, one in ten spoilt twice."""
    dice, whole = random.Random(seed), seeds()  # noqa: S311  not for secrets
    suffixes = sorted({suffix for suffix, _ in whole})
    for _ in range(count):
        suffix, data = dice.choice(whole)
        for _ in range(1 + (dice.random() < 0.1)):
            data = dice.choice(SPOIL)(data, dice)
        yield dice.choice(suffixes) if dice.random() < 0.1 else suffix, data


def measure(count: int, folder: Path) -> Counter[str]:
    """Read spoilt files, a folder after the other, and count what came of them; `slowest_ms` is of one file.

    Raises:
        Exception: a file stopped the run.
    """
    seen: Counter[str] = Counter()
    batch: list[Path] = []
    for number, (suffix, data) in enumerate(spoilt(count)):
        path = folder / f"{number:05}{suffix}"
        path.write_bytes(data)
        batch.append(path)
        if len(batch) == BATCH or number == count - 1:
            good = folder / f"{number:05}good.txt"
            good.write_text(GOOD, "utf-8")
            seen["good"] += 1
            for spoilt_file in [*batch, good]:
                _read(spoilt_file, seen)
                spoilt_file.unlink()
            batch = []
    return seen


def _read(path: Path, seen: Counter[str]) -> None:
    started = time.perf_counter()
    made = [make_article(item) if isinstance(item, Draft) else item for item in read([path])]
    spent = 1e3 * (time.perf_counter() - started)
    seen["files"] += 1
    seen["slowest_ms"] = max(seen["slowest_ms"], round(spent))
    seen["slow"] += spent > 1e3 * SLOWEST_S
    articles = [item for item in made if isinstance(item, Article)]
    seen["articles"] += len(articles)
    seen["skipped"] += len(made) - len(articles)
    seen["good kept"] += any(article.text == GOOD for article in articles) and "good" in path.name


def main() -> None:
    """Print what came of the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=COUNT, help="spoilt files to read")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        seen = measure(count, Path(folder))
    for name, number in seen.items():
        print(f"{name}: {number}")


if __name__ == "__main__":
    main()
