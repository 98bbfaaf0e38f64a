"""A question as typed → as it is read: without what surrounds it, a request as a question, of a long one what asks."""

import re

from retrieval.passages import size
from retrieval.search.question import asking
from retrieval.search.sources import between, fold_aligned


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
_PAIRS = ("《》", "“”", '""', "「」")


def _as_question(request: str) -> str:
    """Return a question in place of a request, 救援队的报名条件是什么？ for 列出救援队的报名条件."""
    bare = _without_length(request)
    folded = fold_aligned(bare)
    if asking(folded):
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
