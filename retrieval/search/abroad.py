"""Questions of several parts in other languages than Chinese and English: Wer hat es gebaut und wann?"""

import re

from retrieval.search.listing import MOST_PARTS, Asking, Cut, Relation
from retrieval.search.question import ASKS_ABROAD, WH
from retrieval.search.sources import between, fold_aligned
from retrieval.text.words import capitalised

# ---- Languages whose questions begin with the word that asks

_AND_ABROAD = re.compile(
    r"(?:[,;]?\s+(?:und|et|y|e|и|а|та|і|ve|dan|i)\s+|[;?]\s+[¿]?)"
    f"(?={ASKS_ABROAD})"
)
_ASKED_ABROAD = re.compile(f"[¿¡]?{ASKS_ABROAD}")


_TOLD_ABROAD = re.compile(f", ?(?={ASKS_ABROAD})")
"""Stands before what a question tells of, and does not ask: wer weiss, wo er lebt; or, in a list, asks as well."""
_LEAST_WHOLE = 4
"""Words of a first clause after which a comma parts what is asked."""


def in_clauses_abroad(question: str, folded: str) -> Cut | None:
    """Cut Wer hat es gebaut und wann wurde es eröffnet? where a word for "and" stands before one that asks.

    What names nothing takes the names that the others have.
    """
    if not _ASKED_ABROAD.match(folded) or re.match(rf"(?:{WH})\b", folded):
        return None
    last = max((match.start() for match in _AND_ABROAD.finditer(folded)), default=0)
    commas = list(_TOLD_ABROAD.finditer(folded))
    if any(comma.start() > last or len(folded[: comma.start()].split()) < _LEAST_WHOLE for comma in commas):
        return None
    if commas and folded[:last].count(",") > len(commas):
        return None  # Menschen, die wissen, was Hunger ist
    parted = sorted(match.span() for match in (*_AND_ABROAD.finditer(folded), *commas))
    texts = [question[slice(*span)].strip(" ?¿") for span in between(0, len(folded), parted)]
    if not 2 <= len(texts) <= MOST_PARTS or any(len(text.split()) < _LEAST_ABROAD for text in texts):
        return None
    names = [" ".join(text[slice(*span)] for span in capitalised(text[1:].rjust(len(text)))) for text in texts]
    first = next(filter(None, names), "")
    points = [bool(place and _POINTS_ABROAD.search(text)) for place, text in enumerate(texts)]
    asked = (
        f"{text}: {first}" if first and (not own or point) else text
        for text, own, point in zip(texts, names, points, strict=True)
    )
    return Cut(tuple(Asking(text, f"{whole}?") for text, whole in zip(texts, asked, strict=True)))


_LEAST_ABROAD = 2
"""Words of a question; "wie und wann wurde …" asks one thing of its subject."""
_POINTS_ABROAD = re.compile(r"\b(?:er|sie|ihn|ihm|elle|ils|elles|ella|ellos|ele|ela|lei|он|она|они|его|её|ее|их)\b")
"""Stands for what the first clause names: wie viele Haushalte versorgt er?"""


# ---- Japanese and Korean, whose clauses end with what they ask

_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7af]")
_ASKS_JAPANESE = "いつ|どこ|だれ|誰|何(?![かも])|いくら|いくつ|なぜ|なんで|どう|どれ|どんな|どの"
_ASKS_KOREAN = "언제|어디|누가|누구|몇|얼마|왜(?!냐)|무엇|어떻게|어느"
_TELL_ME = "(?:を|について)?(?:教えて|知りたい)(?:ください|下さい|です)?"
_NOUN_JAPANESE = "[\u3400-\u9fff\u30a1-\u30ffーA-Za-z0-9]{1,8}さ?"
_LISTED_JAPANESE = re.compile(
    f"(?P<of>[^、?？]+?)の(?P<one>{_NOUN_JAPANESE})と、?(?:(?P<rest>(?:{_ASKS_JAPANESE})[^、?？]+?)か|(?P<other>{_NOUN_JAPANESE}))"
    f"(?:{_TELL_ME}|は(?:何|どう)?(?:ですか|でしたか)?)[?？。]*"
)
"""Asks for two things that something has: パンダの名前と年齢を教えて, ラッコの名前と、いつから見られるかを教えて."""
_BETWEEN_JAPANESE = re.compile("[?？。]\\s*|、")
_BETWEEN_KOREAN = re.compile(f"[?？]\\s*|(?<=[고며])\\s+(?=(?:{_ASKS_KOREAN}))|,\\s*(?=(?:{_ASKS_KOREAN}))")
_ATTRIBUTE_JAPANESE = re.compile(
    "(?:理由|原因|場所|时间|時間|料金|値段|価格|人数|名前|年齢|定員|費用|期間|日時|会場|主催者?|長さ|高さ|重さ|被害|死者|目的|条件|電話)は"
)
"""Asks for what something has, 延期の理由は; another thing is asked what the first one is."""
_GREETS_JAPANESE = re.compile("こんにちは|こんばんは|おはよう.*|すみません|では|じゃあ")


