"""What asks one thing for what several are compared by: 霜岭雪道 by 多 is 霜岭雪道有多少？, by its day 是什么时候？."""

import re

from retrieval.search.parts import Asking
from retrieval.search.question import asking
from retrieval.search.sources import fold_aligned

_SIZES = {
    **dict.fromkeys(("贵", "昂贵", "便宜", "便"), "多少钱"),
    **dict.fromkeys(("年长", "年轻", "大年纪", "岁数大", "年纪大", "年纪小", "岁数小"), "多大年纪"),
    **dict.fromkeys("多少", "有多少"),
    **{sign: f"有多{sign}" for sign in "长高大重快宽深远久厚强"},
    **{small: f"有多{large}" for small, large in zip("短矮低小轻慢窄浅近薄弱", "长高高大重快宽深远厚强", strict=True)},
}
"""Each quality, and what asks how much of it a thing has."""
_AGES = frozenset(("老", "旧", "古老", "悠久", "久远", "新", "older", "newer", "oldest", "newest"))
"""Qualities that a thing has by the day since when it is there."""
_MONEY = (
    "[票房油造售菜水电租车定报均单]价|价[格钱]|费用?|[学车水电话花耗]费|钱|[罚贷存捐赔]款|投资|[工薪]资|资金|月薪|年薪|票房|成本|预算|营收|收入"
    "|利润|奖金|债"
)
_PRICED, _IS_PRICED = re.compile(_MONEY), re.compile(f"(?:{_MONEY})$")
"""What is counted in money, whichever quality is asked of it: 哪个花钱多, 谁的月薪更高."""
_HAS_FIGURE = re.compile(
    f"(?:{_MONEY}|[产销客流人容重质数总雨降水存库]量|[人次票总户只头篇件]数|率|额|人口|面积|海拔|成绩|工期|学期|刑期|距离"
    "|[风车网时流转]速|[温湿高长宽厚深密浓热速跨坡强力难]度|程度)$"
)
"""Is itself what is counted of a thing, 东站票价, so that how much it is is asked."""
_SPENT = re.compile("花(?:费|掉|的|得|了)*的?钱?$")
_DEGREE = re.compile(
    "^(?:更|最|较|比较|相对|还要|要)+|(?:一些|一点|(?<=[贵高大长快重多少低小短宽深远早晚])[些点]|得多|啲|了)$"
)
_ADJECTIVES = {
    "longer": "long", "taller": "tall", "higher": "high", "larger": "large", "bigger": "big", "smaller": "large",
    "shorter": "long", "older": "old", "younger": "old", "wider": "wide", "deeper": "deep", "heavier": "heavy",
    "faster": "fast", "lower": "high", "cheaper": "expensive", "dearer": "expensive", "farther": "far",
    "further": "far", "slower": "fast", "lighter": "heavy",
}  # fmt: skip
_COUNTED = re.compile(r"(?:more|most|fewer|fewest|less|least)\b ?(?P<counted>.*)")
_MANY = re.compile(r"(?:s|people|children|men|women)$")
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")


def mark_of(text: str) -> str:
    """Return the mark that ends a question in its script."""
    return "？" if _HAN.search(text) or _KANA.search(text) else "?"


def how_much(name: str, thing: str, quality: str) -> Asking:
    """Ask how much a thing has of a quality; of an empty one how much it is."""
    quality = _DEGREE.sub("", quality.strip())
    folded = fold_aligned(thing)
    if asking(folded):
        return Asking(name, f"{thing}{mark_of(thing)}")
    if not _HAN.search(thing) or _KANA.search(thing + quality):
        return Asking(name, _how_much_abroad(thing, quality))
    if asking(fold_aligned(quality)):
        return Asking(name, f"{thing}{quality}？")
    if _SPENT.search(folded):
        return Asking(name, f"{_SPENT.sub('花了', thing)}多少钱？")
    if folded.endswith("得"):
        return Asking(name, f"{thing}{'多少' if quality in '多少' else f'多{quality}'}？")
    if not quality or _HAS_FIGURE.search(folded) or _PRICED.search(_besides(name, thing)):
        return Asking(name, f"{thing}是多少？")
    known = _known(fold_aligned(quality))
    return Asking(name, f"{thing}{quality[: -len(known)]}{_SIZES.get(known, f'有多{known}')}？")


def _besides(name: str, thing: str) -> str:
    """Return what is said of a thing besides its own words, in letters as they are looked up."""
    return fold_aligned(thing).replace(fold_aligned(name), " ", 1)


