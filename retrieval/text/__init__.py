"""Pure text, and how it is folded for matching: what people write differently and mean the same becomes equal.

Folded text is never shown.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

import opencc

_COMBINING_LATIN = re.compile("[\u0300-\u036f]+")
KANA = (
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9d\U0001aff0-\U0001b16f"
)
"""Kana, for a character class: letters alone. Chinese writes ・ in foreign names and ー as a dash."""
KANA_MARKS = "\u3099-\u309c\u30fc\uff70\uff9e\uff9f"
"""What belongs to the kana before it, and is none: the long vowel and the marks of voice."""

_KANA = re.compile(f"[{KANA}]+")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_QUOTED = 4
"""Characters to one kana from which on kana are quoted: Japanese news has two at most in a window, Chinese that names a
Japanese game five and more."""
_ASCII = re.compile(r"[\x00-\x7f]*")
_QUESTION = 200  # characters of a text that is likely to be folded again at once, as a question is six times


@functools.cache
def _simplifier() -> opencc.OpenCC:
    # tw2sp also folds regional words (軟體 → 软件), which t2s leaves apart
    return opencc.OpenCC("tw2sp")


def simplified(text: str) -> str:
    """Write Chinese in Simplified characters and the mainland's words, all else as it stands; Japanese stays."""
    return text if is_japanese(text) or not _HAN.search(text) else _written_simplified(text)


def is_japanese(text: str) -> bool:
    """Return whether a text is written in kana, or in kana and Chinese characters."""
    kana = sum(map(len, _KANA.findall(text)))
    return kana > 0 and _QUOTED * kana >= sum(map(len, _HAN.findall(text)))


def fold(text: str) -> str:
    """Fold width, case, Latin accents and Traditional to Simplified; lengths may change."""
    return _folded_before(text) if len(text) < _QUESTION else _folded(text)


@functools.lru_cache
def _folded_before(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    if _ASCII.fullmatch(text):
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    decomposed = unicodedata.normalize("NFD", text)
    if _COMBINING_LATIN.search(decomposed):
        # only U+0300–036F: a kana's voicing mark is a letter's part, not an accent
        text = unicodedata.normalize("NFC", _COMBINING_LATIN.sub("", decomposed))
    return _written_simplified(text) if _HAN.search(text) else text


_HARBOUR = re.compile("(?<![接訊讯列路])埠(?![號号])")
"""埠 but for a computer port (連接埠, 埠號): OpenCC makes 端口 of each, of 蚌埠, too; the one character of two."""


def _written_simplified(text: str) -> str:
    if _HARBOUR.search(text):
        return "埠".join(map(_written_simplified, _HARBOUR.split(text)))
    try:
        return str(_simplifier().convert(text))
    except UnicodeEncodeError:  # OpenCC can write no lone surrogate, as which bytes that are no UTF-8 are typed
        return str(_simplifier().convert(text.encode("utf-8", "replace").decode("utf-8")))


_HAN_CHARACTER = [chr(code) for code in range(0x4E00, 0xA000)]
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2002: 0x20,
    0x2003: 0x20,
}


def even(text: str) -> str:
    """Write a text in Simplified characters and half width, each character at its place."""
    return _even_word(text) if len(text) < _WORD else text.translate(_even_table())


# Menus and labels come back on every page of a site.
_WORD = 64


@functools.lru_cache(maxsize=8192)
def _even_word(text: str) -> str:
    return text.translate(_even_table())


@functools.cache
def only_traditional() -> frozenset[str]:
    """Return the characters that Simplified text does not use."""
    return frozenset(map(chr, _converted("t2s")))


@functools.cache
def only_simplified() -> frozenset[str]:
    """Return the characters that Traditional text does not use."""
    # 后, 里, 干, 台 … change from Simplified to Traditional but are written in both
    shared = set(map(ord, "后里干台斗愿面余谷制系表松才只几云志准了于征致周朱采"))
    return frozenset(map(chr, _converted("s2t").keys() - shared))


@functools.cache
def _even_table() -> Mapping[int, int]:
    return _HALF_WIDTH | _converted("t2s")


def _converted(direction: str) -> dict[int, int]:
    # a line a character, so that no dictionary phrase spans two of them
    changed = str(opencc.OpenCC(direction).convert("\n".join(_HAN_CHARACTER))).split("\n")
    return {
        ord(old): ord(new) for old, new in zip(_HAN_CHARACTER, changed, strict=True) if old != new and len(new) == 1
    }


