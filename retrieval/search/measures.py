"""By what things are compared, and what asks each of them for it: 哪座更长 is 有多长, which cost more is how much."""

import re
from dataclasses import dataclass, replace

from retrieval.search.listing import Asking, Cut, Relation, named
from retrieval.search.sources import fold_aligned
from retrieval.text.words import kind_of, word_spans

TIMES = dict.fromkeys("早先前", Relation.EARLIER) | dict.fromkeys("晚后迟", Relation.LATER)
SIZES = {
    **dict.fromkeys(("贵", "昂贵"), (Relation.LARGER, "多少钱")),
    **dict.fromkeys(("便宜", "便"), (Relation.SMALLER, "多少钱")),
    **dict.fromkeys(("年长", "年纪大", "岁数大"), (Relation.LARGER, "多大年纪")),
    **dict.fromkeys(("年轻", "年纪小", "岁数小"), (Relation.SMALLER, "多大年纪")),
    "多": (Relation.LARGER, "有多少"),
    "少": (Relation.SMALLER, "有多少"),
    **{sign: (Relation.LARGER, f"有多{sign}") for sign in "长高大重快宽深远久厚强"},
    "短": (Relation.SMALLER, "有多长"),
    **dict.fromkeys("矮低", (Relation.SMALLER, "有多高")),
    "小": (Relation.SMALLER, "有多大"),
    **{sign: (Relation.SMALLER, f"有多{sign}") for sign in "轻慢窄浅近薄弱"},
}
"""Each quality, and what asks how much of it a thing has."""
_AGES = dict.fromkeys(("老", "旧", "古老", "悠久", "久远"), Relation.EARLIER) | {"新": Relation.LATER}
"""Qualities that a thing has by the day since when it is there."""
FOUNDED = "建立"
RELATIONS = {**TIMES, **{word: relation for word, (relation, _) in SIZES.items()}, **_AGES}
QUALITY = f"(?:{'|'.join(sorted(RELATIONS, key=len, reverse=True))})(?<!强(?=[大劲烈制]))"
BY_SIZE = frozenset({Relation.LARGER, Relation.SMALLER})
PRICED = re.compile(
    "[票房油造售房菜水电租车定报均单]价|价[格钱]|费用?$|[学车水电话花耗]费|钱$|[罚贷存捐赔]款|投资|[工薪]资|资金|月薪|年薪|票房|成本|预算|营收|收入|利润|奖金|债"
)
"""What is counted in money, whichever quality is asked of it: 哪个花钱多, 谁的月薪更高."""
HAS_FIGURE = re.compile(f"{PRICED.pattern}|[量数率度额]$|人口|面积")
"""Is itself what is counted of a thing, 东站票价, so that how much it is is asked."""
_SPENT = re.compile("花(?:费|掉|的|得|了)*的?钱?$")
_SORTS = frozenset("桥 大桥 山 楼 大楼 江 河 湖 路 塔 台风 城市 系统 公司 医院 学校 球队 选手 工厂 队 国 国家".split())  # noqa: SIM905
_EARNED = re.compile("营收|收入|利润|预算|薪")
_BUILD = re.compile("^(?:个子|个头|身材|块头)?$")
"""Before a quality that a thing has by itself: 谁个子高."""
ADJECTIVES = {
    "longer": "long", "taller": "tall", "higher": "high", "larger": "large", "bigger": "big", "smaller": "large",
    "shorter": "long", "cheaper": "much", "older": "old", "younger": "old", "wider": "wide", "deeper": "deep",
    "heavier": "heavy", "faster": "fast", "lower": "high",
}  # fmt: skip
_OF_WHICH = re.compile(
    r"(?P<noun>(?!(?:is|was|are|were)$)(?:(?!is\b|was\b|are\b|were\b)[\w']+ )*?[\w']+?)?"
    r"(?:(?:^| )(?P<does>is|was|are|were|took|ran|\w+ed))?$"
)
_BASE = {
    "took": "take", "ran": "run", "got": "get", "has": "have", "had": "have", "won": "win", "sold": "sell",
    "made": "make", "killed": "kill", "lost": "lose", "cost": "cost", "built": "build", "received": "receive",
}  # fmt: skip
WHO = "谁"
"""What is asked of things that may be one person."""
_DOES = frozenset({"open", "close", "start", "end"})


