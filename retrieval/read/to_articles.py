"""Files → articles, without an archive or a model."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from retrieval.clean.article import make_article
from retrieval.clean.boilerplate import Boilerplate, learning
from retrieval.clean.outlets import load_outlets
from retrieval.read import read
from retrieval.read.files import Limits, Split
from retrieval.read.survey import Survey
from retrieval.values import Article, Draft, Skipped


def read_articles(
    paths: Iterable[Path | str],
    *,
    source: str | None = None,
    outlets: Path | None = None,
    split: str = Split.AUTO,
    follow_links: bool = False,
    survey: Survey | None = None,
) -> Iterator[Article | Skipped]:
    """Read files and folders into articles, as indexing would; what cannot be read is named with its reason.

    `source` is the outlet of articles that name none, `outlets` a file of more outlets than the bundled ones; `split`
    is how text files are parted into articles: auto, lines, blank or none. `survey` counts what was seen.

    Raises:
        ArticleError: a path does not exist.
        SettingsError: `outlets` cannot be read.
        ValueError: `split` is none of the four.
    """
    limits = Limits(split=Split(split))
    drafts = read([Path(path) for path in paths], limits=limits, follow_links=follow_links)
    table, boilerplate = load_outlets(outlets), Boilerplate()

    def made(draft: Draft | Skipped) -> Article | Skipped:
        article = draft if isinstance(draft, Skipped) else make_article(draft, outlets=table, boilerplate=boilerplate)
        if isinstance(article, Article) and isinstance(draft, Draft):
            article = article if article.source or not source else replace(article, source=source)
            if survey is not None:
                survey.note(draft, article)
        return article

    return map(made, learning(drafts, boilerplate))
