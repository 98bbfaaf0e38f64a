"""Values → the JSON records of the command line's interface."""

from dataclasses import asdict

from retrieval import Answer, Article, Hit, IndexReport, PartAnswer, Refusal, Skipped, Source, Survey, Timeline

Record = dict[str, object]


def answer(value: Answer) -> Record:
    """Return the record of `ask --json`."""
    return {
        "question": value.question,
        "answered": value.answered,
        "confidence": round(value.confidence, 4),
        "reason": value.reason,
        "filters": asdict(value.filters),
        "understood": value.understood,
        "note": value.note,
        "explanation": {name: round(share, 4) for name, share in value.explanation.items()},
        "refusal": _refusal(value.refusal) if value.refusal else None,
        "parts": [_part(item) for item in value.parts],
        "outcome": {**asdict(value.outcome), "text": str(value.outcome)} if value.outcome else None,
        "timeline": timeline(value.timeline) if value.timeline else None,
        "hits": [hit(item) for item in value.hits],
        "timing_ms": {name: round(time, 2) for name, time in value.timing_ms.items()},
    }


def timeline(value: Timeline) -> Record:
    """Return the record of `timeline --json`."""
    counted = value.counted and {"articles": value.counted[0], "stories": value.counted[1]}
    return {
        "topic": value.topic,
        "filters": asdict(value.filters),
        "understood": value.understood,
        "articles": value.articles,
        "counted": counted,
        "stories": [
            {
                "sentence": story.sentence,
                "articles": story.articles,
                "outlets": story.outlets,
                "article": article(story.article),
                "also_in": [article(item) for item in story.also_in],
            }
            for story in value.stories
        ],
    }


def _part(value: PartAnswer) -> Record:
    """Return one thing asked, with the ranks of its hits among those of the answer and what its first one lights."""
    first = value.hits[0] if value.hits else None
    return {
        "name": value.name,
        "question": value.question,
        "answered": value.answered,
        "confidence": round(value.confidence, 4),
        "ranks": [item.rank for item in value.hits],
        "article": article(first.article) if first else None,
        "text": first.text[slice(*first.highlight)] if first else None,
    }


def _refusal(value: Refusal) -> Record:
    """Return what a refusal says in words, in parts."""
    return {
        "kind": value.kind.value,
        "articles": value.articles,
        "first": value.first,
        "last": value.last,
        "nearest": article(value.nearest) if value.nearest else None,
        "differs": [asdict(item) for item in value.differs],
    }


def hit(value: Hit) -> Record:
    """Return the record of one hit."""
    return {
        "rank": value.rank,
        "score": round(value.score, 6),
        "text": value.text,
        "highlight": list(value.highlight),
        "answer": list(value.answer) if value.answer else None,
        "title_answer": list(value.title_answer) if value.title_answer else None,
        "span": list(value.span),
        "article": article(value.article),
        "also_in": [article(item) for item in value.also_in],
        "differs": {article_id: [asdict(item) for item in those] for article_id, those in value.differs.items()},
        "explanation": {name: round(share, 6) for name, share in value.explanation.items()},
    }


def article(value: Article) -> Record:
    """Return an article's record without its text."""
    return {
        "id": value.id,
        "title": value.title,
        "source": value.source,
        "author": value.author,
        "published": value.published,
        "published_from": value.published_from.value,
        "url": value.url,
        "path": value.path,
        "language": value.language,
    }


def whole_article(value: Article) -> Record:
    """Return the record of `show --json`: the article with its text, and what was removed or repaired."""
    return {
        **article(value),
        "text": value.text,
        "removed": [asdict(item) for item in value.removed],
        "repairs": [asdict(item) for item in value.repairs],
    }


def report(value: IndexReport) -> Record:
    """Return the record of `index --json`: counts, what was skipped and why, and whether it was stopped."""
    return {
        "added": len(value.added),
        "changed": len(value.changed),
        "unchanged": len(value.unchanged),
        "removed": len(value.removed),
        "skipped": [{"path": item.path, "reason": item.reason} for item in value.skipped],
        "windows": value.windows,
        "embedded": value.embedded,
        "doubt": value.doubt or None,
        "stopped": value.stopped,
        "survey": survey(value.survey),
    }


def survey(value: Survey) -> Record:
    """Return the record of what was seen of the articles that were made."""
    return {
        "articles": value.articles,
        "undated": value.undated,
        "without_outlet": value.nameless,
        "cut_by_a_third": value.cut,
        "characters": value.characters,
        "characters_removed": value.removed,
        "removed_most": [{"text": text, "articles": count} for text, count in value.removed_most],
        "split": [{"path": path, "articles": count, "by": by} for path, (count, by) in value.splits.items()],
        "samples": [asdict(sample) for sample in value.samples],
    }


def read_item(value: Article | Skipped) -> Record:
    """Return the record of a line of `read`: an article with its text and what was removed, or why it was skipped."""
    if isinstance(value, Skipped):
        return {"path": value.path, "skipped": value.reason}
    return whole_article(value)


def source(value: Source) -> Record:
    """Return the record of one outlet."""
    return asdict(value)