def in_clauses_eastern(question: str, folded: str) -> Cut | None:
    """Cut カツオ祭りはいつやるの？延期の理由は？ and its like in Korean: all are of the first one's topic."""
    if _KANA.search(folded):
        return _in_japanese(question, folded)
    return _in_korean(question) if _HANGUL.search(question) else None


def _in_japanese(question: str, folded: str) -> Cut | None:
    if both := _LISTED_JAPANESE.fullmatch(folded):
        of, one = (question[slice(*both.span(name))] for name in ("of", "one"))
        said = question[slice(*both.span("other" if both["other"] else "rest"))]
        other = f"の{said}は？" if both["other"] else f"は{said}？"
        return Cut((Asking(f"{of}の{one}", f"{of}の{one}は？"), Asking(f"{of}{other.rstrip('は？')}", f"{of}{other}")))
    texts = [text.strip() for text in _BETWEEN_JAPANESE.split(question) if text.strip()]
    texts = [text for text in texts if not _GREETS_JAPANESE.fullmatch(text)]
    topic = (
        re.match(f"(?P<of>[^はが]*[^はがの])(?:は|が)(?={_ASKS_JAPANESE})", fold_aligned(texts[0])) if texts else None
    )
    if not 2 <= len(texts) <= MOST_PARTS or topic is None:
        return None
    first = texts[0][: topic.end("of")]
    asked = [_later_japanese(text, texts[0], first) for text in texts[1:]]
    if not all(asked):
        return None
    parts = (Asking(text, f"{whole}？") for text, whole in zip(texts, [texts[0], *asked], strict=True))
    return Cut(tuple(parts))


def _later_japanese(text: str, clause: str, topic: str) -> str:
    """Return what a later clause asks of the first one's topic, or of another in its place; "" where none is sure."""
    name = text.removesuffix("は")
    if _ATTRIBUTE_JAPANESE.search(f"{name}は") and name != text:
        return f"{topic}の{text}"
    if name != text:
        is_like = name[-1:] == topic[-1:] and not re.search("[\u3041-\u309f]$", name)
        return f"{name}{clause[len(topic) :]}" if is_like else ""
    return f"{topic}は{text}" if re.match(_ASKS_JAPANESE, fold_aligned(text)) else ""


def _in_korean(question: str) -> Cut | None:
    texts = [text.strip() for text in _BETWEEN_KOREAN.split(question) if text.strip()]
    asks = [re.search(_ASKS_KOREAN, text) for text in texts]
    if not 2 <= len(texts) <= MOST_PARTS or not all(asks) or not asks[0] or not asks[0].start():
        return None
    subject = texts[0][: asks[0].start()].strip()
    later = (
        Asking(text, f"{subject} {text}?" if ask and not ask.start() else f"{text}?")
        for text, ask in zip(texts[1:], asks[1:], strict=True)
    )
    return Cut((Asking(texts[0], f"{texts[0]}?"), *later))


_THING_JAPANESE = "[\u3400-\u9fff\u30a1-\u30ffーA-Za-z0-9](?:[^はと、?？]*[\u3400-\u9fff\u30a1-\u30ffーA-Za-z0-9])?"
_JAPANESE = re.compile(
    f"(?:(?P<of>{_THING_JAPANESE})は)?(?P<one>{_THING_JAPANESE})と(?P<other>{_THING_JAPANESE})(?:では?|、|なら)?(?:どちら|どっち)"
    f"(?:の(?:方|ほう))?[がを]?(?:(?P<what>{_THING_JAPANESE})が)?"
    "(?:(?P<how>长|高|多|大き|重|短|低|少な|小さ|古|新し)[^、?？]*|(?P<order>先に|早く)(?P<event>[^、?？しま]{2,8}?)(?:し?(?P<past>ました|た)|し?ます|する)?か?)[?？。]*"
)
_MEASURED_IN = {
    **dict.fromkeys("长短", "長さ"),
    **dict.fromkeys("高低", "高さ"),
    "多": "数",
    "少な": "数",
    "大き": "大きさ",
    "小さ": "大きさ",
    "重": "重さ",
}
_SMALLER_IN = frozenset({"短", "低", "少な", "小さ"})


def compared_in_japanese(question: str, folded: str) -> Cut | None:
    """Cut 賞金は2024年と2025年でどちらが高かった: what is asked of the one and of the other."""
    found = _JAPANESE.fullmatch(folded)
    if found is None:
        return None
    said = {name: question[slice(*found.span(name))] if found[name] else "" for name in ("of", "what", "event")}
    items = [question[slice(*found.span(name))] for name in ("one", "other")]
    of = f"の{said['of']}" if said["of"] else ""
    if found["order"] or found["how"] in ("古", "新し"):
        relation = Relation.LATER if found["how"] == "新し" else Relation.EARLIER
        past = "た" if re.search("[\u3041-\u309f]$", said["event"] or "き") else ""
        parts = [Asking(item, f"{item}{of}はいつ{said['event'] or 'でき'}{past}？") for item in items]
        return Cut(tuple(parts), relation)
    counted = said["what"] or ("" if of else _MEASURED_IN[found["how"]])
    parts = [Asking(item, f"{item}{of}{f'の{counted}' if counted else ''}は？") for item in items]
    return Cut(tuple(parts), Relation.SMALLER if found["how"] in _SMALLER_IN else Relation.LARGER)
