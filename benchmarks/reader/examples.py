"""Make what the reader is trained on: questions with a stretch of text that answers them, or nearly does.

    python -m benchmarks.reader.examples --data FOLDER --out examples.jsonl

From CMRC 2018 and DRCD (CC BY-SA 4.0, 3.0), XQuAD in six languages (CC BY-SA 4.0) and ChronoQA (CC BY 4.0). A title in
four, told by its checksum, is held out, with all its translations: `split` is `held` there and `train` elsewhere.

Each answerable question comes with the stretch that answers it, and with stretches that do not: the most alike of other
texts, one of the same title, its own without the sentence that answers; and once more with a year, figure or name
exchanged, over the stretch that answered it.
"""

import argparse
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.passages import sentences, split
from retrieval.text import even, fold

LANGUAGES = ("zh", "en", "de", "es", "vi", "ar")
STRETCH = 220
"""Characters of a stretch that is read, in wide ones; others count less than half."""
ALIKE, SAME_TITLE, TAKEN_OUT, EXCHANGED = 0.8, 0.5, 0.35, 1.0
"""How many of each kind of unanswerable example there are to an answerable one."""


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph and its title, in one language."""

    title: str
    text: str
    language: str
    group: str
    """What is held out together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the place of its answer in `text`; without a place only the text is known."""

    id: str
    question: str
    language: str
    text: Text
    answer: str
    start: int


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a stretch; `start` -1 where it is not answered, -2 where it is but not in so many words."""

    id: str
    kind: str
    split: str
    question: str
    language: str
    title: str
    text: str
    text_language: str
    start: int
    end: int


def split_of(group: str) -> str:
    """Hold one group in four out."""
    return "held" if zlib.crc32(group.encode()) % 4 == 0 else "train"


def squad(path: Path, language: str, *, has_titles: bool) -> Iterator[Asked]:
    """Read a set in SQuAD's format."""
    for entry in json.loads(path.read_text(encoding="utf-8"))["data"]:
        title = entry.get("title", "")
        for paragraph in entry["paragraphs"]:
            text = Text(title if has_titles else "", paragraph["context"], language, title)
            for item in paragraph["qas"]:
                if item["question"].strip():
                    answer = item["answers"][0]
                    yield Asked(
                        str(item["id"]), item["question"], language, text, answer["text"], answer["answer_start"]
                    )


def chrono(folder: Path) -> tuple[list[Asked], list[Text]]:
    """Read the questions of one part whose answer stands in their text."""
    texts = {
        row["id"]: Text("", row["text"], "zh", row["id"])
        for row in map(json.loads, (folder / "chronoqa.articles.jsonl").read_text(encoding="utf-8").splitlines())
    }
    asked = []
    for row in map(json.loads, (folder / "chronoqa.questions.jsonl").read_text(encoding="utf-8").splitlines()):
        if len(row["articles"]) == 1 and row["kind"] != "aggregate":
            text, answer = texts[row["articles"][0]], row["answers"][0] if row["answers"] else ""
            asked.append(
                Asked(row["id"], row["question"], "zh", text, answer, text.text.find(answer) if answer else -1)
            )
    return asked, list(texts.values())


# --- stretches -------------------------------------------------------------------------------------------------------


def weight(text: str) -> float:
    """Count wide characters; others count 0.4."""
    wide = sum("\u1100" <= c <= "\u11ff" or "\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\uffef" for c in text)
    return wide + 0.4 * (len(text) - wide)


def stretches(text: str) -> list[tuple[int, int]]:
    """Cut a text into stretches of whole windows, as long as may be read at once."""
    found: list[tuple[int, int]] = []
    for passage in split(text):
        begin = end = -1
        for start, stop in passage.windows:
            if begin >= 0 and weight(text[begin:stop]) > STRETCH:
                found.append((begin, end))
                begin = -1
            begin, end = (start if begin < 0 else begin), stop
        if begin >= 0:
            found.append((begin, end))
    return found


