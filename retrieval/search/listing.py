"""What a question of several parts asks, and the things that one lists: 甲、乙和丙哪个更早."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.search.sources import between, ending, fold_aligned
from retrieval.text.words import conjunctions, kind_of, quoted, tokenizer, word_spans
from retrieval.values import Span

MOST_PARTS = 6
"""A question names hardly more; each is searched for by itself."""


class Relation(StrEnum):
    """What a question wants to know of its parts together."""

    EARLIER = "earlier"
    LATER = "later"
    SAME_DAY = "same day"
    SAME_MONTH = "same month"
    SAME_YEAR = "same year"
    LARGER = "larger"
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing asked: the words that name it, the question that finds it, and the one to read hits for, if another."""

    name: str
    question: str
    read_for: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The things a question asks, two at least, how they are compared, and by which quality (长, 贵, tall).

    `event` is what happened to each of them, 开工 in 哪座先开工, where the question says it. `is_whole_first` says
    that what answers the whole question goes before its parts, and these before it only if each is answered.
    """

    parts: tuple[Asking, ...]
    relation: Relation | None = None
    quality: str = ""
    event: str = ""
    is_whole_first: bool = False


def named(item: str) -> Asking:
    """Ask for a thing of which nothing is said but its name."""
    return Asking(item, item, f"What about {item}?" if item.isascii() else f"{item}是怎么回事？")


Coherence = Callable[[Sequence[str]], tuple[float, int]]
"""How well one passage each covers texts; the greater, the likelier they are what was meant."""

COUNTER = "(?:[个本名幢份支台篇届班段首件起项次场座条家位种部者所款则类栋艘辆头只间年方]|部分)"
SORTS = frozenset("桥路街线馆院校厂站港镇乡村县区市局队社店楼园河湖江岛寺庙塔渠坝库矿中")
"""Signs that names of one sort end with."""
THING = "(?:事件|事情|事|活动|新闻|消息|公司|城市|地方|的?日期|的?时间)"
_STRONG = re.compile(
    r"\s*(?:[、;；]|[,，](?!\d{3}(?!\d)))\s*(?:以及|还有|还是|和|与|及|或)?\s*|(?<![\d年])[(（]?\d{1,2}[.．、)）]\s*(?!\d(?!\d{3}年))|以及|还是|还有|同埋|\s*,?\s+(?:or|and)\s+"
)
_DATE = (
    r"(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?)"
    "(?:份|内|里|初|底|上半年|下半年|期间|年?中旬?(?=[,，]|$)|[上下]旬|的?第[一二三四]周)?"
)
_THEN = "今年|去年|前年"
_WHEN = rf"(?:(?:{_THEN})?{_DATE}|{_THEN}|本月|上个?月|今天|昨天|前天)"
_DAY = r"\d{1,2}[日号]"
"""Stands for a date behind one of the same month: 7月30日和31日."""
_CAPITAL = "(?<![成首丰古京花陪迁建定])"
"""Before what is said of all, 都, and no city's name: 成都."""
_TOGETHER = (
    rf"[,，]?\s*(?:这|那|以上|上述)?(?<![第十百〇零一二三四五六七八九\d])[两二三四五六]"
    rf"(?:{COUNTER}{THING}?|[个座条家所位支款艘辆栋场][\u3400-\u9fff]{{1,3}})"
)
_TOGETHER_THEN = re.compile(rf"{_TOGETHER}(?P<when>{_WHEN})$")
_TRAILING = re.compile(
    rf"(?:[,，、:：\s]|(?:这|那|以上|上述)(?:些|几?{COUNTER}?){THING}?|(?P<together>{_TOGETHER})|[,，]\s*{THING}"
    rf"|[,，]\s*在?(?:{_THEN}|{_DATE})|{THING}?(?:之?中|里面?|当中|之间)|[,，]按(?:照)?(?:时间|先后)(?:顺序|次序)?(?:来?看|排[列序])?|相比|相比较|比较|比起来|比一比|(?<!相)比|是否?|{_CAPITAL}都)$"
)
_LEADING = re.compile(
    rf"请问|在(?=以下|下列)|(?P<against>(?:相比|比起)(?:于|起来|之下)?)(?=[^,，]+[,，])|对比|比较|[:：,，?？。\s]"
    rf"|[^,，:：、和与]{{0,12}}(?:以下|下列|下面|发生的|事件|事情)(?:这?些|[几两二三四五六]?{COUNTER})?{THING}?(?:之?中|里)?(?=[:：,，])"
)


