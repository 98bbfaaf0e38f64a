"""Pairs of texts, each known to be a copy or not: what other outlets make of a story, and what only looks like it."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import opencc

from tests.retrieval.store.stories import BULLETINS, Story, cast, make_bulletins, make_story


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts: of what kind the second is to the first, and whether it is a copy."""

    kind: str
    one: str
    other: str
    is_copy: bool


Edit = Callable[[Story, Random], Story]

_CLAUSE = re.compile(r"(?:[^，；。,;.]|(?<=\d)[,.](?=\d))+[，；。,;.”]*\s*|[，；。,;.”]+\s*")
_FIGURE = re.compile(r"\d+(?!\d|\s*[年月日期号號])")
_SYNONYMS = (
    ("表示", "说"),
    ("获悉", "了解到"),
    ("介绍", "讲"),
    ("由于", "因为"),
    ("预计", "估计"),
    ("全部", "都"),
    ("正式", ""),
    ("已经", ""),
    ("并且", "同时"),
    ("记者", "本报记者"),
)
_ADDED = ("据了解，", "值得一提的是，", "此外，", "当天，", "另据报道，", "到目前为止，", "对此，")
_SCRIPTS = tuple(opencc.OpenCC(name) for name in ("s2t", "s2tw", "s2hk", "s2twp"))
_WIDE = str.maketrans("，。：；？！（）％", ",.:;?!()%")
_OUTLETS = ("青岚新闻网", "临澜日报", "松塘在线", "碧汐时报", "鹿渚晚报")
_REPORTERS = ("南宫澈", "尉迟朔", "郗小蛮", "佘望舒", "虞小舟")
_HEADS = (
    "{outlet}{day}日讯（记者 {name}）",
    "据{outlet}报道，",
    "来源：{outlet} 2023-04-{day} 07:30 编辑：{name}\n",
    "【{outlet}消息】",
    "{outlet}4月{day}日电 记者{name}、通讯员{name}从现场发回报道。",
)
_TAILS = (
    "（记者 {name}）",
    "本报提醒读者，出行前请留意天气变化，合理安排时间，遇到困难可拨打便民热线。",
    "欢迎读者提供新闻线索，一经采用即付稿酬，来信请寄{outlet}编辑部{name}收。",
    "责任编辑：{name} 文中观点不代表本网立场，转载请注明出处，图片来自网络，如有侵权请联系删除。",
)


def edited_lightly(story: Story, random: Random) -> Story:
    """Change words, drop a clause, add a phrase: in every twelfth clause."""
    return replace(story, paragraphs=tuple(_edit(text, 1 / 12, random) for text in story.paragraphs))


def edited_heavily(story: Story, random: Random) -> Story:
    """Do so in every fifth clause, and merge all paragraphs."""
    return replace(story, paragraphs=("".join(_edit(text, 1 / 5, random) for text in story.paragraphs),))


def cut_tail(story: Story, random: Random) -> Story:
    """Keep the first 45 to 90 % of the letters."""
    return _kept(story, 0, random.uniform(0.45, 0.9))


def cut_head(story: Story, random: Random) -> Story:
    """Keep the last 50 to 90 % of the letters."""
    return _kept(story, random.uniform(0.1, 0.5), 1)


def script_changed(story: Story, random: Random) -> Story:
    """Write it in Traditional characters, with or without another region's words."""
    convert = random.choice(_SCRIPTS).convert
    return Story(convert(story.title), tuple(convert(text) for text in story.paragraphs))


def half_width(story: Story, random: Random) -> Story:
    """Write punctuation in half width and numbers with commas."""
    written = (re.sub(r"(?<!\d)(\d)(\d{3})(?!\d|年)", r"\1,\2", text) for text in story.paragraphs)
    return replace(story, paragraphs=tuple(text.translate(_WIDE) for text in written))


def head_glued(story: Story, random: Random) -> Story:
    """Put an outlet's own opening in front, now and then a sentence or two of its own."""
    own = make_story(random, sentences=random.randint(1, 2)).text if random.random() < 0.5 else ""
    return replace(story, paragraphs=(own + _named(_HEADS, random) + story.paragraphs[0], *story.paragraphs[1:]))


def tail_glued(story: Story, random: Random) -> Story:
    """Put an outlet's own closing behind."""
    own = make_story(random, sentences=random.randint(1, 3)).paragraphs if random.random() < 0.5 else ()
    return replace(story, paragraphs=(*story.paragraphs, *own, _named(_TAILS, random)))


def title_changed(story: Story, random: Random) -> Story:
    """Print another title as the first line of the body."""
    return replace(story, paragraphs=(make_story(random, sentences=1).title, *story.paragraphs))


def figure_corrected(story: Story, random: Random) -> Story:
    """Change one figure of the story that is no date."""
    text = story.text
    figures = list(_FIGURE.finditer(text))
    if not figures:
        return story
    figure = random.choice(figures)
    changed = str(int(figure[0]) + random.randint(1, 9))
    return replace(story, paragraphs=tuple(f"{text[: figure.start()]}{changed}{text[figure.end() :]}".split("\n")))


