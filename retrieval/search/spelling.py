"""Names as they are typed → as the archive writes them: misspelt by sound or shape, in pinyin, abbreviated.

Only what stands nowhere in the archive is looked at, and only what the archive writes is put in its place: of a
misspelt or abbreviated name in the passages that its other characters find, of pinyin by the pairs of characters that
stand somewhere.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise, product

from retrieval.search.lexicon import russian_syllables, toned, vietnamese_syllables
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import Terms
from retrieval.store.protocols import Words
from retrieval.text import fold, is_japanese
from retrieval.text.dates import MONTHS_OF
from retrieval.text.words import (
    STOPWORDS,
    Dictionary,
    capitalised,
    frequency,
    readings,
    syllables,
    tokenizer,
    without_asking,
)


@dataclass(frozen=True, slots=True)
class Respelling:
    """A stretch of a question, what is typed there, and what the archive writes."""

    start: int
    typed: str
    written: str

    def __str__(self) -> str:
        return f"{self.typed} → {self.written}"


_MONTHS = frozenset(fold(name) for names in MONTHS_OF.values() for name in names)
"""Have capitals in a sentence, and are no names by sound."""


def respellings(question: str, terms: Terms, passages: Sequence[str], words: Words) -> list[Respelling]:
    """Return what is to be written otherwise in a question, in its order.

    `terms` are the question's, `passages` the signatures of what they found, `words` those of the archive.
    """
    unseen = {word for word in terms.shares if word not in terms.forms.words}
    found = [*_acronyms(question, passages, words), *_in_pinyin(question, unseen - _MONTHS, words)]
    found += _in_vietnamese(question, unseen, words)
    if any(_HAN.match(word) for word in unseen if len(word) > 1) and not is_japanese(question):
        found += _misspelt(fold_aligned(question), unseen, "\n".join(passages))
    return sorted(_apart(found), key=lambda each: each.start)


def respelt(question: str, changes: Iterable[Respelling]) -> str:
    """Return a question as the archive would write it."""
    for each in sorted(changes, key=lambda each: -each.start):
        question = question[: each.start] + each.written + question[each.start + len(each.typed) :]
    return question


def _apart(found: Iterable[Respelling]) -> Iterator[Respelling]:
    """Yield the first of those that overlap."""
    taken = set[int]()
    for each in found:
        places = set(range(each.start, each.start + len(each.typed)))
        if taken.isdisjoint(places) and each.typed != each.written:
            taken |= places
            yield each


_HAN = re.compile("[\u3400-\u9fff]+")
_FILLING = frozenset("的是在有和与及了着过被把对从到给向为以于不没都也还就会能要让用里上下中后前个这那哪几多少其")
"""Characters that stand between names rather than in them."""
_LOOKALIKES = (
    "己已巳 末未 土士 人入八 日曰目 大太犬 天夫无 王玉主 千干于 午牛 戊戌戍 冈岗刚 微徽薇 拔拨 贝见 兔免 鸟乌 治冶 "
    "侯候 晴睛 辩辨辫 今令 厉历 博搏 壁璧 胄胃 薄簿 祟崇 卯卵 谓渭 沧沦 抡抢 仓仑 衷哀 孤弧 券卷 陈阵 洒酒 杭抗 "
    "蒲浦濮 埔铺 崃峡 淮准 州洲 堡煲 榆愉 棉绵锦 拉垃 坝坎 岚枫 清请情 桦华 漳障 潭谭 滩摊 翠萃 妤好 亨享"
)
"""Characters that are taken for one another by their shape."""


@cache
def _readings() -> Mapping[str, frozenset[str]]:
    """Return the syllables that each character is read as, and what people take for them, in front of a `~`."""
    read = {character: {*said, *(f"~{_slurred(each)}" for each in said)} for character, said in readings().items()}
    for number, group in enumerate(_LOOKALIKES.split()):
        for character in group:
            read.setdefault(character, set()).add(f"~{number}")
    return {character: frozenset(said) for character, said in read.items()}


def _slurred(syllable: str) -> str:
    """Return a syllable as it is heard where zh and z, n and l, in and ing are one."""
    return re.sub("ng$", "n", re.sub("^([zcs])h", r"\1", re.sub("^l", "n", syllable)))


def _is_alike(typed: str, written: str, *, exactly: bool) -> bool:
    shared = _readings().get(typed, frozenset()) & _readings().get(written, frozenset())
    return any(not (exactly and each.startswith("~")) for each in shared)


def _misspelt(folded: str, unseen: set[str], passages: str) -> Iterator[Respelling]:
    """Yield each character that the passages have another for, alike in sound or shape, between the same ones."""
    bare = without_asking(folded)
    for run in _HAN.finditer(bare):
        yield from _abbreviated(run, unseen, passages)
        known = _known_words(run.group())
        if folded.startswith(("多少", "几"), run.end()) and frequency(run.group()[-1]) > _RARE:
            known.add(len(run.group()) - 1)  # 罗盘值|多少
        for place in range(len(run.group())):
            character = run.group()[place]
            pairs = [run.group()[n : n + 2] for n in (place - 1, place) if 0 <= n < len(run.group()) - 1]
            is_open = pairs and unseen.issuperset(pairs) and character not in _FILLING and place not in known
            if is_open and (found := _written(run.group(), place, unseen, passages)):
                first, written = found
                yield Respelling(run.start() + first, run.group()[first : first + len(written)], written)


def _known_words(run: str) -> set[int]:
    """Return the places that words of the dictionary take, names left out: they are spelt as they are meant."""
    jieba_here, places, at = tokenizer(), set[int](), 0
    names = jieba_here.names if isinstance(jieba_here, Dictionary) else {}
    for word in jieba_here.cut(run, HMM=False):
        if len(word) > 1 and word not in names:
            places.update(range(at, at + len(word)))
        at += len(word)
    return places


def _written(run: str, place: int, unseen: set[str], passages: str) -> tuple[int, str] | None:
    """Return where a stretch of a run begins and how the passages write it; None where they do not.

    Two characters next to it that stand together must be the same, or one where the result is a word.
    """
    for first, last in ((place - 1, place + 2), (place - 2, place + 1), (place, place + 3)):
        if first >= 0 and last <= len(run) and _is_context(run, first, last, place, unseen):
            before, after = run[first:place], run[place + 1 : last]
            others = Counter(_between(before, after, passages))
            least = _MOSTLY * others.total() if last == place + 1 else 0
            for other in sorted(others):
                if others[other] >= least and _is_alike(run[place], other, exactly=False):
                    return first, before + other + run[place + 1 : max(last, _word_end(run, last - 1))]
    for first in (place - 1, place):
        pair = run[first : first + 2]
        if first >= 0 and len(pair) == 2 and (word := _word_alike(pair, place - first, passages)):
            return first, word
    return None


def _between(before: str, after: str, passages: str) -> Iterator[str]:
    """Yield each character that stands between two stretches; one of them may be empty."""
    sought, place = before or after, 0
    while (place := passages.find(sought, place) + 1) > 0:
        at = place - 1 + len(before) if before else place - 2
        if at >= 0 and passages.startswith(after, at + 1) and _HAN.match(passages, at):
            yield passages[at]


_MOSTLY = 0.5
"""Share of the places of two characters that another one must follow to belong to them: 石墨 is followed by 烯."""
_COMMON, _RARE = 12_000, 3_000
"""How often jieba's dictionary counts a character alone that begins no name (日, 年, 位), and one that is a name's."""


def _is_context(run: str, first: int, last: int, place: int, unseen: set[str]) -> bool:
    """Return whether the characters around a place show which one belongs there.

    Two on one side must stand together somewhere. What stands before a word of the dictionary is likely a word by
    itself (位|中国) unless it is rare (褚|杏花), and so is a common character.
    """
    if not _FILLING.isdisjoint(run[first:last]):
        return False
    if place == first:
        is_word = _word_end(run, place + 1) > place + 2 and frequency(run[place]) > _RARE
        return not (frequency(run[place]) > _COMMON or is_word or run[place + 1 : last] in unseen)
    return last > place + 1 or run[first:place] not in unseen


def _word_end(run: str, place: int) -> int:
    """Return where the word ends that has a place of a run, so that what is shown is whole."""
    at = 0
    for word in tokenizer().cut(run, HMM=False):
        at += len(word)
        if at > place:
            return at
    return at


def _word_alike(pair: str, place: int, passages: str) -> str | None:
    """Return the word that the passages have for a pair of characters that sounds the same and is none.

    A name between marks is a line of its own in them: 台风“芦雀”.
    """
    if not _FILLING.isdisjoint(pair) or min(map(frequency, pair)) > _RARE or frequency(pair):
        return None
    before, after = pair[:place], pair[place + 1 :]
    for other in sorted(set(_between(before, after, passages))):
        word = before + other + after
        is_word = frequency(word) > 0 or f"\n{word}\n" in passages
        if is_word and _is_alike(pair[place], other, exactly=True) and not _is_person(word):
            return word
    return None


def _is_person(word: str) -> bool:
    jieba_here = tokenizer()
    return isinstance(jieba_here, Dictionary) and jieba_here.names.get(word) == "nr"


_BODY = re.compile("(?:组织|大学|医院|银行|公司|集团|学院|法院|协会|中心|[委局部院会行司厅署社所校厂团办盟])$")
"""What the short name of an organisation ends in."""
_ABBREVIATION = range(3, 6)
_LEFT_OUT = 5
"""Characters left out between two that an abbreviation keeps, at most."""


def _abbreviated(run: re.Match[str], unseen: set[str], passages: str) -> Iterator[Respelling]:
    """Yield the full names of organisations whose characters, in this order, an abbreviation keeps: 发改委."""
    text = run.group()
    for start, length in product(range(len(text)), sorted(_ABBREVIATION, reverse=True)):
        short = text[start : start + length]
        body = _BODY.search(short)
        if len(short) == length and body and _FILLING.isdisjoint(short):
            # 世卫组织: what it is called is a word, all before stands together nowhere
            pairs = [left + right for left, right in pairwise(short[: body.start() + 1])]
            if pairs and unseen.issuperset(pairs):
                full = re.search(_GAP.join(short), passages)
                if full and len(full.group()) >= length + 2:
                    yield Respelling(run.start() + start, short, full.group())


_GAP = f"[\u3400-\u9fff]{{0,{_LEFT_OUT}}}?"

_NAMED: Mapping[str, Sequence[str]] = {
    "WHO": ("世界卫生组织", "世卫组织"),
    "WTO": ("世界贸易组织", "世贸组织"),
    "IMF": ("国际货币基金组织",),
    "UN": ("联合国",),
    "EU": ("欧洲联盟", "欧盟"),
    "NATO": ("北大西洋公约组织", "北约"),
    "OPEC": ("石油输出国组织", "欧佩克"),
    "ASEAN": ("东南亚国家联盟", "东盟"),
    "IOC": ("国际奥林匹克委员会", "国际奥委会"),
    "FIFA": ("国际足球联合会", "国际足联"),
    "IAEA": ("国际原子能机构",),
    "UNESCO": ("联合国教科文组织",),
    "FDA": ("食品药品监督管理局",),
    "NASA": ("美国国家航空航天局", "美国航天局"),
    "FBI": ("联邦调查局",),
    "CIA": ("中央情报局",),
    "GDP": ("国内生产总值",),
    "CPI": ("居民消费价格指数",),
    "AI": ("人工智能",),
}
"""Letters that no text need explain, with the names that Chinese texts write instead."""


def _acronyms(question: str, passages: Sequence[str], words: Words) -> Iterator[Respelling]:
    """Yield known letters that no passage has and whose Chinese name the archive has, and the other way round."""
    for letters, names in _NAMED.items():
        for match in re.finditer(rf"(?<![A-Za-z]){letters}(?![A-Za-z])", question):
            if not any(f" {letters.lower()} " in passage for passage in passages):
                name = next((name for name in names if _stands(words, name)), None)
                if name:
                    yield Respelling(match.start(), match.group(), name)
        for name in names:
            place = question.find(name)
            if place >= 0 and not any(_stands(words, each) for each in names) and _counts(words, [letters.lower()]):
                yield Respelling(place, name, letters)


def _stands(words: Words, name: str) -> bool:
    pairs = [left + right for left, right in pairwise(name)]
    return len(_counts(words, pairs)) == len(set(pairs))


def _counts(words: Words, wanted: Iterable[str]) -> dict[str, int]:
    """Return in how many passages words stand, of those that stand in any; text of a wrong encoding spells no name."""
    terms = words.terms(list(dict.fromkeys(wanted)))
    return {term.word: term.passages for term in terms if term.passages and term.is_written}


_LETTERS = re.compile(r"[A-Za-z]+(?:['’][a-z]+)*(?![A-Za-z\d])|\b[А-ЯЁа-яё]{3,}\b")
_LONGEST, _WAYS, _PATHS = 24, 12, 60
"""Letters of a word that are read as pinyin, ways to part it that are tried, and the readings of each followed at
once."""


_ASKING = {
    "duoshao": "多少", "duoshaoqian": "多少钱", "shenme": "什么", "shenmeshihou": "什么时候", "weishenme": "为什么",
    "zenme": "怎么", "zenmeyang": "怎么样", "ruhe": "如何", "nali": "哪里", "nage": "哪个", "nanian": "哪年",
    "jige": "几个", "duojiu": "多久", "duochang": "多长", "duogao": "多高", "duoda": "多大", "shishui": "是谁",
    "shishei": "是谁",
}  # fmt: skip
"""Words that ask, in pinyin: news seldom has them, so that the archive would spell them otherwise (度烧)."""


def _in_pinyin(question: str, unseen: set[str], words: Words) -> Iterator[Respelling]:
    """Yield the names typed in pinyin, or as Russian writes it: the characters that stand in the archive most often.

    In a question of another language they are names with a capital.
    """
    typed = [match for match in _LETTERS.finditer(question) if match.group().lower() not in STOPWORDS]
    is_chinese = bool(_HAN.search(question)) or (
        question.isascii() and all(any(_syllabic(match.group())) for match in typed)
    )
    for match in typed:
        if is_chinese and (word := _ASKING.get(match.group().lower())):
            yield Respelling(match.start(), match.group(), word)
            continue
        is_name = (is_chinese and match.group().isascii()) or (match.start() > 0 and match.group()[0].isupper())
        if is_name and unseen.issuperset(re.split("['’]", fold(match.group()))):
            read = [_characters(parts, words) for parts in _syllabic(match.group())]
            if best := max(filter(None, read), default=None):
                yield Respelling(match.start(), match.group(), best[1])


def _syllabic(word: str) -> list[list[str]]:
    """Return the ways in which a word is read as syllables, each as the characters that are read so.

    A Russian word is read without its last letters, too, which may say its case: в Цинлане.
    """
    plain = re.sub("['’ъ]", "", word.lower())[:_LONGEST]
    if plain.isascii():
        return [[syllables()[each] for each in parts] for parts in islice(_parsed(plain, syllables()), _WAYS)]
    forms = dict.fromkeys(
        [plain, f"{plain}ь", *(form for cut in (1, 2) for form in (plain[:-cut], f"{plain[:-cut]}ь"))]
    )
    read = (parts for form in forms for parts in _parsed(form, russian_syllables()))
    return [[russian_syllables()[each] for each in parts] for parts in islice(read, _WAYS)]


def _parsed(letters: str, table: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the ways in which letters are two or more syllables of a table; the longest first ones first."""
    if letters in table:
        yield [letters]
    for length in range(min(6, len(letters) - 1), 0, -1):
        if letters[:length] in table:
            yield from ([letters[:length], *rest] for rest in _parsed(letters[length:], table))


