"""What a message says to the bot: a command, a question, or a text of which it is asked who reported it.

Whether articles report what a text claims is decided by its sentences and figures, and never vouched for otherwise.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import Chat, Message, User
from telegram.ext import filters

from retrieval import Answer, Article, fold, missing

_SENTENCE = re.compile(r"[^。！？!?；;\n…]+")
_CLAUSE = re.compile(r"[，,]")
_LETTER = re.compile(r"[^\W_]")
_NO = re.compile("不|没|无|未|否认|并非|网传|谣|(?<![a-z])(?:no|not|never|nobody|den(?:y|ies|ied)|rumou?r)(?![a-z])")
_RUMOUR = re.compile(
    "谣言|传言|辟谣|不实|不属实|虚假(?:信息|消息)|假消息|(?<![a-z])(?:rumou?rs?|hoax|false claims?)(?![a-z])"
)
_SHORTEST = 5  # letters of a sentence that says something: shorter ones are greetings, names, buttons
_RUN = 4
"""Letters in a row that must all stand in the article: what is forwarded is copied, and a name, a figure or a "not"
that was changed breaks as many rows as it has letters, and three."""
_SIMILAR = 0.3  # of a sentence's rows; of two articles on other subjects less than a tenth are the same
_MOST_NAMED = 3


class ClaimVerdict(StrEnum):
    """What can be said of a claim."""

    REPORTED = "reported"
    DIFFERS = "differs"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """The verdict on a claim: the outlets that report it, or what of it does not stand in the most similar article.

    `articles` are the ids of those that report it, or that are similar.
    """

    verdict: ClaimVerdict
    outlets: tuple[str | None, ...] = ()
    differs: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def check(claim: str, found: Answer) -> CheckedClaim:
    """Compare a claim with the articles that were found for it.

    It is reported where one article has all of its sentences letter for letter and denies none of them.
    """
    articles = list({each.id: each for hit in found.hits for each in (hit.article, *hit.also_in)}.values())
    checked = [(article, _missing(claim, article)) for article in articles]
    if reporting := [article for article, lacking in checked if lacking == ()]:
        outlets = tuple(dict.fromkeys(each.source for each in reporting))
        return CheckedClaim(ClaimVerdict.REPORTED, outlets, articles=tuple(each.id for each in reporting))
    if similar := {article.id: lacking for article, lacking in checked if lacking is not None}:
        differs = min(similar.values(), key=len)[:_MOST_NAMED]
        return CheckedClaim(ClaimVerdict.DIFFERS, differs=differs, articles=tuple(similar))
    return CheckedClaim(ClaimVerdict.NOT_FOUND)


def _missing(claim: str, article: Article) -> tuple[str, ...] | None:
    """Return what of a claim does not stand in an article; None where hardly anything of it does.

    A name, figure or date that the article does not have is named alone, what else it does not say as a sentence; an
    article about a rumour is named by the sentence that calls it one.
    """
    sentences = [each.strip() for each in _SENTENCE.findall(claim) if len(_LETTER.findall(each)) >= _SHORTEST]
    text = f"{article.title or ''}\n{article.text}"
    own, parts = _runs(text), [part.strip() for part in _SENTENCE.findall(text)]
    shares = [len(runs & own) / len(runs) for runs in map(_runs, sentences)]
    if not sentences or max(shares) < _SIMILAR:
        return None
    lacking = [] if _RUMOUR.search(fold(claim)) else [part for part in parts if _RUMOUR.search(fold(part))]
    for sentence, share in zip(sentences, shares, strict=True):
        if share < 1 or not _affirms_alike(sentence, parts):
            facts = [each.text for each in missing(sentence, [text])]
            lacking += [*facts, *_strange(sentence, facts, own)] if facts else [sentence]
    return tuple(dict.fromkeys(lacking))


def _strange(sentence: str, facts: Sequence[str], own: set[str]) -> Iterator[str]:
    """Yield the clauses of which hardly anything stands in an article, without those that have facts named already."""
    for clause in map(str.strip, _CLAUSE.split(sentence)):
        if len(_LETTER.findall(clause)) >= _RUN and not any(fact in clause for fact in facts):
            runs = _runs(clause)
            if len(runs & own) < _SIMILAR * len(runs):
                yield clause


def _affirms_alike(sentence: str, parts: Sequence[str]) -> bool:
    """Return whether the part of an article that is most like a sentence denies as often as it does."""
    wanted = _runs(sentence)
    nearest = max(parts, key=lambda part: (len(wanted & _runs(part)), -len(part)), default="")
    return len(_NO.findall(fold(sentence))) == len(_NO.findall(fold(nearest)))


def _runs(text: str) -> set[str]:
    letters = "".join(_LETTER.findall(fold(text)))
    return {letters[at : at + _RUN] for at in range(max(1, len(letters) - _RUN + 1))}


_COMMAND = re.compile(r"\s*[/／](?P<name>[A-Za-zＡ-Ｚａ-ｚ_]+)(?:[@＠](?P<bot>[A-Za-z0-9_]+))?[\s:：，,、]*")
_ASKS = re.compile(r"[?？](?:\W|$)|[吗嗎呢么麼][\W]*$")
_ASKING = re.compile(
    "什么|什麼|谁|誰|哪|几|幾|多少|多[大长長高久远遠]|怎|为何|為何|如何|是否|何[时時地人]"
    r"|^\W*(?:who|what|when|where|why|which|how|is|are|was|were|do|does|did|has|have|can)\b",
    re.IGNORECASE,
)
_SHORT = 40  # characters; in a longer text such a word is seldom what it asks
# what people add when they ask about the message that they reply to, folded
_ABOUT_IT = re.compile(
    "(?:请问)?[这那此]?[个条则]?(?:消息|新闻|事|件事)?[是有]?"
    "(?:真的?(?:吗|么)?|真的?假的?|属实[吗么]?|谁报道的?|(?:有没有|没有)?报道过?[吗么]?|出处呢?|来源呢?|求证)"
    "|(?:is |was )?(?:this|that|it)? ?(?:true|real|reported|fake)|really|source|fact.?check"
    "|who reported (?:this|that|it)"
)


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """A question as it was put; of a text that `is_claim` it is asked who reported it."""

    text: str
    is_claim: bool = False


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """A command in lower case, and what stands behind it."""

    name: str
    argument: str


class Named(filters.MessageFilter):
    """Messages that begin with a command: with the one of this name, or with any."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__()
        self._wanted = name

    def filter(self, message: Message) -> bool:
        """Return whether a message begins with the command."""
        given = command_in(message, message.get_bot().username)
        return given is not None and self._wanted in {None, given.name}