def around(text: str, start: int, end: int, chance: random.Random) -> tuple[int, int] | None:
    """Return a stretch of windows that holds text[start:end] at a place left to chance."""
    for passage in split(text):
        windows = passage.windows
        inside = [n for n, (first, last) in enumerate(windows) if first < end and start < last]
        if not inside or not (windows[inside[0]][0] <= start and end <= windows[inside[-1]][1]):
            continue
        low, high = inside[0], inside[-1]
        while True:
            ways = [(low - 1, high)] * (low > 0) + [(low, high + 1)] * (high + 1 < len(windows))
            ways = [way for way in ways if weight(text[windows[way[0]][0] : windows[way[1]][1]]) <= STRETCH]
            if not ways or chance.random() < 0.1:
                return windows[low][0], windows[high][1]
            low, high = chance.choice(ways)
    return None


# --- what does not answer --------------------------------------------------------------------------------------------

OPPOSITES = """
最大/最小; largest/smallest; größte/kleinste; más grande/más pequeño; lớn nhất/nhỏ nhất
最大/最小; biggest/smallest; größten/kleinsten; mayor/menor; rộng nhất/hẹp nhất
最高/最低; highest/lowest; höchste/niedrigste; más alto/más bajo; cao nhất/thấp nhất
最多/最少; most/fewest; meisten/wenigsten; más/menos; nhiều nhất/ít nhất
最长/最短; longest/shortest; längste/kürzeste; más largo/más corto; dài nhất/ngắn nhất
最早/最晚; earliest/latest; früheste/späteste; primera/última; sớm nhất/muộn nhất
第一/最后; first/last; erste/letzte; primer/último; đầu tiên/cuối cùng
首次/最后一次; first/last; ersten/letzten; primera vez/última vez; lần đầu/lần cuối
第一/第二; first/second; erste/zweite; primera/segunda; thứ nhất/thứ hai
第二/第三; second/third; zweite/dritte; segundo/tercer; thứ hai/thứ ba
一等/二等; first-class/second-class; erster Klasse/zweiter Klasse; primera clase/segunda clase; hạng nhất/hạng hai
开始/结束; begin/end; begann/endete; comenzó/terminó; bắt đầu/kết thúc
开始/结束; start/end; beginnen/enden; empezó/acabó; bắt đầu/kết thúc
之前/之后; before/after; vor/nach; antes/después; trước/sau
出生/去世; born/buried; geboren/gestorben; nació/murió; sinh/mất
父亲/母亲; father/mother; Vater/Mutter; padre/madre; cha/mẹ
儿子/女儿; son/daughter; Sohn/Tochter; hijo/hija; con trai/con gái
丈夫/妻子; husband/wife; Mann/Frau; esposo/esposa; chồng/vợ
哥哥/弟弟; brother/sister; Bruder/Schwester; hermano/hermana; anh trai/chị gái
男子/女子; men/women; Männer/Frauen; hombres/mujeres; nam giới/phụ nữ
男性/女性; male/female; männliche/weibliche; masculino/femenino; nam/nữ
北部/南部; northern/southern; nördlichen/südlichen; del norte/del sur; phía bắc/phía nam
东部/西部; eastern/western; östlichen/westlichen; del este/del oeste; phía đông/phía tây
北方/南方; north/south; Norden/Süden; norte/sur; bắc/nam
东边/西边; east/west; Osten/Westen; este/oeste; đông/tây
增加/减少; increase/decrease; erhöht/verringert; aumentó/disminuyó; tăng/giảm
上升/下降; rise/fall; gestiegen/gesunken; subió/bajó; tăng/giảm
进口/出口; import/export; Importe/Exporte; importaciones/exportaciones; nhập khẩu/xuất khẩu
支持/反对; support/oppose; unterstützte/bekämpfte; apoyó/rechazó; ủng hộ/phản đối
获胜/落败; win/lose; gewann/verlor; ganó/perdió; thắng/thua
赢得/输掉; won/lost; gewonnen/verloren; ganado/perdido; thắng/thua
成立/解散; founded/dissolved; gegründet/aufgelöst; fundó/disolvió; thành lập/giải thể
建立/废除; established/abolished; eingeführt/abgeschafft; estableció/abolió; thành lập/bãi bỏ
建成/拆除; built/demolished; gebaut/abgerissen; construido/demolido; xây dựng/phá hủy
开业/关闭; opened/closed; eröffnet/geschlossen; abrió/cerró; mở/đóng
到达/离开; arrive/leave; angekommen/abgereist; llegó/salió; đến/rời
上任/卸任; appointed/dismissed; ernannt/entlassen; nombrado/destituido; bổ nhiệm/bãi nhiệm
公立/私立; public/private; öffentliche/private; pública/privada; công lập/tư thục
上半年/下半年; day/night; Tag/Nacht; día/noche; ngày/đêm
上午/下午; morning/evening; Morgen/Abend; mañana/tarde; sáng/tối
夏季/冬季; summer/winter; Sommer/Winter; verano/invierno; mùa hè/mùa đông
优点/缺点; advantage/disadvantage; Vorteil/Nachteil; ventaja/desventaja; ưu điểm/nhược điểm
人口/面积; population/area; Bevölkerung/Fläche; población/superficie; dân số/diện tích
长度/宽度; length/width; Länge/Breite; longitud/anchura; chiều dài/chiều rộng
多长/多宽; long/wide; lang/breit; largo/ancho; dài/rộng
身高/体重; height/weight; Höhe/Gewicht; altura/peso; chiều cao/cân nặng
多高/多重; tall/heavy; hoch/schwer; alto/pesado; cao/nặng
收入/支出; income/expenditure; Einnahmen/Ausgaben; ingresos/gastos; thu nhập/chi phí
部长/副部长; president/vice-president; Präsident/Vizepräsident; presidente/vicepresidente; tổng thống/phó tổng thống
主席/副主席; chairman/vice-chairman; Vorsitzende/Stellvertreter; director/subdirector; chủ tịch/phó chủ tịch
冠军/亚军; winner/runner-up; Sieger/Zweiter; campeón/subcampeón; vô địch/á quân
导演/编剧; director/producer; Regisseur/Produzent; director/productor; đạo diễn/nhà sản xuất
作者/译者; author/translator; Autor/Übersetzer; autor/traductor; tác giả/dịch giả
"""
"""Words that make a question of another one, a line a meaning, in Chinese, English, German, Spanish and Vietnamese."""
_OPPOSITES = [[tuple(pair.strip().split("/")) for pair in line.split(";")] for line in OPPOSITES.strip().split("\n")]

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-ZÄÖÜÁÉÍÓÚĐ][\w’'-]{2,}(?: [A-ZÄÖÜÁÉÍÓÚĐ][\w’'-]+)*")