_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def _in_vietnamese(question: str, unseen: set[str], words: Words) -> Iterator[Respelling]:
    """Yield Chinese names as Vietnamese reads their characters, two syllables and more with capitals: Thanh Lam.

    What a question begins with has a capital anyway: Cầu Thanh Lam.
    """
    if not _VIETNAMESE.search(question):
        return
    for begin, end in capitalised(question):
        name, found = question[begin:end], list[tuple[float, str, str]]()
        for typed in (name, name.partition(" ")[2])[: 2 - bool(begin)]:
            syllables_typed = typed.split(" ")
            read = [vietnamese_syllables().get(toned(each), "") for each in syllables_typed]
            is_new = not unseen.isdisjoint(map(fold, [typed, *syllables_typed]))
            if is_new and all(read) and (best := _characters(read, words)):
                found.append((best[0], typed, best[1]))
        if found:
            _, typed, written = max(found)
            yield Respelling(end - len(typed), typed, written)


def _characters(read: Sequence[str], words: Words) -> tuple[float, str] | None:
    """Return the likeliest characters for two syllables or more and how likely they are; None without any.

    `read` are the characters that are read as each syllable.
    """
    if len(read) < 2:
        return None
    single = _counts(words, "".join(read))
    paths = {character: 0.0 for character in read[0] if character in single}
    for characters in read[1:]:
        there = [character for character in characters if character in single]
        counts = _counts(words, (path[-1] + character for path in paths for character in there))
        longer = {
            path + character: value + math.log1p(count)
            for path, value in paths.items()
            for character in there
            if (count := counts.get(path[-1] + character))
        }
        paths = dict(sorted(longer.items(), key=lambda pair: (-pair[1], pair[0]))[:_PATHS])
    spelt = [path for path in paths if _FILLING.isdisjoint(path) or frequency(path)]  # 表示不 is no name shibu
    best = max(spelt, key=lambda path: (paths[path], path), default=None)
    return (paths[best] / len(read), best) if best else None