def text_of(message: Message) -> str:
    """Return what a message says: its text or caption, what a poll asks, what a rich message says, a line a block.

    The library does not know rich messages yet, and keeps what it does not know as it came.
    """
    polled = message.poll.question if message.poll else ""
    return message.text or message.caption or polled or "\n".join(_lines(message.api_kwargs.get("rich_message")))


def _lines(block: Any) -> Iterator[str]:
    if isinstance(block, list):
        for each in block:
            yield from _lines(each)
    elif isinstance(block, dict) and "text" in block:
        yield _plain(block["text"])
    elif isinstance(block, dict):
        for each in block.values():
            yield from _lines(each)


def _plain(text: Any) -> str:
    if isinstance(text, list):
        return "".join(map(_plain, text))
    return _plain(text.get("text")) if isinstance(text, dict) else text if isinstance(text, str) else ""


def command_in(message: Message, me: str | None) -> GivenCommand | None:
    """Return the command that a message or a caption begins with, unless it is another bot's.

    `/ask：…`, `/ask问题`, `／ask …` and `/since2022-04` are commands, too: Telegram marks none of these as one.
    """
    text = text_of(message)
    found = _COMMAND.match(text)
    if found is None or (found["bot"] and found["bot"].lower() != (me or "").lower()):
        return None
    return GivenCommand(unicodedata.normalize("NFKC", found["name"]).lower(), text[found.end() :].strip())


def question_in(message: Message, me: User) -> ChatQuestion | None:
    """Return what a message asks; None if it asks the bot nothing.

    In private every text is a question, and of a forwarded one it is asked who reported it. In groups a message is one
    after /ask, when it mentions the bot, or as a reply to it.
    """
    text = text_of(message)
    if given := command_in(message, me.username):
        return _about(given.argument, message, me) if given.name == "ask" else None
    if _COMMAND.match(text):
        return None
    if message.chat.type == Chat.PRIVATE:
        is_forwarded = message.forward_origin is not None
        return _question(text, is_claim=True) if is_forwarded else _about(_without_mentions(text, me), message, me)
    if _is_from(message.reply_to_message, me) or _mentions(message, me):
        return _about(_without_mentions(text, me), message, me)
    return None


def is_called(message: Message, me: User) -> bool:
    """Return whether a message names the bot without a command: with nothing to ask, it wants to know how."""
    return not _COMMAND.match(text_of(message)) and _mentions(message, me)


def _about(text: str, message: Message, me: User) -> ChatQuestion | None:
    """Return the question that `text` asks, or that the message asks which it replies to."""
    text = _tidied(text)
    if text and not _ABOUT_IT.fullmatch(fold(text).strip(" ?!。")):
        return ChatQuestion(text)
    meant = _replied_to(message, me)
    return _question(meant, is_claim=not _is_question(_tidied(meant))) or _question(text)


def _replied_to(message: Message, me: User) -> str:
    """Return what was quoted of the message that is replied to, in this chat or another, else all of it."""
    earlier = message.reply_to_message
    if message.quote:
        return message.quote.text
    if earlier is None or _is_from(earlier, me):
        return ""
    text = text_of(earlier)
    given = command_in(earlier, me.username)
    return given.argument if given else _without_mentions(text, me)


def _is_question(text: str) -> bool:
    return bool(_ASKS.search(text)) or (len(text) <= _SHORT and bool(_ASKING.search(text)))


def _question(text: str, *, is_claim: bool = False) -> ChatQuestion | None:
    # a headline ends with its line
    text = "\n".join(filter(None, map(_tidied, text.splitlines()))) if is_claim else _tidied(text)
    return ChatQuestion(text, is_claim) if text else None


def _tidied(text: str) -> str:
    return " ".join(text.split())


def _is_from(message: Message | None, user: User) -> bool:
    return message is not None and message.from_user is not None and message.from_user.id == user.id


def _mention(me: User) -> re.Pattern[str]:
    """Match the bot's name as people write it: `@bot问题` has it, `@bot_2` and `me@bot` do not."""
    return re.compile(rf"(?<![A-Za-z0-9_])[@＠]{re.escape(me.username or '')}(?![A-Za-z0-9_])", re.IGNORECASE)


def _without_mentions(text: str, me: User) -> str:
    return _mention(me).sub(" ", text).strip(" ,，:：、")


def _mentions(message: Message, me: User) -> bool:
    """Return whether a message names the bot, or has a link to it in place of its name."""
    entities = (*message.entities, *message.caption_entities)
    if any(each.user is not None and each.user.id == me.id for each in entities):
        return True
    return bool(_mention(me).search(text_of(message)))
