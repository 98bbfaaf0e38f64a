"""Questions typed in Cantonese → the words that written Chinese has for theirs: 邊個負責, 死咗幾多人."""

import re

_WORDS = dict(
    line.split()
    for line in """
    幾多錢 多少錢
    幾錢 多少錢
    幾多 多少
    有幾(?=[長高大重遠闊深久]) 有多
    點解 為什麼
    點樣 怎樣
    做乜嘢? 為什麼
    邊(?:度|處) 哪裏
    邊(?=[間條座隻日年位屆架期場區]|個[區月人國隊站]|兩|幾) 哪
    邊個 誰
    邊 哪
    係咪 是不是
    有冇 有沒有
    唔係 不是
    唔 不
    冇 沒有
    乜嘢|咩嘢|乜(?!大)|咩(?=[^?？]|$) 什麼
    咩 嗎
    (?<![關聯體干])係(?!數) 是
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
    [而依]家 現在
    [尋琴]日 昨天
    聽日 明天
    舊年 去年
    出年 明年
    同埋 和
    使(?=了?(?:多少|咗)) 花
    俾 給
    睇 看
    咁 這麼
    未呀?(?=[?？]|$) 沒有
    """.strip().splitlines()
)
_ANY = re.compile("|".join(f"({word})" for word in _WORDS))
_WRITTEN = list(_WORDS.values())
_MARKS = re.compile(
    "[嘅咗喺佢嗰哋冇嚟啲嘢唔]|乜(?!大)|邊(?:個|度|間|條)|點解|點樣|幾多|幾錢|有幾[長高大重遠闊深久]|同埋"
    "|[而依]家(?![的庭])|係咪|(?<![關聯體干])係(?!數)"
)
"""Stands in Cantonese alone."""


def in_written_chinese(question: str) -> str:
    """Return a question with written Chinese in place of its Cantonese words; any other as it is."""
    if not _MARKS.search(question):
        return question
    return _ANY.sub(lambda found: _WRITTEN[(found.lastindex or 1) - 1], question)
