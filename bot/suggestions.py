"""Questions that an archive answers, made from its own sentences and titles: of one archive always the same."""

import re
from collections.abc import Iterator

from retrieval import Archive, Article, QuestionError, detect_language

_ARTICLES, _TRIED = 40, 12  # looked at; questions put to the archive, some tens of milliseconds each
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]")
_CLAUSE = re.compile(r"[^，,。！？!?；;：:\n（）()“”「」]+")
# what is counted: 2.17亿元 → 多少元; a figure of a day or a year is none
_COUNTED = re.compile(
    r"(?<![\d.第])\d[\d,.]*\s*(?:[万亿百千萬億]+|多|余|餘)*"
    r"(?=\s*(?:元|人|名|位|个|個|家|台|座|条|條|次|场|場|公里|千米|米|吨|噸|公斤|平方米|平方公里|亩|畝|棵|只|隻|艘|辆|輛|架|册|冊|种|種|件|户|戶|所))"
)
_DEPENDENT = re.compile(
    "^(?:他|她|它|这|這|那|其|该|該|此|因此|同时|同時|而|并|並|但|不过|不過|也|还|還|目前|另外|据|據|截至|从|從)"
)
_OTHER = re.compile("[\\d、]|[今昨明去前本当當][年天日晨晚早月周週]")
_NAMING = 6  # letters before the figure that are enough to name what it counts
_BEHIND = 6  # letters at most behind the figure: what it counts, and the end of the clause
_TITLE = {
    "zh-Hans": "{title}，是怎么回事？",
    "zh-Hant": "{title}，是怎麼回事？",
    "en": "What is known about “{title}”?",
}
_LONGEST, _SHORTEST = 28, 8  # letters of a clause that is asked for; a title in Latin letters may have twice as many


def suggest(archive: Archive, count: int = 3) -> list[str]:
    """Return questions that the archive answers with the article that each was made from, one an article."""
    found: list[str] = []
    articles = archive.latest(_ARTICLES)
    tried, asked = 0, set[str]()
    for make in (_count_questions, _titles):
        for article in articles:
            for question in make(article):
                if tried == _TRIED or len(found) == count:
                    return found
                if article.id in asked:
                    break
                tried += 1
                if answers(archive, question, article.id):
                    found.append(question)
                    asked.add(article.id)
    return found


def answers(archive: Archive, question: str, article: str | None = None) -> bool:
    """Return whether the archive answers a question, first of all by an article where one is given."""
    try:
        found = archive.ask(question, k=1)
    except QuestionError:
        return False
    if not found.answered or not found.hits:
        return False
    first = found.hits[0]
    return article is None or article in {first.article.id, *(each.id for each in first.also_in)}


def _count_questions(article: Article) -> Iterator[str]:
    """Ask for the figure of a clause of the article's beginning that counts something."""
    for sentence in _SENTENCE.findall(article.text[:600]):
        for clause in map(str.strip, _CLAUSE.findall(sentence)[:2]):
            counted = _COUNTED.search(clause)
            if counted is None or not _SHORTEST <= len(clause) <= _LONGEST or _DEPENDENT.match(clause):
                continue
            before, behind = clause[: counted.start()], clause[counted.end() :]
            # 37户居民 is counted in a sentence that says something else of them; 花了2.17亿元 says it
            if (
                len(before) > len(behind) <= _BEHIND
                and not re.search("[的、]$", before)
                and not _OTHER.search(before + behind)
                and _shares(before, article.title or "")
            ):
                yield f"{before}多少{behind.strip()}？"
                return


def _shares(clause: str, title: str) -> bool:
    """Return whether a clause names what the title is about: alone, “省地质队监测了多少个月” asks about nothing."""
    return len(clause) >= _NAMING and any(clause[at : at + 3] in title for at in range(len(clause) - 2))


def _titles(article: Article) -> Iterator[str]:
    title = " ".join((article.title or "").split()).strip("。.!！ ")
    template = _TITLE.get(
        detect_language(title) or "", _TITLE["zh-Hans"] if re.search("[\u4e00-\u9fff]", title) else ""
    )
    longest = _LONGEST if re.search("[\u4e00-\u9fff]", title) else 2 * _LONGEST
    if template and _SHORTEST <= len(title) <= longest and not re.search("[?？]", title):
        yield template.format(title=title)
