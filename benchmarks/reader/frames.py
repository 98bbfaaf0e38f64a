"""Write short news about invented places, with questions that it answers and questions that it nearly answers.

    python -m benchmarks.reader.frames --out frames.jsonl [--texts 3000]

`frames.txt` has for each kind of subject what may be said of it and how people ask for it, in seven languages. A text
says some of it; what it does not say, another subject and another year are asked for, too. All of it is our own.
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pypinyin import lazy_pinyin

from benchmarks.reader.examples import Example

LANGUAGES = ("zh", "zh", "zh", "en", "en", "de", "es", "ru", "ja", "vi")
"""Of the questions of a frame, in this order."""
SUBJECTS = ("zh", "short", "en", "de", "es", "ru", "ja", "vi")
NAMES = "青岚澜沄渚鹿松塘碧汐桂坊枫樵霜石笕茶亭柳泉云梦溪口竹坪罗汉白鹇望潮锦屏双桥南浦北冈东篱西洲兰若凤栖龙吟乌桕晒网"
SURNAMES = "欧阳司马诸葛上官皇甫尉迟公孙东方慕容令狐赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "明远志强秋禾小满若兰建国晓峰雨桐文博海燕思齐守义春生月娥子墨长青一鸣玉梅"
OPENINGS = (
    "{s}{d}传来新消息。",
    "{s}今日（{d}）有新消息。",
    "记者{d}从{s}获悉。",
    "{d}，{s}传来新消息。",
    "据{s}{d}发布的消息：",
)
"""Of a text that says its day."""
DAYS = {
    "zh": ("{m}月{d}日{q}", "{m}月{d}号{q}", "{m}月{d}日当天{q}", "{q}（{m}月{d}日）", "{M}月{D}日{q}"),
    "en": ("On {d} {month}, {q}", "{q} On {month} {d}.", "As of {d}/{m}: {q}"),
    "de": ("Am {d}.{m}.: {q}",),
    "es": ("El {d}/{m}: {q}",),
    "ru": ("{d}.{m}: {q}",),
    "ja": ("{m}月{d}日、{q}",),
    "vi": ("Ngày {d}/{m}, {q}",),
}
"""How a question names the day that it asks for."""
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
FILLER = (
    "当天现场来了不少居民。",
    "记者从有关部门了解到，各项准备已经就绪。",
    "“等了好多年，总算盼到了。”一位老人说。",
    "下一步还将听取各方意见。",
    "有人担心噪音，也有人觉得方便。",
    "相关负责人表示，安全始终放在第一位。",
    "此前，这件事在网上引起过讨论。",
    "周边的商户也开始重新装修门面。",
    "不过，具体办法还要等上级批复。",
)


@dataclass(slots=True)
class Frame:
    """One thing that may be said of a kind of subject: statements and questions with {s}, {v}, {y} and {w} to fill."""

    value: str
    statements: list[str]
    questions: list[str]


@dataclass(slots=True)
class Kind:
    """A kind of subject: its name in each language, with {n} to fill, and what may be said of it."""

    names: list[str]
    frames: list[Frame] = field(default_factory=list)


def kinds(path: Path) -> list[Kind]:
    """Read frames.txt."""
    found: list[Kind] = []
    value = ""
    statements: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        sign, _, rest = line.partition(" ")
        parts = [part.strip() for part in rest.split(" | ")]
        if sign == "=":
            found.append(Kind(parts))
        elif sign == "-":
            value = rest
        elif sign == "+":
            statements = parts
        elif sign == "?":
            found[-1].frames.append(Frame(value, statements, parts))
    return found


class Writer:
    """Writes texts and asks for what they say and do not say."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def value(self, kind: str) -> str:
        """Return a value as news writes it."""
        pick, number = self._chance.choice, self._chance.randrange
        name, _, unit = kind.partition(" ")
        if name == "count":
            low, high = {"层": (3, 40), "个": (3, 400), "户": (40, 900)}.get(unit, (30, 90_000))
            count = number(low, high)
            return pick([str(count), f"{count:,}", f"{count / 10_000:.1f}万" if count > 9999 else str(count)]) + unit
        simple = {
            "money": lambda: pick(
                [f"{number(12, 990) / 100:.2f}亿元", f"{number(20, 9900):,}万元", f"{number(3, 99)}万元"]
            ),
            "price": lambda: f"{pick([number(2, 90), number(20, 900) / 10])}元",
            "day": lambda: f"{number(1, 13)}月{number(1, 29)}日",
            "clock": lambda: f"{number(5, 23)}{pick(['时', '点', ':'])}{number(0, 6)}0",
            "length": lambda: f"{number(200, 5000):,}米",
            "width": lambda: f"{number(80, 400) / 10}米",
            "height": lambda: f"{number(15, 200)}米",
            "altitude": lambda: f"{number(100, 3000)}米",
            "level": lambda: f"{number(2000, 9000) / 100:.2f}米",
            "rain": lambda: f"{number(50, 400)}毫米",
            "volume": lambda: f"{number(100, 9000):,}万立方米",
            "yield": lambda: f"{number(400, 1200)}公斤",
            "year": lambda: f"{number(1950, 2020)}年",
            "days": lambda: f"{number(3, 90)}天",
            "hours": lambda: pick([f"{number(2, 60)}小时", f"{number(10, 59)}分钟"]),
            "minutes": lambda: f"{number(12, 200)}分钟",
            "company": lambda: f"{self.name()}建工集团",
            "person": self.person,
        }
        return str(simple[name]())

    def name(self) -> str:
        """Return the name of a place."""
        start = self._chance.randrange(len(NAMES) - 1)
        return NAMES[start] + self._chance.choice(NAMES) if self._chance.random() < 0.5 else NAMES[start : start + 2]

    def person(self) -> str:
        """Return the name of a person."""
        at = self._chance.randrange(10)
        surname = SURNAMES[2 * at : 2 * at + 2] if self._chance.random() < 0.2 else self._chance.choice(SURNAMES[20:])
        return surname + "".join(self._chance.sample(GIVEN, self._chance.choice([1, 2])))

    def examples(self, number: int, kind: Kind) -> Iterator[Example]:
        """Yield a text's questions: two that it answers, and two or three of the nearest that it does not."""
        chance = self._chance
        place, year = self.name(), chance.randrange(2015, 2025)
        said = chance.sample(kind.frames, k=min(len(kind.frames) - 1, chance.choice([2, 3, 3, 4])))
        day = (chance.randrange(1, 13), chance.randrange(1, 29)) if chance.random() < 0.4 else None
        spans, text = self._text(kind, place, year, said, day)
        title = kind.names[chance.randrange(2)].replace("{n}", place) + chance.choice(
            ["有新消息", "最新情况", "这一年", ""]
        )

        def asked(frame: Frame, name: str, when: int) -> tuple[str, str]:
            way = chance.randrange(len(frame.questions)) if chance.random() < 0.6 else chance.randrange(3)
            language = LANGUAGES[way]
            pattern = kind.names[chance.randrange(2) if language == "zh" else SUBJECTS.index(language)]
            word = name if language in ("zh", "ja") else "".join(lazy_pinyin(name)).capitalize()
            return frame.questions[way].replace("{s}", pattern.replace("{n}", word)).replace("{y}", str(when)), language

        def example(why: str, question: tuple[str, str], span: tuple[int, int] = (-1, -1)) -> Example:
            head = title if chance.random() < 0.5 else ""
            return Example(f"frame-{number}", why, "train", question[0], question[1], head, text, "zh", *span)

        for frame in chance.sample(said, k=2):
            yield example("frame answered", asked(frame, place, year), spans[kind.frames.index(frame)])
        silent = [frame for frame in kind.frames if frame not in said]
        yield example("frame silent", asked(chance.choice(silent), place, year))
        yield example("frame other subject", asked(chance.choice(said), self.name(), year))
        for frame in said:
            if "{y}" in frame.statements[0]:
                yield example("frame other year", asked(frame, place, year + chance.choice([-3, -2, -1, 1, 2])))
        if day:
            frame, other = chance.choice(said), (chance.randrange(1, 13), chance.randrange(1, 29))
            yield example("frame day", self._on(day, asked(frame, place, year)), spans[kind.frames.index(frame)])
            if other != day:
                yield example("frame other day", self._on(other, asked(frame, place, year)))

    def _on(self, day: tuple[int, int], question: tuple[str, str]) -> tuple[str, str]:
        """Ask a question of a day."""
        (month, of_month), (text, language) = day, question
        form = self._chance.choice(DAYS[language])
        names = {"m": month, "d": of_month, "M": chinese(month), "D": chinese(of_month), "month": MONTHS[month - 1]}
        return form.format(q=text, **names), language

    def _text(
        self, kind: Kind, place: str, year: int, said: list[Frame], day: tuple[int, int] | None
    ) -> tuple[dict[int, tuple[int, int]], str]:
        chance, spans, text = self._chance, dict[int, tuple[int, int]](), ""
        full = kind.names[0].replace("{n}", place)
        if day:
            text += chance.choice(OPENINGS).replace("{s}", full).replace("{d}", f"{day[0]}月{day[1]}日")
        elif chance.random() < 0.5:
            text += chance.choice(["本报讯 ", f"{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日，", ""])
            text += f"{full}传来新消息。"
        for place_of, frame in enumerate(said):
            statement = chance.choice([s for s in frame.statements if place_of or "{s}" in s] or frame.statements)
            own, old = self.value(frame.value), self.value(frame.value)
            statement = statement.replace("{s}", full).replace("{y}", str(year)).replace("{w}", old)
            before, _, after = statement.partition("{v}")
            start = len(text) + len(before)
            spans[kind.frames.index(frame)] = start, start + len(own)
            text += before + own + after + "。"
            if chance.random() < 0.5:
                text += chance.choice(FILLER)
        return spans, text


def chinese(number: int) -> str:
    """Write 1 to 99 as Chinese does."""
    digits = "〇一二三四五六七八九"
    ten, one = divmod(number, 10)
    return (digits[ten] if ten > 1 else "") + "十" * (ten > 0) + (digits[one] if one else "")


def main() -> None:
    """Write the examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=3000)
    arguments = parser.parse_args()
    chance = random.Random(24)  # noqa: S311
    writer, known = Writer(chance), kinds(Path(__file__).with_name("frames.txt"))
    made = [e for number in range(arguments.texts) for e in writer.examples(number, chance.choice(known))]
    chance.shuffle(made)
    with arguments.out.open("w", encoding="utf-8") as file:
        for example in made:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
    print(len(made), "examples")


if __name__ == "__main__":
    main()
