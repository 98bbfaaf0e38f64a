"""Every encoding, with and without mark, claims right and wrong, short and broken."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.read.encodings import decode

HANS = "清溪县图书馆昨日宣布，周末开放时间延长两小时，读者可凭身份证入馆。"
HANT = "清溪縣圖書館昨日宣布，週末開放時間延長兩小時，讀者可憑身分證入館。"
CANTONESE = "街坊話嘅：啲人喺度排隊，佢哋等咗好耐，唔知幾時先開門。"
JAPANESE = "清渓町の図書館は14日、週末の開館時間を2時間のばすと発表した。"
KOREAN = "청계군 도서관은 14일 주말 개관 시간을 두 시간 늘린다고 발표했다."
FRENCH = "La bibliothèque a annoncé hier qu’elle sera ouverte « deux heures » de plus, à la demande des élèves."
RUSSIAN = "Библиотека объявила вчера, что по выходным будет открыта на два часа дольше."

WRITTEN = [
    (HANS, "utf-8", "utf-8"),
    (HANS, "utf-8-sig", "utf-8"),
    (HANS, "utf-16", "utf-16-le"),
    (HANS, "utf-16-le", "utf-16-le"),
    (HANS, "utf-16-be", "utf-16-be"),
    (HANS, "utf-32", "utf-32-le"),
    (HANS + "2022", "utf-32-be", "utf-32-be"),
    (HANS, "gb2312", "gb18030"),
    (HANS, "gbk", "gb18030"),
    (HANS + "\U00020bb7", "gb18030", "gb18030"),
    (HANT, "gbk", "gb18030"),
    (HANT, "big5", "big5-hkscs"),
    (CANTONESE, "big5hkscs", "big5-hkscs"),
    (JAPANESE, "cp932", "shift_jis"),
    (JAPANESE + "①", "cp932", "shift_jis"),
    (JAPANESE, "euc_jp", "euc-jp"),
    (JAPANESE, "iso2022_jp", "iso-2022-jp"),
    (KOREAN, "euc_kr", "euc-kr"),
    (KOREAN, "cp949", "euc-kr"),
    (FRENCH, "cp1252", "windows-1252"),
    (FRENCH, "utf-16-le", "utf-16-le"),
    (RUSSIAN, "cp1251", "windows-1251"),
]
SHORT = [
    ("你好", "gbk"),
    ("中国", "gbk"),
    ("经济", "gbk"),
    (" 詹姆斯", "gbk"),  # valid UTF-8 by chance
    ("中國", "big5"),
    ("臺北", "big5"),
    ("日本", "cp932"),
    ("ありがとう", "euc_jp"),
    ("한국", "euc_kr"),
    ("안녕하세요", "euc_kr"),
    ("café", "cp1252"),
    ("€5", "cp1252"),
    ("São Paulo", "cp1252"),
    ("Привет", "cp1251"),
]


@pytest.mark.parametrize(("text", "codec", "name"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_an_encoding_is_told_by_the_bytes(text: str, codec: str, name: str) -> None:
    decoded = decode(text.encode(codec))

    assert decoded.text == text
    assert decoded.encoding == name
    assert decoded.marked == 0


@pytest.mark.parametrize("claim", ["utf-8", "iso-8859-1", "big5", "gb2312", "euc-kr", "no such charset", "zip", ""])
@pytest.mark.parametrize(("text", "codec", "name"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_a_wrong_claim_changes_nothing(text: str, codec: str, name: str, claim: str) -> None:
    assert decode(text.encode(codec), claim).text == text


@pytest.mark.parametrize(("text", "codec"), SHORT)
def test_a_few_characters_are_enough(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("text", "codec"), [("경제", "euc-kr"), ("Zażółć gęślą jaźń, mówiła żółta gęś", "iso-8859-2"), ("勃兰登堡", "gbk")]
)
def test_a_claim_decides_between_near_equals(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text != text
    assert decode(text.encode(codec), codec).text == text


def test_a_few_broken_bytes_in_utf8_are_marked_and_the_rest_is_kept() -> None:
    data = HANS.encode()
    broken = data[:30] + b"\xff" + data[30:60] + data[61:]

    decoded = decode(broken)

    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(HANS[:10] + "\ufffd" + HANS[10:20])
    assert decoded.text.endswith(HANS[21:])
    assert 2 <= decoded.marked <= 3


def test_a_page_cut_inside_a_character_keeps_its_encoding() -> None:
    for codec, name in [("gbk", "gb18030"), ("utf-8", "utf-8")]:
        decoded = decode(HANS.encode(codec)[:-4])
        assert decoded.encoding == name
        assert decoded.text.rstrip("\ufffd") == HANS[: len(decoded.text.rstrip("\ufffd"))]
        assert len(decoded.text) >= len(HANS) - 2


def test_lines_in_two_encodings_are_read_each_in_its_own() -> None:
    data = b"\n".join(HANS.encode("utf-8" if number % 2 else "gbk") for number in range(8))

    assert decode(data).text == "\n".join([HANS] * 8)


@pytest.mark.parametrize(
    "text",
    [
        "責(zé)任感和擔(dān)當(dāng)",
        "守初心擔(dān)使命\ue011\ue265，主動\uf8ff作為",
        "�",
        "il est tombé…” Puis « café »",
        "MENÜ»",
        "NÃO É AQUI",
        "所谓“锟斤拷”是怎样产生的",
        "淄博、涞源、浣溪沙、鐨字",
        "a\x1b[31mred",
        "",
    ],
)
def test_valid_text_is_not_touched(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], max_codepoint=0x17F), max_size=200))
def test_western_utf8_is_not_touched(text: str) -> None:
    """Random letters above 7F can be a misreading by chance; what is left after letters of Latin-1 cannot."""
    calm = "".join(char for char in text if not "\x80" <= char <= "\xff")

    assert decode(calm.encode()).text == calm


MIXED = (HANS + HANT + JAPANESE + KOREAN + FRENCH + RUSSIAN).translate(str.maketrans("", "", "«»’"))
"""Without what may stand for the second and third byte of a character: é«« is 髫 misread."""


@given(st.lists(st.sampled_from(MIXED), min_size=12, max_size=40))
def test_utf8_of_any_mixture_is_not_touched(characters: list[str]) -> None:
    """Of five to eight characters out of six scripts, one text in 1,500 is taken for GBK, which all of its bytes are."""
    text = "".join(characters)
    assume(len(text.encode()) > 32)
    assert decode(text.encode()).text == text


@given(st.binary(max_size=300), st.sampled_from([None, "gbk", "utf-16", "big5", "rot13", "x" * 100]))
def test_no_bytes_are_too_strange(data: bytes, claim: str | None) -> None:
    decoded = decode(data, claim)

    assert decoded.marked == decoded.text.count("\ufffd")