def listed(
    question: str, folded: str, span: Span, coherence: Coherence, *, is_bare: bool = False, is_of_each: bool = False
) -> list[str]:
    """Return the things that a list names, each with what is said of all: the time before them, or what follows.

    Where what is asked of them `is_bare`, the last thing's own is of all: 甲和乙的月薪 are 甲的月薪, 乙的月薪; so is
    what follows the last of one kind where one thing `is_of_each`. Elsewhere coherence decides (甲发布和乙发布通告).
    """
    begin, end = span
    end = begin + len(folded[begin:end].rstrip("?？。! "))
    is_counted = False  # 甲发生的那一周，乙发生了，这两件事…; 相比甲，乙…: such a comma parts them
    while lead := _LEADING.match(folded, begin, end):
        begin, is_counted = lead.end(), is_counted or bool(lead["against"])
    while trail := ending(_TRAILING, folded[:end], end):
        end, is_counted = trail.start(), is_counted or bool(trail["together"])
    when, begin = _leading_dates(folded, begin, end)
    if not when and (said := _TOGETHER_THEN.search(folded, begin, end)):  # 甲和乙这两家雪场今年|哪个开得早
        when, end, is_counted = [said["when"]], said.start(), True
    found = _ways(folded, begin, end, is_counted=is_counted)
    ways = [[question[slice(*item)].strip() for item in way] for way in found]
    ways = [_with_time(way, is_of_each=is_of_each) for way in ways if 2 <= len(way) <= MOST_PARTS and all(way)]
    if is_bare:
        ways = [_with_owned(way) if _with_rest(way) == way else way for way in ways]
    if not is_of_each:
        ways = [way for plain in ways for way in (*_with_tail(plain), plain)]
    ways = [_of_days(way) for way in ways]
    ways += [own for way in ways if is_of_each and not is_bare and (own := _with_owner(way)) not in ways]
    if not ways:
        return [f"{date}{question[begin:end].strip()}" for date in when] if len(when) > 1 else []
    best = max(ways, key=coherence) if len(ways) > 1 else ways[0]
    return _completed(_of_each(best, is_bare=is_bare) if is_of_each else best, when)


_ALL = re.compile(f"(?:一共|总共|合计|共计|全部|{_CAPITAL}都|大概|大约|分别)+$")
"""Stands behind a list and says nothing of the last thing: 甲跟乙一共|各卖了多少."""
_MEASURE = "[价费率量额数款票]"
_COUNTED = re.compile(f"{_MEASURE}$|面积|人口|病例|成绩|比分|产值|收入|利润|得分|停车|手机|工资|月薪")
"""What is counted or measured of things, and no name of one."""
_TIME_OF_ALL = re.compile(
    rf"(?<=..)(?:在|于)?(?:(?P<when>{_WHEN}(?:[\u3400-\u9fff]{{1,4}}[省市县区镇乡村岛])?)(?P<of>[^的]{{0,6}}的[^的]+|[^的]{{0,4}}{_MEASURE})?|(?<=在)(?P<where>[^的在]{{2,8}}))$"
)
"""Stands behind a list and is of all: 甲和乙去年|各招多少, 甲和乙去年的学费|分别是多少."""


def _with_time(items: list[str], *, is_of_each: bool) -> list[str]:
    """Give all things the time that stands behind the last, 甲 and 乙去年, where none has its own."""
    *others, last = items
    last = last[: len(_ALL.sub("", fold_aligned(last)))] or last
    said = _TIME_OF_ALL.search(fold_aligned(last))
    if (
        not said
        or ((said["of"] or said["where"]) and not is_of_each)
        or any(re.search(_WHEN, fold_aligned(item)) for item in others)
    ):
        return [*others, last]
    if said["where"] and any("在" in item for item in others):
        return [*others, last]
    return [*(f"{item}{last[said.start() :]}" for item in others), last]


