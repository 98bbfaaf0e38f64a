"""A question as typed → as it is read: without what surrounds it, a request as a question, of a long one what asks."""

import re

from retrieval.passages import size
from retrieval.search.question import asking
from retrieval.search.sources import fold_aligned


def as_read(question: str) -> str:
    """Return what is read of a question: of a long one the part that asks, with its mark, which many leave out."""
    part = _asking_part(_as_question(_plain(question)))
    if part.endswith(("?", "？")) or not asking(fold_aligned(part)):
        return part
    return part.rstrip(" 。.!！,，") + ("?" if part.isascii() else "？")


_CLAUSE = re.compile(r"(?:[^，,；;。！!？?]|(?<=\d),(?=\d))+[，,；;。！!？?]*\s*")
_LONG_QUESTION, _PART = 64.0, 48.0
"""Wide characters from which a question is more than the reader takes, and up to which clauses are kept of it."""


_FACES = re.compile(r"\[[\u3400-\u9fff]{1,3}\]")
_ROLE = re.compile(r"^(?:user|用户|问题?|q)\s*[:：]\s*|^(?:你好|您好|请问|嗨|hi|hello)[\s,，!！~～]+", re.IGNORECASE)
_INSTRUCTS = re.compile(
    "(?:如果|若|要是|假如|没有).{0,14}(?:没有|找不到|不知道|不清楚|无法|信息|的话).{0,10}(?:回复|回答|说|告诉|输出|写).*"
    "|(?:请|千万)?(?:不要|别|勿)(?:瞎|胡|乱)?(?:编造?|说|猜).{0,8}"
    "|(?:请|麻烦|你)?(?:只|仅|直接|必须|只能|务必)(?:能|用|以|需|要)*(?:输出|回答|回复|返回|给出?|写|说).{0,14}"
    "|(?:请)?(?:用|以)(?:一句话|中文|英文|数字|表格|列表|要点|json).{0,8}|(?:请)?(?:分点|逐条|简短|简要|详细)地?(?:回答|说明|列出|作答)"
    "|(?:麻烦|请)?(?:老师|各位|大家|谁|帮忙|你)*(?:帮忙|帮我|给我)(?:看看|查查|查一?下|看一?下|找找|问问)"
    "|(?:你是|作为)(?:一个|一名|一位)?.{0,12}(?:助手|专家|编辑|机器人|记者)|(?:system|assistant|系统)[:：].*|谢谢.{0,4}|(?:在线|急)?等.{0,4}|急",
    re.IGNORECASE,
)
"""A clause that says how to answer, to whom it speaks, and what if nothing is there: it asks nothing of the archive."""
_LENGTH = re.compile(
    "[,，]?\\s*(?:字数)?(?:不少于|不超过|[大至最][约少多]|约)?\\s*[\\d一二两三四五六七八九十百千]+个?字(?:以[内上下]|左右)?[。.]?$"
)
_TOLD = re.compile(
    "(?:(?:根据|依据|基于)[^,，]{0,12}[,，])?(?:请|麻烦|帮忙|能不能|可不可以|可以|能否)?[你您]?(?:[帮给为替跟]我)?"
    "(?:用[^,，]{1,8}话)?(?:简单|简要|简短|详细|仔细|具体)?地?"
    "(?:总结|概括|归纳|概述|介绍|讲讲|讲一讲|说说|说一说|谈谈|说明|解释|描述|列出|列举|罗列|给出|提供|整理|分析|科普|告诉我)(?:一下|一遍|下)?(?!书|人士|师|家|称|信|商|局|员|表)"
    "[:：]?(?P<what>.{2,})"
    "|(?:请|麻烦)?(?:帮我)?(?:写|拟|起草)一?[篇份段个][^,，]{0,4}?(?:关于|介绍|有关)(?P<about>.{2,}?)的?(?:作文|文章|报道|稿子?|报告|材料|介绍|总结|短文|新闻稿?|文案|故事)"
)
_ABOUT = re.compile(
    "^(?:一下|关于|有关|所有|全部)+(?:的(?=..))?|(?<=的)(?:全部|所有|具体|详细)(?=..)|的?(?:相关)?(?:资料|信息|内容)$"
)
_ASKED_ENGLISH = re.compile(
    r"(?:please )?(?:can you |could you )?(?:briefly )?"
    r"(?:summari[sz]e|describe|explain|outline|tell me about|give me an overview of)\s+(.{3,})",
    re.IGNORECASE,
)


def _as_question(request: str) -> str:
    """Return a question in place of a request, 救援队的报名条件是什么？ for 列出救援队的报名条件."""
    bare = _LENGTH.sub("", request.rstrip("。.!！ "))
    if asking(fold_aligned(bare)):
        return request
    if english := _ASKED_ENGLISH.fullmatch(bare):
        return f"What about {english[1]}?"
    told = _TOLD.fullmatch(bare)
    if told is None:
        return request
    what = _ABOUT.sub("", told["what"] or told["about"]).strip("“”\"'《》 ")
    _, of, own = what.rpartition("的")
    return f"{what}{'是什么' if of and len(own) <= _OWN else '是怎么回事'}？"


_OWN = 6
"""Characters of what a thing has: its 损失, 报名条件."""
_PIECES = re.compile(r"[^,，。！!；;?？\n]+[,，。！!；;?？\n]*")


def _plain(question: str) -> str:
    """Return a question without what surrounds it (你是助手。只输出数字。磨坊街多长), if something else asks."""
    pieces = [_ROLE.sub("", piece.lstrip()) for piece in _PIECES.findall(_FACES.sub("", question))]
    kept = [piece for piece in pieces if not _INSTRUCTS.fullmatch(piece.rstrip(",，。！!；;?？ "))]
    plain = "".join(kept).rstrip(",，；; ")
    return plain if len(kept) < len(pieces) and asking(fold_aligned(plain)) else question


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