EDITS: Mapping[str, Sequence[Edit]] = {
    "reprinted as it is": (),
    "edited lightly": (edited_lightly,),
    "edited heavily": (edited_heavily,),
    "tail cut": (cut_tail,),
    "head cut": (cut_head,),
    "script changed": (script_changed,),
    "half width": (half_width,),
    "head glued": (head_glued,),
    "tail glued": (tail_glued,),
    "title changed": (title_changed,),
    "figure corrected": (figure_corrected,),
    "edited, tail cut, head glued": (edited_lightly, cut_tail, head_glued),
    "edited, script changed, tail glued": (edited_lightly, script_changed, tail_glued),
    "all at once": (edited_lightly, cut_tail, title_changed, head_glued, half_width, script_changed),
}
"""What outlets do to a story they reprint; all of it leaves a copy."""


def reprints(stories: Sequence[Story], random: Random) -> Iterator[Pair]:
    """Make one copy of each kind from every story."""
    for story in stories:
        for kind, edits in EDITS.items():
            copy = story
            for edit in edits:
                copy = edit(copy, random)
            yield Pair(kind, story.text, copy.text, is_copy=True)
        one, other = (title_changed(head_glued(edited_lightly(story, random), random), random) for _ in "12")
        yield Pair("two reprints, each edited", one.text, other.text, is_copy=True)


def bulletin_reprints(random: Random, count: int) -> Iterator[Pair]:
    """Let another outlet print the same day's bulletin."""
    for _ in range(count):
        for kind in BULLETINS:
            bulletin, _ = make_bulletins(kind, random)
            copy = tail_glued(head_glued_briefly(bulletin, random), random)
            yield Pair("bulletin of one day", bulletin.text, _edit(copy.text, 1 / 30, random), is_copy=True)


def head_glued_briefly(story: Story, random: Random) -> Story:
    """Put an outlet's opening in front."""
    return replace(story, paragraphs=(_named(_HEADS, random) + story.paragraphs[0], *story.paragraphs[1:]))


def related(stories: Sequence[Story], random: Random) -> Iterator[Pair]:
    """Make what is no copy of each story, but is about the same or repeats a part of it."""
    for story in stories:
        paragraph = max(story.paragraphs, key=len)
        follow_up = _longer_than(1.5 * len(paragraph), random)
        yield Pair("follow-up with a paragraph", story.text, f"{follow_up}\n{paragraph}", is_copy=False)
        edited = edited_lightly(Story("", (paragraph,)), random).text
        yield Pair("follow-up with it edited", story.text, f"{edited}\n{follow_up}", is_copy=False)
        others = [_longer_than(len(story.text), random) for _ in range(4)]
        yield Pair(
            "digest of five stories", story.text, "\n".join([*others[:2], story.text, *others[2:]]), is_copy=False
        )
        briefs = [text[: len(text) // 4] for text in [*others, story.text]]
        yield Pair("digest of leads", story.text, "\n".join(briefs), is_copy=False)


def same_topic(random: Random, count: int) -> Iterator[Pair]:
    """Write two stories about the same things, people and places."""
    for _ in range(count):
        grammar = cast(random)
        one, other = make_story(random, grammar), make_story(random, grammar)
        yield Pair("same topic, same people", one.text, other.text, is_copy=False)


def bulletins(random: Random, count: int) -> Iterator[Pair]:
    """Fill in one form for two days, the second day's printed by the same or another outlet."""
    for _ in range(count):
        for kind in BULLETINS:
            one, other = make_bulletins(kind, random)
            yield Pair(f"bulletins of two days: {kind}", one.text, other.text, is_copy=False)
            other = head_glued_briefly(other, random)
            yield Pair("bulletins of two days, two outlets", one.text, other.text, is_copy=False)


def unrelated(stories: Sequence[Story], random: Random, count: int) -> Iterator[Pair]:
    """Pair stories that have nothing to do with each other, half of them with one outlet's head and tail."""
    for number in range(count):
        one, other = random.sample(stories, 2)
        if number % 2:
            head, tail = _named(_HEADS, random), _named(_TAILS, random)
            one, other = (replace(story, paragraphs=(head + story.text, tail)) for story in (one, other))
        yield Pair("unrelated", one.text, other.text, is_copy=False)


def _longer_than(length: float, random: Random) -> str:
    text = make_story(random, sentences=4).text
    while len(text) < length:
        text += make_story(random, sentences=2).text
    return text


def _kept(story: Story, start: float, end: float) -> Story:
    """Cut at the ends of clauses."""
    clauses = [clause for text in story.paragraphs for clause in _CLAUSE.findall(text + "\n")]
    ends = list(itertools.accumulate(map(len, clauses)))
    kept = [clause for clause, at in zip(clauses, ends, strict=True) if start * ends[-1] < at <= end * ends[-1] + 1]
    return replace(story, paragraphs=tuple("".join(kept).strip().split("\n")))


def _named(patterns: Sequence[str], random: Random) -> str:
    outlet, name = random.choice(_OUTLETS), random.choice(_REPORTERS)
    return random.choice(patterns).format(outlet=outlet, name=name, day=random.randint(10, 28))


def _edit(text: str, share: float, random: Random) -> str:
    return "".join(
        _edited_clause(clause, random) if random.random() < share else clause for clause in _CLAUSE.findall(text)
    )


def _edited_clause(clause: str, random: Random) -> str:
    match random.randrange(4):
        case 0:
            return ""
        case 1:
            return random.choice(_ADDED) + clause
        case 2:
            for old, new in _SYNONYMS:
                if old in clause:
                    return clause.replace(old, new, 1)
    at, end = sorted(random.sample(range(len(clause) + 1), 2))
    end = min(end, at + 3)
    # figures have an edit of their own
    return clause if any(map(str.isdigit, clause[at:end])) else clause[:at] + random.choice(("", "了")) + clause[end:]