_DAY_ALONE = re.compile(r"\d{1,2}[日号]")
_ONE_DAY = re.compile(rf"(?:{_WHEN}|{_DAY_ALONE.pattern})(?:早上?|晚上?|上午|中午|下午|夜里?|凌晨)?")
_SAYS_DAY = re.compile(rf"{_WHEN}|{_DAY_ALONE.pattern}|周[一二三四五六日天]|星期")


def _of_days(items: list[str]) -> list[str]:
    """Return of what is asked of several days each of them: 死亡人数 of 8月9日晚 and 14日下午."""
    what, *days = items
    folded = [fold_aligned(day) for day in days]
    are_days = len(days) > 1 and all(_ONE_DAY.fullmatch(day) for day in folded)
    if not are_days or _SAYS_DAY.search(fold_aligned(what)):
        return items
    month = _MONTH.search(folded[0])
    return [f"{month.group() if month and _DAY_ALONE.match(day) else ''}{day}{what}" for day in days]


_TAIL = re.compile("[长高宽深重旁外内里上下]$|.{2,}")
"""What may follow the last of things of one kind and be of all; 大学附|中 splits a word."""


def _of_each(items: list[str], *, is_bare: bool) -> list[str]:
    """Return the items with what follows the last of their kind: 甲站 and 乙站末班车 are both of 末班车.

    Where nothing is said of which they are asked, it is what the last word counts: 甲公园 and 乙保护区门票.
    """
    if (tailed := next(_with_tail(items), None)) and _TAIL.fullmatch(tailed[0][len(items[0]) :]):
        return tailed
    *others, last = items
    begin, end = ([*word_spans(fold_aligned(last))] or [(0, 0)])[-1]
    is_counted = is_bare and begin > 1 and _COUNTED.search(fold_aligned(last)[begin:end])
    if (
        not is_counted
        or last[:2] == others[0][:2]
        or _with_rest(items) != items
        or any("的" in item or _COUNTED.search(item) for item in others)
    ):
        return items
    return [*(f"{item}{last[begin:]}" for item in others), last]


def _ways(folded: str, begin: int, end: int, *, is_counted: bool) -> Iterator[list[Span]]:
    """Yield the ways to take a list apart: at signs, and at one conjunction in the last item, or between two.

    A comma alone parts clauses, not things, unless it `is_counted` how many there are.
    """
    inside = quoted(folded)
    signs = [match.span() for match in _STRONG.finditer(folded, begin, end) if match.start() not in inside]
    strong = [sign for sign in signs if not _joins_numerals(folded, sign)]
    if not strong and not conjunctions(folded, begin, end):
        strong = signs  # 地铁三、四号线
    items = [(a, b) for a, b in between(begin, end, strong) if folded[a:b].strip()]
    if not items:
        return
    last = items[-1]
    weak = [place for place in conjunctions(folded, *last) if place not in inside]
    for place in weak:
        yield [*items[:-1], (last[0], place), (place + 1, last[1])]
    if len(items) == 2 and folded[slice(*strong[-1])].strip() in {",", "，"} and not (is_counted and not weak):
        for place in weak:
            yield [(items[0][0], place), (place + 1, last[1])]
    elif len(items) > 1:
        yield items


_NUMERAL = "第?[一二三四五六七八九十]+"


def _joins_numerals(folded: str, sign: Span) -> bool:
    """Return whether a sign stands between two numerals of one thing: 三、四轮车."""
    before, after = folded[: sign[0]], folded[sign[1] :]
    return _numeral_at_end(before) is not None and _ROW_GOES_ON.match(after) is not None


_ROW = "(?:号[线楼馆桥店厅院机区院]|届|期|次|年级|季度|等|审|[轮路中小环班组区部卷季集章幢栋排线楼医])"
"""What numbers count that name one of a row: 三、四号线; a numeral without is part of a name: 统一和三全."""
_ROW_GOES_ON = re.compile(f"(?:{_NUMERAL}[、和与及])*{_NUMERAL}{_ROW}")


def _numeral_at_end(text: str) -> re.Match[str] | None:
    """Find the numerals at the end of what names one of a row, 三 of 地铁三; none in 统一, 周六, 张三."""
    found = re.search(f"(?:{_NUMERAL}、)*{_NUMERAL}$", text)
    if found is None or not found.start():
        return found
    is_inside = any(begin < found.start() < end for begin, end in word_spans(text))
    is_name = kind_of(text[found.start() - 1 :]) == "nr" or kind_of(text) == "nr"
    return None if is_inside or is_name else found


