"""What a person would check of the articles that a run has made."""

from collections import Counter
from dataclasses import dataclass, field

from retrieval.values import Article, Draft

# An article that loses more than this share of its characters is cut; a run most of whose articles are says so first.
_CUT, _MOST = 1 / 3, 0.5
# Strings that are counted, and characters of each that are kept; of samples the first so many words' characters.
_COUNTED, _LONGEST, _OPENING = 20_000, 200, 40


@dataclass(frozen=True, slots=True)
class SampledArticle:
    """An article as a person would look at it: `opening` are its first words."""

    title: str | None
    source: str | None
    published: str | None
    opening: str


@dataclass(slots=True)
class Survey:
    """What a run saw of the articles that it made: counts of articles and of characters.

    `cut` are those that lost more than a third of their characters, `splits` the files that were parted into several,
    each with how many and by what.
    """

    articles: int = 0
    undated: int = 0
    nameless: int = 0
    cut: int = 0
    characters: int = 0
    removed: int = 0
    samples: list[SampledArticle] = field(default_factory=list)
    splits: dict[str, tuple[int, str]] = field(default_factory=dict)
    _strings: Counter[str] = field(default_factory=Counter)

    def note(self, draft: Draft, article: Article) -> None:
        """Count an article and what was removed of its draft."""
        gone = sum(len(removed.text) for removed in article.removed)
        self.articles += 1
        self.undated += article.published is None
        self.nameless += article.source is None
        self.characters += len(draft.text)
        self.removed += gone
        self.cut += gone > _CUT * len(draft.text)
        self._strings.update(removed.text[:_LONGEST] for removed in article.removed)
        if len(self._strings) > _COUNTED:
            self._strings = Counter(dict(self._strings.most_common(_COUNTED // 2)))
        if draft.split:
            file = draft.path or draft.id
            self.splits[file] = (self.splits.get(file, (0, ""))[0] + 1, draft.split)
        self._sample(article)

    def _sample(self, article: Article) -> None:
        """Keep the first article, one from about the middle, and the last."""
        opening = article.text[:_OPENING].replace("\n", " ")
        sample = SampledArticle(article.title, article.source, article.published, opening)
        if len(self.samples) < 3:
            self.samples.append(sample)
            return
        if self.articles & (self.articles - 1) == 0:
            self.samples[1] = self.samples[2]
        self.samples[2] = sample

    @property
    def removed_most(self) -> list[tuple[str, int]]:
        """The three strings that were removed from most articles, with how many."""
        ranked = sorted(self._strings.items(), key=lambda item: (-item[1], item[0]))
        return [(text, count) for text, count in ranked if count > 1][:3]

    @property
    def is_undated(self) -> bool:
        """Whether more than half of the articles have no date."""
        return self.undated > _MOST * self.articles

    @property
    def is_cut(self) -> bool:
        """Whether more than half of the articles lost more than a third."""
        return self.cut > _MOST * self.articles