_MARK = re.compile(
    r"(?:utm_.*|spm.*|share.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|from|ref|referer|referrer|source|src|scene"
    r"|isappinstalled|timestamp|wfr|for|bd_vid|hmsr|hmpl|tt_from|wx.*|sessionid|pass_ticket|nsukey|clicktime|enterid|sns.*)",
    re.IGNORECASE,
)
"""Parameters that say who shared a link, or where it was clicked, not which article it is."""
_FRONT = re.compile(r"^(?:www|m|wap|3g|mobile)\d?\.(?=[^.]+\.)(?!(?:com|net|org|gov|edu|co|ac)\.[a-z]{2}$)")
"""Of m1.com and m0.com.cn it is no front, but the name."""
_PLAIN = re.compile(r"[a-z0-9/._-]+")
_PAGE = re.compile(r"/(?:index|default)\.(?:s?html?|php|aspx?)$")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page lies: host, path and the parameters that say which page it is, each as it is compared."""

    host: str
    path: str
    parameters: tuple[str, ...]

    @property
    def parts(self) -> list[str]:
        """What stands in each way to write it, in lower case: letters that none has to encode."""
        return [part for each in (self.host, self.path.strip("/"), *self.parameters) for part in _PLAIN.findall(each)]


def read_address(url: str) -> Address | None:
    """Return an address as it is compared with others; None where it is none."""
    try:
        split = urlsplit(url if "://" in url else f"//{url}")
        host = (split.hostname or "").lower()
    except ValueError:
        return None
    path = _PAGE.sub("", unquote(split.path).lower()).rstrip("/")
    kept = sorted(
        f"{name}={value}".lower() for name, value in parse_qsl(split.query) if value and not _MARK.fullmatch(name)
    )
    return Address(_FRONT.sub("", host), path, tuple(kept)) if host else None


# ---- Cantonese, as questions are typed: 邊個負責, 死咗幾多人

_NO_SIDE = (
    "(?<![周週旁身海江河湖路街池岸沿雙兩單三四多左右東西南北前後上下外裏裡這那哪一半無床枕"
    "桌水山林溪延橋門場牆店花修耳嘴肩樓塘道田井車戍寬鑲滾封])"
)
"""Not behind what makes 邊 a side: 旁邊, 海邊; `~` in the table. `^` there: not behind what is a point or an hour."""
_NO_POINT = r"(?<![一二兩三四五六七八九十半幾地觀缺這那重要零試難站節亮賣景冰網起痛\d])"
_CANTONESE = dict(
    line.replace("~", _NO_SIDE).replace("^", _NO_POINT).split()
    for line in """
    幾多錢 多少錢
    幾錢 多少錢
    幾多 多少
    有幾(?=[長高大重遠闊深久](?:[?？,，呀啊呢㗎]|$)) 有多
    ^點解(?![讀散除封釋決析說禁凍調答]) 為什麼
    ^點樣(?![本貌式子品]) 怎樣
    做乜嘢? 為什麼
    ~邊(?:度(?!假)|處) 哪裏
    ~邊(?=[間條座隻日年位屆架隊班](?!件|約)|個[區月人國隊站]) 哪
    ~邊個(?![案別體性]) 誰
    係點(?=[?？]|$) 是怎樣
    唔該 謝謝
    搵晒? 找
    打風 颱風
    係咪 是不是
    有冇 有沒有
    唔係 不是
    唔 不
    冇 沒有
    乜嘢|咩嘢|(?<!與)乜(?![大氏先春])|(?<![羊咩])咩(?![咩?？]|$) 什麼
    (?<![羊咩])咩(?=[?？]|$) 嗎
    (?<![關聯體干維母文數理學])係(?![數爭]) 是
    嘅 的
    咗 了
    喺 在
    佢哋 他們
    佢 他
    哋 們
    嗰 那
    呢(?=[個間條座隻件位場次]) 這
    啲 些
    嚟 來
    (?<![然從因進反繼皈])[而依]家(?![的庭長屬人園鄉具電教禽族破政事規法訓裡]) 現在
    [尋琴]日 昨天
    聽日 明天
    舊年 去年
    出年 明年
    (?<!一)同埋(?![葬伏在下]) 和
    使(?=幾多錢|幾錢|咗(?:幾|多)) 花
    俾(?!斯麥|路支) 給
    睇 看
    咁 這麼
    未呀?(?=[?？]|$) 沒有
    """.strip().splitlines()
)
_ANY_OF_IT = re.compile("|".join(f"({word})" for word in _CANTONESE))
_IN_WRITING = list(_CANTONESE.values())
_SHARED = frozenset("花 沒有 去年 明年 昨天 明天 這麼 給 看 這 颱風 嗎 是".split())  # noqa: SIM905
"""What is meant by words that written Chinese has as well, for something else: they say nothing of the language."""
_MARKS_OF_IT = re.compile("|".join(word for word, written in _CANTONESE.items() if written not in _SHARED))


def in_written_chinese(question: str) -> str:
    """Return a question with written Chinese in place of its Cantonese words, if it has some that are nothing else."""
    if not _MARKS_OF_IT.search(question):
        return question
    return _ANY_OF_IT.sub(lambda found: _IN_WRITING[(found.lastindex or 1) - 1], question)