_DATES_AHEAD = re.compile(
    rf"(?:在|于)?(?P<dates>{_WHEN}(?:(?:和|与|及|、)(?:在)?(?:{_WHEN}|{_DAY}))*)[,，]\s*"
    rf"|(?:在|于)?(?P<each>{_DATE}(?:和|与|及)(?:{_DATE}|{_DAY}))(?!的)"
)
_ONE_DATE = re.compile(_DATE)
_YEAR = re.compile(rf"(?:19|20)\d\d年|{_THEN}")
_MONTH = re.compile(r"\d{1,2}月")
_MIDDLE = re.compile("(?<=年)年?中$|(?<=月)中$")


def _leading_dates(folded: str, begin: int, end: int) -> tuple[list[str], int]:
    """Return the dates that stand before a list and are said of all of it, one each or one for all."""
    ahead = _DATES_AHEAD.match(folded, begin, end)
    if ahead is None or (ahead["each"] and not _has_list(folded, ahead.end(), end)):
        return [], begin  # 2021年和2022年马拉松的成绩: the dates are the items
    dates, year, month = list[str](), "", ""
    for date in re.findall(f"{_WHEN}|{_DAY}", ahead["dates"] or ahead["each"]):
        own, named_month = _YEAR.match(date), _MONTH.search(date)
        year = own.group() if own else year
        month = named_month.group() if named_month else "" if own else month
        lacking = f"{year}{'' if named_month else month}" if date[0].isdigit() and not own else ""
        dates.append(_MIDDLE.sub("", f"{lacking}{date}"))
    return dates, ahead.end()


def _has_list(folded: str, begin: int, end: int) -> bool:
    return bool(conjunctions(folded, begin, end) or "、" in folded[begin:end])


def _completed(items: Sequence[str], dates: Sequence[str]) -> list[str]:
    """Give each item what it shares with the others: the time before all, and what follows the last of bare dates."""
    if len(dates) == 1:
        return [f"{dates[0]}{item}" for item in _with_rest(items)]
    if len(dates) == len(items):
        return [f"{date}{item}" for date, item in zip(dates, items, strict=True)]
    return _with_rest(items)


def _with_rest(items: Sequence[str]) -> list[str]:
    """Complete 甲2021年 and 2022年的冠军, 地铁三 and 四号线, 大桥的长度 and 造价: what one says stands for all."""
    if numbered := _numbered(items):
        return numbered
    heads = [_ORDER_AT_END.search(fold_aligned(item)) for item in items[:-1]]
    tail = _ORDER.match(fold_aligned(items[-1]))
    if tail and all(heads):
        owner, rest = items[0][: heads[0].start()], items[-1][tail.end() :]  # type: ignore[union-attr]  # all are there
        rest = re.sub(rf"^[两二三四五六]{COUNTER}", "", rest) if "年" not in tail.group() else rest
        if owner or rest:
            dates = [head.group() for head in heads if head] + [tail.group()]
            return [f"{owner}{date}{'年' * date.isdigit()}{rest}" for date in dates]
    if (led := _LED.match(items[-1])) and "的" not in items[-1]:
        lead = items[0].find(led.group(), 1)
        if lead > 1 and all(item.startswith(led.group()) for item in items[1:]):
            return [items[0], *(f"{items[0][:lead]}{_BOTH_OF.sub('', item)}" for item in items[1:])]
    owner, of, _ = items[0].rpartition("的")
    if of and len(owner) >= 2 and all("的" not in item and _is_attribute(item) for item in items[1:]):
        return [items[0], *(f"{owner}的{item}" for item in items[1:])]
    return list(items)


_LED = re.compile("[对给向]")
"""Begins each of two things that one did or had: 女足对海地、对英格兰."""
_BOTH_OF = re.compile(f"(?<=..)[两二三](?:{COUNTER}|[场次])(?:比赛)?$")
_ORDER = re.compile(rf"{_DATE}|{_THEN}|第[〇零一二三四五六七八九十百\d]+[届次期轮季代批版集]|(?:19|20)\d\d(?![\d年])")
_ORDER_AT_END = re.compile(rf"(?:{_ORDER.pattern})$")
_ATTRIBUTE = 4
"""Characters that name no thing, but what a thing has: 造价."""