def entities(question: str, language: str) -> list[tuple[str, str]]:
    """Return the kinds and words of the figures and names in a question."""
    found = [("figure", match.group()) for match in _FIGURE.finditer(question)]
    if language == "zh":
        import jieba.posseg

        found += [
            (flag, word)
            for word, flag in jieba.posseg.cut(question, HMM=False)
            if flag in ("nr", "ns", "nt", "nz", "nrt") and len(word) > 1
        ]
    elif language != "ar":
        found += [("name", match.group()) for match in _NAME.finditer(question)]
    return found


def other_figure(figure: str, chance: random.Random) -> str:
    """Return another figure of the same length."""
    digits = re.sub(r"\D", "", figure)
    if len(digits) == 4 and digits[:2] in ("18", "19", "20"):
        return str(int(digits) + chance.choice([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
    place = chance.randrange(len(digits))
    changed = digits[:place] + chance.choice([d for d in "123456789" if d != digits[place]]) + digits[place + 1 :]
    return changed if digits == figure else changed[:1] + figure[1:] if changed[:1] != figure[:1] else "7" + figure[1:]


def opposites(question: str, language: str) -> list[tuple[str, str, str]]:
    """Return the words of a question that have an opposite, with it in the question's language and in Chinese."""
    if language not in LANGUAGES[:5]:
        return []
    found = []
    for line in _OPPOSITES:
        pair = line[LANGUAGES.index(language)]
        for own, other, in_chinese in zip(pair, pair[::-1], line[0][::-1], strict=True):
            is_there = own in question if language == "zh" else re.search(rf"\b{own}\b", question)
            if is_there and other not in question:
                found.append((own, other, in_chinese))
    return found


class Maker:
    """Makes the examples of all questions, with what is most alike among the texts at hand."""

    def __init__(self, asked: Sequence[Asked], texts: Sequence[Text], chance: random.Random) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._chance = chance
        self._pieces = [(text, span) for text in dict.fromkeys(texts) for span in stretches(text.text)]
        self._of_group: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (text, _) in enumerate(self._pieces):
            self._of_group[text.group, text.language].append(number)
        self._words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, preprocessor=even)
        weights = self._words.fit_transform([text.text[slice(*span)] for text, span in self._pieces])
        self._by_term = weights.T.tocsr().astype(np.float32)
        self._folded = [fold(text.text[slice(*span)]) for text, span in self._pieces]
        self._known: dict[tuple[str, str], list[int]] = {}
        self._inventory: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._entities = {item: entities(item.question, item.language) for item in asked}
        for item, found in self._entities.items():
            for kind, word in found:
                self._inventory[item.text.group, kind].append(word)
                self._inventory[item.language, kind].append(word)

    def examples(self, item: Asked, native: Mapping[str, Asked]) -> Iterator[Example]:
        """Yield the examples of one question; `native` has it in the language of its text, for what is alike."""
        text = item.text.text
        start, end = item.start, item.start + len(item.answer)
        held = around(text, start, end, self._chance) if start >= 0 else None
        if held:
            yield self._example(item, "answered", item.text, held, (start - held[0], end - held[0]))
            yield from self._exchanged(item, held)
            yield from self._opposite(item, held)
            yield from self._taken_out(item, held, start, end)
        alike = self._alike(native.get(item.id, item))
        if alike and self._chance.random() < ALIKE:
            yield self._unanswered(item, "alike", self._pieces[self._chance.choice(alike[:4])])
        same = [number for number in alike if self._pieces[number][0].group == item.text.group]
        if same and self._chance.random() < SAME_TITLE:
            yield self._unanswered(item, "same title", self._pieces[same[0]])

    def _alike(self, item: Asked) -> list[int]:
        """Return the pieces most alike that do not hold the answer, and the best of the same title at the end."""
        key = item.id, item.text.language
        if key not in self._known:
            row = self._words.transform([item.question]).astype(np.float32)
            alike = (row @ self._by_term).toarray().ravel()
            best = np.argpartition(-alike, 30)[:30]
            best = best[np.argsort(-alike[best])].tolist()
            own = sorted(self._of_group[item.text.group, item.text.language], key=lambda n: -alike[n])
            answer = fold(item.answer)
            fits = [n for n in [*best, *own] if self._is_silent(n, item, answer)]
            self._known[key] = list(dict.fromkeys(fits))
        return self._known[key]

    def _is_silent(self, number: int, item: Asked, answer: str) -> bool:
        text = self._pieces[number][0]
        if text.language != item.text.language:
            return False
        if not answer or (item.start < 0 and text == item.text):
            return text != item.text
        return answer not in self._folded[number]

    def _exchanged(self, item: Asked, held: tuple[int, int]) -> Iterator[Example]:
        if not self._entities[item] or self._chance.random() > EXCHANGED:
            return
        kind, word = self._chance.choice(self._entities[item])
        stretch = fold(item.text.text[slice(*held)])
        if kind == "figure":
            others = [other_figure(word, self._chance)]
        else:
            near, far = self._inventory[item.text.group, kind], self._inventory[item.language, kind]
            others = [w for w in near if w != word] or far
        others = [
            w for w in dict.fromkeys(others) if fold(w) not in stretch and w not in item.question and word not in w
        ]
        if others:
            question = item.question.replace(word, self._chance.choice(others))
            yield self._example(replace(item, question=question), "exchanged", item.text, held, (-1, -1))

    def _opposite(self, item: Asked, held: tuple[int, int]) -> Iterator[Example]:
        text, native = fold(item.text.text[slice(*held)]), item.text.language == item.language
        question = even(item.question)
        choices = [
            (own, other)
            for own, other, in_chinese in opposites(question, item.language)
            if not (native and fold(other) in text) and not (item.text.language == "zh" and fold(in_chinese) in text)
        ]
        if choices:
            own, other = self._chance.choice(choices)
            asked = replace(item, question=question.replace(own, other, 1))
            yield self._example(asked, "opposite", item.text, held, (-1, -1))

    def _taken_out(self, item: Asked, held: tuple[int, int], start: int, end: int) -> Iterator[Example]:
        text = item.text.text
        rest = "".join(text[a:b] for a, b in sentences(text, *held) if not (a < end and start < b))
        if weight(rest) >= 40 and fold(item.answer) not in fold(rest) and self._chance.random() < TAKEN_OUT:
            yield self._example(item, "taken out", replace(item.text, text=rest), (0, len(rest)), (-1, -1))

    def _unanswered(self, item: Asked, kind: str, piece: tuple[Text, tuple[int, int]]) -> Example:
        return self._example(item, kind, *piece, (-1, -1))

    def _example(self, item: Asked, kind: str, text: Text, span: tuple[int, int], answer: tuple[int, int]) -> Example:
        title = text.title if self._chance.random() < 0.5 else ""
        part = text.text[slice(*span)]
        return Example(
            item.id, kind, split_of(item.text.group), item.question, item.language, title, part, text.language, *answer
        )


def main() -> None:
    """Write the examples, shuffled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    chance = random.Random(20)  # noqa: S311
    data: Path = arguments.data
    xquad = {
        name: {item.id: item for item in squad(data / "xquad" / f"xquad.{name}.json", name, has_titles=False)}
        for name in LANGUAGES
    }
    zh = [
        *squad(data / "cmrc" / "cmrc2018_dev.json", "zh", has_titles=True),
        *squad(data / "drcd" / "DRCD_dev.json", "zh", has_titles=True),
        *xquad["zh"].values(),
    ]
    dated, chunks = chrono(data / "chronoqa")
    asked = [*zh, *dated]
    for name in LANGUAGES[1:]:  # the questions of every language over Chinese, and some over every other language
        asked += [replace(xquad["zh"][i], question=item.question, language=name) for i, item in xquad[name].items()]
        for other in LANGUAGES:
            some = [i for i in xquad[name] if chance.random() < (0.6 if other == name else 0.12)]
            asked += [replace(xquad[name][i], question=xquad[other][i].question, language=other) for i in some]
    texts = [*dict.fromkeys(item.text for item in asked), *chunks]
    maker = Maker(asked, texts, chance)
    made: list[Example] = []
    for item in asked:
        made += maker.examples(item, xquad[item.text.language] if item.id in xquad["zh"] else {})
    chance.shuffle(made)
    with arguments.out.open("w", encoding="utf-8") as file:
        for example in made:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
    counts: dict[str, int] = defaultdict(int)
    for example in made:
        counts[f"{example.split} {example.kind}"] += 1
    print(dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
