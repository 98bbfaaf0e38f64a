"""A question as typed → as it is read: a request as a question, of a long one what asks.

Its figures are read as the passage writes them, 35000人 as 3.5万人, 下午3点 as 15:00: what reads compares words, and
does not know that two notations are one figure; the numbers of a text are known exactly.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from retrieval.passages import size
from retrieval.search.question import asking
from retrieval.search.sources import between, fold_aligned
from retrieval.text.numbers import fold_numbers
from retrieval.text.quantities import number
from retrieval.values import Span


def as_read(question: str) -> str:
    """Return what is read of a question: of a long one the part that asks, with its mark, which many leave out."""
    part = _asking_part(_as_question(_plain(" ".join(question.split()))))
    if part.endswith(("?", "？")) or not asking(fold_aligned(part)):
        return part
    return part.rstrip(" 。.!！,，") + ("?" if part.isascii() else "？")


_CLAUSE = re.compile(r"(?:[^，,；;。！!？?]|(?<=\d),(?=\d))+[，,；;。！!？?]*\s*")
_LONG_QUESTION, _PART = 64.0, 48.0
"""Wide characters from which a question is more than the reader takes, and up to which clauses are kept of it."""


# ---- What surrounds a question, and requests, folded

_FACES = re.compile(r"\[[\u3400-\u9fff]{1,3}\]")
_ROLE = re.compile(r"(?:user|用户|问题?|q)\s*[:：]\s*|(?:你好|您好|请问|嗨)[\s,，!！~～]+|(?:hi|hello)[,，!！~～]\s*")
_ANSWER = "(?:回答|回复|作答|输出|返回|概括|总结|说明|列出|表示)"
_INSTRUCTS = re.compile(
    "(?:如果|若|要是|假如).{0,8}(?:没有|找不到|不知道|不清楚|无法).{0,12}(?:回复|回答|告诉我|输出|就说|请说|说明).{0,10}"
    f"|(?:请|千万|也)?(?:不要|别|勿)(?:编造?|瞎说|瞎编|胡说|乱说|乱猜|猜).{{0,6}}"
    f"|(?:请|麻烦|你)?(?:只|仅|直接|必须|只能|务必)(?:能|用|以|需|要)*{_ANSWER}[^的]{{0,14}}"
    f"|(?:请)?(?:用|以)(?:一句话|中文|英文|数字|表格|列表|要点|json)(?:形式|格式)?(?:来)?{_ANSWER}.{{0,6}}|(?:请)?(?:分点|逐条|简短|简要|详细)地?{_ANSWER}"
    "|(?:麻烦|请)?(?:老师|各位|大家|帮忙|你)*(?:帮忙|帮我|给我)(?:看看|查查|查一?下|看一?下|找找|问问)"
    "|你是(?:一个|一名|一位)?.{0,12}(?:助手|专家|编辑|机器人|记者)|(?:system|assistant)[:：].*|系统[:：][你只请].*"
    "|(?:非常|多)?(?:谢谢|感谢)(?:你|您|大家|了|啦)*|在线等|急?等|急"
)
"""A clause that says how to answer, to whom it speaks, and what if nothing is there: it asks nothing of the archive."""
_LENGTH = re.compile(
    "[,，]? ?(?:字数)?(?:不少于|不超过|[大至最][约少多]|约)? ?"
    r"[\d一二两三四五六七八九十百千]+个?字(?:以[内上下]|左右)?[。.]?$"
)
_ONCE = "(?:一下|一遍)"
_VERB = "(?:总结|概括|归纳|概述|介绍|说明|解释|描述|整理|分析|科普|列出|列举|罗列|提供|给出)"
_TOLD = re.compile(
    "(?:(?:根据|依据|基于)[^,，]{0,12}[,，])?"
    f"(?:(?:请|麻烦|帮忙|能不能|可不可以|可以|能否|能)+[你您]?(?:[帮给为替跟]我)?(?:用[^,，]{{1,8}}话)?(?:简单|简要|简短|详细|仔细|具体)?地?{_VERB}(?:{_ONCE})?"
    f"|(?:[帮给为替跟]我)(?:简单|简要|简短|详细|仔细|具体)?地?{_VERB}(?:{_ONCE})?|(?:简单|简要|简短|详细|仔细|具体)地?{_VERB}(?:{_ONCE})?"
    f"|{_VERB}{_ONCE}|列出|列举|罗列|(?:给我)?(?:讲讲|讲一讲|说说|说一说)|告诉我(?!们))"
    "(?![会所者性方箱馆赛牌书家师局员表商的年天日口境行租生版席入放对])[:：,，]?(?P<what>.{2,})"
    "|(?:请|麻烦)?(?:帮我)?(?:写|拟|起草)一?[篇份段个][^,，]{0,4}?(?:关于|介绍|有关)(?P<about>.{2,}?)的?"
    "(?:作文|文章|报道|稿子?|报告|材料|介绍|总结|短文|新闻稿?|文案|故事)"
)
_ABOUT = re.compile(
    "的?(?:相关|全部|所有|具体|详细)*(?:资料|信息|内容)$|^(?:关于|有关|所有|全部)+(?:的(?=..))?|(?<=的)(?:全部|所有|具体|详细)(?=..)"
)
_ASKED_ENGLISH = re.compile(
    r"(?:please )?(?:can you |could you )?(?:briefly )?"
    r"(?:summari[sz]e|describe|explain|outline(?! of )|tell me about|give me an overview of) (?P<what>.{3,})"
)
_OFFERS = re.compile("(?:能不能|可不可以)(?:提供|给出)")
"""Asks whether something is given, and not for it: 能不能提供发票."""
_POLITELY = re.compile(
    f"^(?:你好|您好|请问?|麻烦|[,，])*[你您]?(?:能不能|可不可以)(?={_VERB}{_ONCE}|用.{{1,8}}话|[给帮为替跟]我|[你您]|简|详)"
)
_PAIRS = ("《》", "“”", '""', "「」")


def _as_question(request: str) -> str:
    """Return a question in place of a request, 救援队的报名条件是什么？ for 列出救援队的报名条件."""
    bare = _without_length(request)
    folded = fold_aligned(bare)
    if (
        asking(folded, whether=False)
        or _OFFERS.match(folded)
        or (asking(_POLITELY.sub("", folded)) and not _TOLD.fullmatch(folded))
    ):
        return request
    if english := _ASKED_ENGLISH.fullmatch(folded):
        return f"What about {bare[slice(*english.span('what'))]}?"
    told = _TOLD.fullmatch(folded)
    if told is None:
        return request
    what = bare[slice(*told.span("what" if told["what"] else "about"))]
    for _ in range(2):  # 关于新桥的所有信息
        gaps = [match.span() for match in _ABOUT.finditer(fold_aligned(what))]
        what = "".join(what[slice(*span)] for span in between(0, len(what), gaps)).strip()
    if any(what[:1] + what[-1:] == pair and what[1:-1].count(pair[0]) == 0 for pair in _PAIRS):
        what = what[1:-1]
    _, of, own = what.rpartition("的")
    if asking(fold_aligned(own)):
        return request  # 总结一下能不能退税
    return f"{what}{'是什么' if of and len(own) <= _OWN else '是怎么回事'}？" if len(what) > 1 else request


def _without_length(request: str) -> str:
    bare = request.rstrip("。.!！?？ ")
    length = _LENGTH.search(fold_aligned(bare))
    return bare[: length.start()] if length else bare


_OWN = 6
"""Characters of what a thing has: its 损失, 报名条件."""
_PIECES = re.compile(r"[^,，。！!；;?？]+[,，。！!；;?？]*")
_NEEDS_MORE = re.compile("[是他她它]")
"""Begins what asks of something that stands before it."""


def _plain(question: str) -> str:
    """Return a question without what surrounds it (你是助手。只输出数字。磨坊街多长), if something else asks."""
    pieces = _PIECES.findall(_FACES.sub("", question))
    kept = [piece for piece in map(_after_role, pieces) if not _instructs(piece)]
    plain = "".join(kept).strip().rstrip(",，；; ")
    folded = fold_aligned(_without_length(plain))
    is_whole = asking(folded) or _TOLD.fullmatch(folded) or _ASKED_ENGLISH.fullmatch(folded)
    return plain if kept != pieces and is_whole and not _NEEDS_MORE.match(folded) else question


def _instructs(piece: str) -> bool:
    return _INSTRUCTS.fullmatch(fold_aligned(piece.strip(",，。！!；;?？. "))) is not None


def _after_role(piece: str) -> str:
    role = _ROLE.match(fold_aligned(piece.lstrip()))
    return piece.lstrip()[role.end() :] if role else piece


def _asking_part(question: str) -> str:
    """Return of a long question the last clause that asks, with as many before it as are read with it."""
    if size(question) <= _LONG_QUESTION:
        return question
    spans = [match.span() for match in _CLAUSE.finditer(question)]
    asks = [number for number, (begin, end) in enumerate(spans) if asking(fold_aligned(question[begin:end]))]
    if not asks:
        return question
    first = last = asks[-1]
    while first and size(question, (spans[first - 1][0], spans[last][1])) <= _PART:
        first -= 1
    return question[spans[first][0] : spans[last][1]].strip()


# ---- Figures, days and hours

_LARGE = 100
"""From which figure on two notations mean one thing if both count something; 2 and 两 must count the same (2号线)."""
_COUNTS = re.compile(
    "[人名个位元块米吨斤克岁层户家度分秒天周月场座栋幢辆台件次票条亩瓦间只头匹艘架支张份本册篇股倍种项起例床]|年(?!级)"
    "|公(?:里|斤|顷|吨|分|尺)|平方|立方|[千万亿]瓦|小时"
)
"""What stands behind a figure that counts, and none that is a name: 360公司, 315晚会."""
_IN_ORDER = frozenset("条款章届期版季集")
"""What a number without 第 may count in order: 19条 is 第十九条."""
_NUMBERED = re.compile("(?:电话|热线|邮编|号码|证号|账号|QQ|编号|型号)[:：是为]?\\s*$", re.IGNORECASE)

_Value = tuple[Span, str]


def as_written(question: str, text: str, year: int | None = None) -> str:
    """Return a question with each figure, day and hour as a `text` of some `year` writes the same one, if it does."""
    own = list(_values(question))
    if not own:
        return question
    folded, theirs = fold_aligned(text), _theirs(text, year)
    for span, value in reversed(own):
        said = question[slice(*span)]
        written = next((theirs[key] for key in _keys(question, span, value) if key in theirs), None)
        if written and fold_aligned(said) not in folded:
            question = f"{question[: span[0]]}{written}{question[span[1] :]}"
    return question


def _theirs(text: str, year: int | None) -> dict[str, str]:
    """Return how a text writes what it has, by the value, and by the value with what it counts."""
    theirs = dict[str, str]()
    for span, value in _values(text):
        behind, written = _behind(text, span[1]), text[slice(*span)]
        keys = [f"{value}{behind}"]
        if not value.startswith("#") or "%" in value or _COUNTS.match(text, span[1]):
            keys.append(value)
        if value.startswith("#第") and behind in _IN_ORDER:
            keys.append(f"#{value[2:]}{behind}")
        elif value.startswith("@--"):
            keys += [f"@{year}{value[2:]}"] if year else []
        elif value.startswith("@") and len(value) == len("@2022-04-14"):
            keys.append(f"@--{value[6:]}")
        for key in keys:
            theirs.setdefault(key, written)
    return theirs


def _keys(question: str, span: Span, value: str) -> Iterator[str]:
    if value.startswith("#") and _NUMBERED.search(question[: span[0]]):
        return
    yield f"{value}{_behind(question, span[1])}"
    is_large = value[1:].isdecimal() and int(value[1:]) >= _LARGE and _COUNTS.match(question, span[1])
    if (
        not value.startswith("#")
        or "%" in value
        or "." in value
        or is_large
        or question.endswith(("万", "亿"), 0, span[1])
    ):
        yield value


def _behind(text: str, end: int) -> str:
    """Return what a figure counts: the character behind it, the space in front of a word left out."""
    return fold_aligned(text[end : end + 2]).strip()[:1]


def _values(text: str) -> Iterator[_Value]:
    """Yield where figures, days and hours stand in a text, in order, with what each is."""
    found: list[_Value] = [*_hours(text), *_prices(text), *_durations(text)]
    taken = {place for span, _ in found for place in range(*span)}
    for mention in fold_numbers(text):
        is_year = re.fullmatch(r"#\d{4}", mention.canonical) and "年" in text[mention.span[1] - 1 : mention.span[1] + 1]
        if not is_year and not taken.intersection(range(*mention.span)):
            found.append((mention.span, _share(mention.canonical)))
    yield from sorted(found)


def _share(canonical: str) -> str:
    """Return a share in per cent, as 20 % for 1/5; anything else as it is."""
    if "/" not in canonical:
        return canonical
    above, below = canonical[1:].split("/")
    return f"#{(100 * Decimal(above) / Decimal(below)).normalize():f}%"


_DIGITS = "〇零一二三四五六七八九十百千两"
_NOT_IN = rf"(?<![\d.:：,{_DIGITS}第同统唯不差])"
_CLOCK = re.compile(
    r"(?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|夜里|[今明昨当]?[早晚])?"
    rf"(?:{_NOT_IN}(?:(?P<digits>[01]?\d|2[0-4])|(?P<han>二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九]))"
    rf"[点點](?:(?P<part>半|[一三]刻)|(?P<minute>[0-5]?\d|[{_DIGITS}]{{1,3}})分)?(?:钟|整)?(?![{_DIGITS}\d儿名个位建意要共原变])"
    rf"|{_NOT_IN}(?P<hour>[01]?\d|2[0-4])(?:[时時](?![间間期段代辰刻候任兴常])(?:(?P<of>[0-5]?\d)分)?"
    r"|[:：](?P<colon>[0-5]\d)(?![\d:：])(?!\s?[险大完惜]?[胜负平败输]|的?比分|领先|逆转)(?P<noon>\s?[ap]\.?m\b\.?)?))",
    re.IGNORECASE,
)
_NO_HOUR = re.compile("(?:比分|福音|比例尺?|第)\\s*$")
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}


def _hours(text: str) -> Iterator[_Value]:
    """Yield hours; a lone 一点 or 三点 is one only where it says more: 下午三点, 三点半."""
    for match in _CLOCK.finditer(text):
        is_lone = len(match["han"] or "") == 1 and not (match["half"] or match["part"] or match["minute"])
        hour = number((match["digits"] or match["han"] or match["hour"]).replace("两", "二"))
        if hour is None or is_lone or _NO_HOUR.search(text[: match.start()]):
            continue
        written = match["colon"] or match["of"] or match["minute"]
        minute = _PARTS.get(match["part"] or "", int(number(written) or 0) if written else 0)
        yield match.span(), f"@{_of_day(hour, match['half'] or '', (match['noon'] or '').strip().lower())}:{minute:02d}"


def _of_day(hour: int, half: str, noon: str) -> int:
    """Return an hour of 24: 晚上12点 is 0, 夜里1点 is 1, 下午3点 is 15."""
    if hour == 12 and (re.search("晚|夜|凌晨", half) or noon.startswith("a")):
        return 0
    is_late = noon.startswith("p") or "下午" in half or "傍晚" in half or ("中午" in half and hour < 3)
    is_evening = re.search("晚|夜", half) is not None and hour > 4
    return hour + 12 if (is_late or is_evening) and 0 < hour < 12 else hour


_ALONE = rf"(?<![\d.,几数第至到~～—–{_DIGITS}-])"
_COUNT = rf"{_ALONE}(?:\d{{1,4}}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]百?)"
_DURATION = re.compile(
    rf"(?P<hours>{_COUNT})个?半?(?:小时|钟头)(?P<half>半)?(?:(?P<rest>\d{{1,2}}|[一二三四五]?十?[一二三四五六七八九]?)分钟?)?"
    rf"|(?P<minutes>{_COUNT})分钟"
)


def _durations(text: str) -> Iterator[_Value]:
    """Yield how long something took: 一小时二十七分钟 is 87 minutes."""
    for match in _DURATION.finditer(text):
        parts = (match["hours"], match["rest"] or match["minutes"])
        hours, minutes = (number(part.replace("两", "二")) if part else 0 for part in parts)
        half = 30 * ("半" in match.group())
        yield match.span(), f"~{60 * (hours or 0) + (minutes or 0) + half}min"


_PRICE = re.compile(r"(?<![\d.])(\d{1,3})块([1-9])(?![\d.万千百毛角平米吨斤个])")


def _prices(text: str) -> Iterator[_Value]:
    """Yield prices as people say them: 4块8 is 4.8."""
    for match in _PRICE.finditer(text):
        yield match.span(), f"#{match[1]}.{match[2]}"