def _is_attribute(item: str) -> bool:
    """Return whether words name no thing, but what a thing has: 造价, and not 沪指下跌."""
    words = list(tokenizer().cut(fold_aligned(item)))
    return len(item) <= _ATTRIBUTE and not (len(words) > 1 and kind_of(words[-1])[:1] == "v")


def _numbered(items: Sequence[str]) -> list[str]:
    """Complete 地铁三 and 四号线: each number stands between what the first has before and the last behind."""
    first, last = _numeral_at_end(fold_aligned(items[0])), re.match(f"{_NUMERAL}(?={_ROW})", items[-1])
    if not (first and last) or not all(re.fullmatch(_NUMERAL, item) for item in items[1:-1]):
        return []
    head, tail = items[0][: first.start()], items[-1][last.end() :]
    return [f"{head}{number}{tail}" for number in (*first.group().split("、"), *items[1:-1], last.group())]


def _with_owned(items: Sequence[str]) -> list[str]:
    """Give all what only the last has, 甲 and 乙的月薪, or of what only the first is, 图书馆座位 and 造价."""
    _, of, owned = items[-1].rpartition("的")
    if of and owned and not any("的" in item for item in items[:-1]):
        return [*(f"{item}的{owned}" for item in items[:-1]), items[-1]]
    starts = [start for start, _ in word_spans(fold_aligned(items[0]))]
    if any(item[0].isdigit() for item in items[1:]):
        return list(items)
    if not any("的" in item for item in items) and all(
        len(item) <= _ATTRIBUTE and len(items[0]) - len(item) >= _ATTRIBUTE for item in items[1:]
    ):
        return [items[0], *(f"{items[0][: starts[-1]]}{item}" for item in items[1:])]
    return list(items)


_OWNED = re.compile("(?<=..)的(?P<owned>[^的]{2,10})$")


def _with_owner(items: Sequence[str]) -> list[str]:
    """Give all what only the last has, which may be of it alone: 甲 and 乙的市长选举|哪个投票率高."""
    *others, last = items
    of = _OWNED.search(last)
    if of is None or any("的" in item for item in others):
        return list(items)
    return [*(f"{item}{of.group()}" for item in others), last]


def _with_tail(items: Sequence[str]) -> Iterator[list[str]]:
    """Yield the items with what follows the last, if they are of one kind: 雁栖大桥 and 松塘大桥通车 are both 通车."""
    last = fold_aligned(items[-1])
    if last.isascii():
        return
    for width in range(min(map(len, items)) - 1, 1, -1):
        kind = fold_aligned(items[0])[-width:]
        place = last.rfind(kind, 1)
        if place > 0 and place + width < len(last) and all(fold_aligned(item).endswith(kind) for item in items[:-1]):
            tail = items[-1][place + width :]
            yield [*(f"{item}{tail}" for item in items[:-1]), items[-1]]
            return


def owned(items: list[str]) -> list[str]:
    """Return things that differ in one character, each with what the first one is of: 高铁一等座 and 二等座."""
    if len(items) < 2:
        return items
    owner = owner_of(items[0], items[1])
    own = items[0][len(owner) :]
    is_alike = owner and all(sum(a != b for a, b in zip(item, own, strict=False)) == 1 for item in items[1:])
    is_bare = all(len(item) == len(own) and item[-1:] == own[-1:] for item in items[1:])
    return [items[0], *(f"{owner}{item}" for item in items[1:])] if is_alike and is_bare else items


def owner_of(thing: str, other: str) -> str:
    """Return of what two things are, 高铁 of 高铁一等座 and 二等座; "" where the first one does not say it."""
    same = next((place for place, (a, b) in enumerate(zip(thing, other, strict=False)) if a != b), len(thing))
    own = other[same:]
    owner = thing[: len(thing) - len(own)]
    is_word = len(owner) in {end for _, end in word_spans(fold_aligned(thing))}
    return owner if len(owner) > 1 and is_word else ""