@dataclass(frozen=True, slots=True)
class Measure:
    """How things are compared: by which quality of what (`of`), 人口 in 哪个人口多, or by when what happened to them.

    `what` stands in English between "which" and the quality: bridge is, strike lasted.
    """

    relation: Relation | None
    quality: str = ""
    of: str = ""
    what: str = ""

    @property
    def is_by_size(self) -> bool:
        """Whether figures are compared, not days."""
        return self.relation in BY_SIZE

    @property
    def event(self) -> str:
        """What happened to each thing compared; "" where it is not said, or figures are compared."""
        return "" if self.is_by_size or self.relation is None else FOUNDED if self.quality in _AGES else self.of

    def cut(self, items: list[str]) -> Cut | None:
        """Return what asks each of the things compared; None where they are fewer than two."""
        if len(items) < 2:
            return None
        measure = replace(self, of="") if self.of and self._is_sort_of(items) else self
        if self.of == FOUNDED and any(map(_is_told, items)):
            measure = replace(self, of="")
        return Cut(tuple(measure.asking(item) for item in items), self.relation, measure.counted, measure.event)

    def _is_sort_of(self, items: list[str]) -> bool:
        """Return whether `of` says what the things are, and not what they have: 桥 in 哪座桥更高."""
        of, things = self.of, [fold_aligned(item) for item in items]
        return of in _SORTS or all(thing.endswith(of) or (len(of) < 3 and thing.endswith(of[-1])) for thing in things)

    @property
    def counted(self) -> str:
        """The quality, 贵 where it is one of money: 哪个造价高."""
        if PRICED.search(self.of) and self.quality in "高低大小多少":
            return "贵" if self.relation is Relation.LARGER else "便"
        return self.quality

    def asking(self, item: str) -> Asking:
        """Ask for a thing: what happened is found by its name and read for its time; a figure by its quality."""
        if self.relation is None:
            who = f"的{self.of}" if self.of else ""
            return Asking(item, f"{item}{who}是谁？") if self.of or self.what == WHO else named(item)
        if self.is_by_size:
            return Asking(item, self._how_much_english(item) if self.quality.isascii() else self._how_much(item))
        if item.isascii():
            happened = f"{item} {self.event}".strip()
            return Asking(item, happened, f"When {'did' if self.event in _DOES else 'was'} {happened}?")
        happened = item if self.event in item else f"{item}{self.event}"
        return Asking(item, happened, f"{happened}是什么时候？")

    def _how_much(self, item: str) -> str:
        of, how = self.of, SIZES[self.counted][1]
        if _SPENT.search(of):
            return f"{item}{_SPENT.sub('花了', of)}多少钱"
        if of.endswith("得"):
            return f"{item}{of}{'多少' if self.quality in '多少' else f'多{self.quality}'}"
        has_own = _BUILD.match(of) or (how == "多少钱" and not _EARNED.search(of)) or self.counted in "多少长短快慢"
        return f"{item}{of}{how if has_own else '是多少'}"

    def _how_much_english(self, item: str) -> str:
        _, _, counted = self.quality.partition(" ")
        if self.of:
            does = _BASE.get(self.of.rsplit(" ", 1)[-1], self.of)
            return f"How many {counted} did {item} {does}?" if counted else f"How much did {item} {does}?"
        if adjective := ADJECTIVES.get(self.quality):
            what = _OF_WHICH.match(self.what)
            noun, does = (what["noun"] or "", what["does"] or "is") if what else ("", "is")
            thing = f"{item} {noun}".strip()
            if does in ("is", "was", "are", "were"):
                return f"How {adjective} is {thing}?"
            return f"How {adjective} did {thing} {_BASE.get(does, does.removesuffix('ed'))}?"
        return f"How many {counted}: {item}?" if counted else f"{item} how {self.quality}"


def _is_told(item: str) -> bool:
    """Return whether a thing is something that happened: 西堤修好."""
    begin, end = ([*word_spans(fold_aligned(item))] or [(0, len(item))])[-1]
    return kind_of(fold_aligned(item[begin:end]))[:1] == "v"