def _known(quality: str) -> str:
    """Return the end of a quality that says how it is asked for; the whole of it where none does."""
    return next((end for end in (quality, quality[-2:], quality[-1:]) if end in _SIZES), quality)


def _how_much_abroad(thing: str, quality: str) -> str:
    folded = quality.lower()
    if _KANA.search(thing + quality):
        noun = f"{quality[:-1]}さ" if quality.endswith("い") else quality
        return f"{thing}の{noun}は？" if noun else f"{thing}は？"
    if adjective := _ADJECTIVES.get(folded, folded if folded in _ADJECTIVES.values() else ""):
        return f"How {adjective} is {thing}?"
    if counted := _COUNTED.fullmatch(folded):
        many = "many" if _MANY.search(counted["counted"]) else "much"
        return f"How {many} {counted['counted']}: {thing}?" if counted["counted"] else f"How much: {thing}?"
    return f"{f'{thing} {quality}'.strip()}{mark_of(thing)}"


def counted(name: str, thing: str, quality: str) -> str:
    """Return the quality by whose unit figures are compared, 贵 where it is one of money: 哪个造价高."""
    quality = fold_aligned(_DEGREE.sub("", quality.strip()))
    is_priced = _PRICED.search(_besides(name, thing) + quality) or _IS_PRICED.search(fold_aligned(name))
    return "贵" if is_priced and quality[-1:] in {"", *"高低大小多少贵涨"} else _known(quality)


def is_age(quality: str) -> bool:
    """Return whether a quality is one that a thing has by the day since when it is there."""
    return fold_aligned(quality).strip("更最的") in _AGES


def when(name: str, thing: str, quality: str = "") -> Asking:
    """Ask when what has a name happened: it is found by its name, and read for its time; what is older is asked for."""
    event, thing = BUILT if is_age(quality) and _HAN.search(thing) else "", thing.removesuffix("的")
    happened = thing if event in thing else f"{thing}{event}"
    if asking(fold_aligned(happened)):
        return Asking(name, f"{happened}{mark_of(happened)}")
    if _KANA.search(happened):
        return Asking(name, happened, f"{happened}はいつ？")
    if _HAN.search(happened):
        return Asking(name, happened, f"{happened}是什么时候？")
    if _HANGUL.search(happened):
        return Asking(name, happened, f"{happened} 언제?")
    return Asking(name, happened, f"When was {happened}?" if happened.isascii() else "")


BUILT = "建立"
"""What happened to a thing on the day since when it is there."""
_NOUNS = (
    (re.compile("(?:时间|日期|日子|年份|时候)$"), "是什么时候"),
    (re.compile("(?:地点|地址|位置|场地|会场|校址|馆址)$"), "在哪里"),
    (
        re.compile(
            "(?:[^质]量|[^多少]数|率|[总金营交限差]额|[温湿高长宽厚深密浓热速跨坡强力难]度|[^评]价|[费薪]|面积|人口|票房|工资|投资|成绩|比分|年龄|水深|海拔)$"
        ),
        "是多少",
    ),
    (
        re.compile(
            "(?:[省市县区镇乡村校院厂局处馆行台团队会站社部司董][长]|书记|主任|主席|经理|总裁|教练|导演|主编|作者|冠军|亚军|季军|得主|设计师?|负责人"
            "|发言人|主持人|嘉宾|凶手|司机|店主|老板|法官|审判长|选手|队员|单位)$"
        ),
        "是谁",
    ),
    (
        re.compile(
            "(?:原因|起因|结果|主题|内容|名称|名字|姓名|籍贯|评价|态度|要求|条件|标准|规定|措施|用途|电话|号码|情况|影响|方式|职务)$"
        ),
        "是什么",
    ),
)
"""Nouns that ask by themselves, and how: 苹果节的时间."""


def plain(name: str, text: str) -> Asking:
    """Ask what a part of a question asks; of what only names something, what it is."""
    mark = mark_of(text)
    folded = fold_aligned(text)
    if asking(folded) or not _HAN.search(text) or _KANA.search(text):
        return Asking(name, f"{text}{mark}")
    how = next((how for pattern, how in _NOUNS if pattern.search(folded)), "是什么" if "的" in text else "是怎么回事")
    return Asking(name, text, f"{text}{how}？")


def who(name: str, thing: str) -> Asking:
    """Ask who somebody is that a question takes for one with another."""
    if asking(fold_aligned(thing)):
        return plain(name, thing)
    if _KANA.search(thing):
        return Asking(name, thing, f"{thing}は誰？")
    return Asking(name, thing, f"{thing}是谁？" if _HAN.search(thing) else f"Who is {thing}?")
