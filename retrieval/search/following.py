"""A question that leans on the one before: 那后来呢？ 花了多少钱？ when was that? → what it lacks, taken from there."""

import re
from dataclasses import dataclass

from retrieval.search.cutting import ASKS, asking, before_asking
from retrieval.search.question import is_small_talk, tidied
from retrieval.search.sources import fold_aligned
from retrieval.search.topics import request_of
from retrieval.text.words import STOPWORDS
from retrieval.values import Answer


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question completed: `question` is what is asked now, `taken` the words it took from the question before."""

    question: str
    taken: str


_LEANS = re.compile(
    r"^(?:那么?|然后|后来|接着|还有|另外|结果|所以|而)|(?:他|她|它|他们|她们|它们|这件事|此事|这事|那件事|这个|那个|这座|那座|这家|该\w)"
    r"|\b(?:he|she|it|they|him|her|them|his|its|their|that|those|there|then)\b"
)
_OTHERS = re.compile(
    "(?:还有|有没有)(?:别的|其他|其它|另外的?)(?:媒体|报纸|报道|来源|文章|消息)|其他媒体"
    r"|\bother (?:outlets?|reports?|sources?|articles?)\b"
)
_FILLER = re.compile(
    rf"(?:{ASKS}|^那么?|后来|然后|呢|了|的|是|在|有|被|过|请问|到底|究竟|一共|总共|共|花|用|钱|时候|时间|地方|人|样|[?？!！。，,\s])+"
)
_CONTENT = 3
"""Characters beyond asking and filling from which a Chinese question names its own subject."""
_WORDS = 2
"""Words beyond stopwords with which an English one does."""
_MOST = 40
"""Characters taken at most."""


def follow_up(question: str, last: Answer | None) -> FollowUp | None:
    """Complete a question that leans on `last`; None for one that stands by itself, or where nothing came before."""
    question = tidied(question)
    if last is None or is_small_talk(question) or (request_of(question) and not _OTHERS.search(question)):
        return None
    taken = subject_of(last)
    if not taken or not _is_leaning(question):
        return None
    if _OTHERS.search(fold_aligned(question)):
        return FollowUp(f"news about {taken}" if question.isascii() else f"关于{taken}的报道有哪些", taken)
    return FollowUp(f"{taken} {question}" if question.isascii() else f"{taken}{_bare(question)}", taken)


def _bare(question: str) -> str:
    return re.sub("^(?:那么?|然后|而|另外)[，,]?", "", question).lstrip()


def _is_leaning(question: str) -> bool:
    folded = fold_aligned(question)
    if folded.isascii():
        words = [word for word in re.findall(r"[a-z0-9']+", folded) if word not in STOPWORDS]
        return len(words) < _WORDS and bool(_LEANS.search(folded) or asking(folded))
    own, asks = _FILLER.sub("", _LEANS.sub("", folded)), bool(_LEANS.search(folded) or asking(folded))
    # 台风 by itself is a topic, and asks nothing of the one before
    return not own or (asks and len(own) < _CONTENT) or (bool(_LEANS.match(folded)) and len(own) < 2 * _CONTENT)


def subject_of(last: Answer) -> str:
    """Return what the last question was about: its words without those that ask, or the title of its first hit."""
    text = last.timeline.topic if last.timeline else last.question.strip(" ?？。!！")
    if text.isascii():
        about = " ".join(word for word in re.findall(r"[\w'-]+", text) if word.lower() not in STOPWORDS)
    else:
        before = before_asking(text)
        about = before if len(before) >= _CONTENT else before_asking(re.sub(ASKS, "", text))
    about = about.strip(" ，,、")
    if len(about) < _WORDS and last.hits:
        about = last.hits[0].article.title or ""
    return about[:_MOST]
