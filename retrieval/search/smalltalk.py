"""Tell talk from questions: a greeting is never answered with a quotation."""

import re

from retrieval.index.protocols import Words
from retrieval.text.folding import fold
from retrieval.text.words import query_words

_TALK = re.compile(
    "(?:你|您|大家)?好(?:啊|呀|吗|不好)?"
    "|你是谁|你叫什么(?:名字)?|你会(?:做)?什么|在吗|在不在|有人吗"
    "|(?:早上|上午|中午|下午|晚上)好|早安|晚安|早"
    "|(?:多谢|谢谢|感谢)(?:你|您|大家|了|啦)*|不客气|没事了?"
    "|再见|拜拜|回头见|哈+|呵+|嗯+|哦+|好的?|行|可以|知道了|明白了?|测试|test"
    "|hi|hello|hey|good (?:morning|afternoon|evening|night)|how are you|who are you|what can you do"
    "|thanks?(?: you)?(?: very much| a lot)?|ok(?:ay)?|yes|no|bye|good ?bye|see you|lol|ha(?:ha)+"
    "|こんにちは|こんばんは|おはよう(?:ございます)?|ありがとう(?:ございます|ございました)?|さようなら|はい|いいえ"
)
_LETTERS = re.compile(r"[^\W\d_]|\d")
_ENDS = " \t!！?？.。,，~～…、;；:：)）(（"


def is_talk_over(words: Words, question: str) -> bool:
    """Tell whether a question is small talk in an archive of these words: emoji alone are, unless they stand there."""
    if not is_small_talk(question):
        return False
    return bool(_LETTERS.search(question)) or not any(term.passages for term in words.terms(query_words(question)))


def is_small_talk(question: str) -> bool:
    """Tell whether a question is a greeting, thanks, or no word at all."""
    folded = fold(question).strip(_ENDS)
    if not _LETTERS.search(folded):
        return True
    parts = [part.strip(_ENDS) for part in re.split(r"[!！?？.。,，~～\s]+", folded)]
    return bool(_TALK.fullmatch(folded)) or all(_TALK.fullmatch(part) for part in parts if part)
