"""Measure cleaning and metadata: the invented pages, saved web pages beside trafilatura alone, and speed.

Run: python -m benchmarks.cleaning
"""

import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from retrieval.clean.article import make_article
from retrieval.clean.body.kinds import classification_cached
from retrieval.read import read
from retrieval.values import Article, Draft
from tests.retrieval.clean.pages import Fixture, load_fixtures, load_web_pages

TODAY = date(2025, 1, 1)
FIELDS = ("title", "source", "author", "published", "published_from")
EXAMPLES = Path(__file__).parents[1] / "examples" / "archive"


def overlap(expected: str, got: str) -> float:
    """Return F1 by characters, in the order of the text."""
    blocks = SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / max(1, len(expected) + len(got))


def made(draft: Draft) -> Article | None:
    """Make an article, None where it is skipped."""
    article = make_article(draft, today=TODAY)
    return article if isinstance(article, Article) else None


def draft_of(data: bytes) -> Draft:
    """Read a saved page through the readers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_bytes(data)
        (draft,) = read([path])
    assert isinstance(draft, Draft)
    return draft


def trafilatura_alone(data: bytes) -> str:
    """Return the body that trafilatura finds by itself."""
    from trafilatura import extract

    return extract(data, include_comments=False) or ""


def row(name: str, scores: Sequence[float], right: str) -> None:
    """Print one row: pages, body F1 on average and at worst, fields that are right."""
    print(f"| {name} | {len(scores)} | {sum(scores) / len(scores):.4f} | {min(scores):.4f} | {right} |")


def right_fields(pairs: Iterable[tuple[Fixture, Article | None]]) -> str:
    """Count the fields that are as expected."""
    compared = [
        [str(getattr(article, name)) == str(getattr(fixture, name)) for name in FIELDS]
        for fixture, article in pairs
        if article
    ]
    return " ".join(
        f"{name} {sum(column)}/{len(column)}" for name, column in zip(FIELDS, zip(*compared, strict=True), strict=True)
    )


def pages() -> None:
    """Compare the invented pages, a row for each file of them."""
    fixtures = [fixture for fixture in load_fixtures() if not fixture.skipped]
    groups = sorted({fixture.name.partition("/")[0] for fixture in fixtures})
    for group in [*groups, ""]:
        pairs = [(fixture, made(fixture.draft)) for fixture in fixtures if fixture.name.startswith(group)]
        scores = [overlap(fixture.body, article.text) if article else 0.0 for fixture, article in pairs]
        row(group or "all", scores, right_fields(pairs))


def web_pages() -> None:
    """Compare the saved web pages, and trafilatura alone on the same bytes."""
    loaded = load_web_pages()
    pairs = [(fixture, made(draft_of(data))) for fixture, data in loaded]
    row("readers and cleaning", [overlap(f.body, a.text) if a else 0.0 for f, a in pairs], right_fields(pairs))
    row("trafilatura alone", [overlap(f.body, trafilatura_alone(data)) for f, data in loaded], "")


def rate(drafts: Sequence[Draft]) -> float:
    """Return how many a second of processor time, the best of three runs that remember no line of the one before."""
    best = float("inf")
    for _ in range(3):
        classification_cached.cache_clear()
        start = time.process_time()
        for draft in drafts:
            make_article(draft, today=TODAY)
        best = min(best, time.process_time() - start)
    return len(drafts) / best


def speed() -> None:
    """Measure articles a second on one core, menus and all: the sample archive, the invented pages, long ones."""
    archive = [draft for draft in read([EXAMPLES]) if isinstance(draft, Draft) and not draft.is_record]
    invented = [fixture.draft for fixture in load_fixtures()]
    bodies = [draft.text for draft in archive if draft.path and "qinglan" in draft.path]
    long = [Draft(id=str(n), text="\n".join(bodies[n : n + 3])) for n in range(len(bodies) - 2)]
    for name, drafts in (
        ("the sample archive", archive),
        ("the invented pages", invented),
        ("three pages in one", long),
    ):
        characters = sum(len(draft.text) for draft in drafts) // len(drafts)
        print(f"{name}: {rate(drafts):.0f} articles a second a core ({len(drafts)} of {characters} characters)")


def main() -> None:
    """Print the tables and the rate."""
    print("| pages | n | body F1 | worst | fields right |\n|---|---|---|---|---|")
    pages()
    print("\n| saved web pages | n | body F1 | worst | fields right |\n|---|---|---|---|---|")
    web_pages()
    print()
    speed()


if __name__ == "__main__":
    main()
