"""A set's paragraphs → an archive, the way any article comes in."""

import json
from collections.abc import Callable
from pathlib import Path

from retrieval import IndexReport, Location, index_paths
from retrieval.encode.encoder import Encoder
from retrieval.errors import ArticleError
from retrieval.evaluation.questions import Paragraph, read_squad
from retrieval.store.location import folder_only


def build(
    path: Path, location: Location, encoder: Encoder, *, progress: Callable[[IndexReport], None] | None = None
) -> IndexReport:
    """Index the paragraphs of a set in SQuAD's format into the archive at `location`; again, only what changed.

    They are kept there as article records with their text alone: a title would tell a question what its paragraph does
    not say.

    Raises:
        QuestionError: the set cannot be read.
        ArticleError: a paragraph was not indexed, so that questions about it would be judged wrongly.
        ArchiveError: the folder cannot be written.
    """
    paragraphs = read_squad(path).paragraphs
    return build_paragraphs(
        paragraphs, folder_only(location, "eval --build"), encoder, name=path.stem, progress=progress
    )


def build_paragraphs(
    paragraphs: tuple[Paragraph, ...],
    folder: Path,
    encoder: Encoder,
    *,
    name: str,
    progress: Callable[[IndexReport], None] | None = None,
) -> IndexReport:
    """Index paragraphs as the records of the file `name` that is kept in the archive's folder."""
    records = folder / "built" / f"{name}.jsonl"
    records.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"id": item.id, "text": item.text}, ensure_ascii=False) for item in paragraphs)
    records.write_text("\n".join(lines) + "\n", "utf-8")
    report = index_paths([records], folder, encoder, progress=progress)
    if report.skipped:
        first = report.skipped[0]
        raise ArticleError(
            "{count} of {total} paragraphs were not indexed, the first: {path}: {reason}. Build into "
            "an archive of their own: --index NEW",
            count=len(report.skipped),
            total=len(paragraphs),
            path=first.path,
            reason=first.reason,
        )
    return report
