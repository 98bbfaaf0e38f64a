from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encode.encoder import FURTHER, SENTENCES
from retrieval.encode.prepare import TEXTS
from retrieval.text.language import is_writing

CHINESE = "".join(SENTENCES["han"])
TABLE = "|序号|线路|发车|票价|\n|---|---|---|---|\n|1|沄州—海棠|7:45|82元|\n|2|沄州—榆港|9:30|64元|"


@pytest.mark.parametrize("name", [*SENTENCES, *FURTHER])
def test_sentences_in_any_language_are_writing(name: str) -> None:
    texts = {**SENTENCES, **FURTHER}[name]
    assert all(map(is_writing, (*texts, " ".join(texts))))


@pytest.mark.parametrize(
    "text", [*TEXTS[:33], TABLE, "山重水複疑無路，柳暗花明又一村。", "大统领(大統領) 선거가 3일 치러졌다고 한다"]
)
def test_news_menus_code_and_tables_with_names_are_writing(text: str) -> None:
    assert is_writing(text)


@pytest.mark.parametrize(
    "text",
    [
        "أعلنت البلدية يوم الخميس 14/4/2022 عن افتتاح جسر جديد بطول 340 مترا (٣٤٠)، وكلف المشروع ٥٫٢ ملايين دينار.",
        "اَلْجِسْرُ الْجَدِيدُ طَوِيلٌ، وَقَدْ فَرِحَ بِهِ أَهْلُ الْقُرَى كُلُّهُمْ.",
        "شهرداری از گشایش پل تازه‌ای خبر داد که ۳۴۰ متر درازا دارد؛ هزینهٔ آن ۵ میلیون تومان بود، نه بیشتر.",
        "شہر کی بلدیہ نے جمعرات کو نئے پل کے افتتاح کا اعلان کیا جس کی لمبائی ۳۴۰ میٹر ہے۔ کام دو سال چلا۔",
        "شەھەرلىك ھۆكۈمەت يېڭى كۆۋرۈكنىڭ پۈتكەنلىكىنى جاكارلىدى. ئۇزۇنلۇقى ئۈچ يۈز قىرىق مېتىر.",
        "د ښار شاروالۍ د پنجشنبې په ورځ د نوي پله د پرانیستلو خبر ورکړ، چې اوږدوالی یې درې سوه متره دی.",
        "เทศบาลประกาศเมื่อ 14 เม.ย. ๒๕๖๕ ว่าได้เปิดสะพานใหม่ยาว 340 เมตร ใช้งบประมาณ ๕ ล้านบาท",
        "עיריית העיר הודיעה ביום ה' על פתיחת גשר שאורכו 340 מטר; ההוצאה: 5 מיליון ש\"ח.",
        "नगर पालिका ने गुरुवार को ३४० मीटर लंबे नए पुल के उद्घाटन की घोषणा की; इस पर ₹५० लाख खर्च हुए।",
        "SK텔레콤과 A씨는 14일 길이 340m의 새 다리를 열었다고 밝혔다. 사업비는 5억 원(약 37만 달러)이 들었다.",
        "Ủy ban thông báo khánh thành cây cầu dài 340 m; chi phí 5 triệu đồng, thi công hai năm.",
        "ከተማው አስተዳደር ሐሙስ ዕለት ፫፻፵ ሜትር ርዝመት ያለው አዲስ ድልድይ መከፈቱን አስታወቀ።",
        "Городская управа в четверг открыла мост длиной 340 м; на него ушло ₽5 млн и два года.",
    ],
)
def test_news_with_its_figures_and_vowel_marks_is_writing(text: str) -> None:
    assert is_writing(text)


@settings(deadline=None)
@given(st.lists(st.decimals(0, 10_000, places=2), min_size=20))
def test_figures_are_no_writing(figures: list[object]) -> None:
    assert not is_writing(" ".join(map(str, figures)) + 20 * "7")


@settings(deadline=None)
@given(st.text(st.characters(categories=("So", "Sm", "Co", "Nd", "Cc")), min_size=40))
def test_signs_are_no_writing(text: str) -> None:
    assert not is_writing(text + 20 * "\ufffd")


EASTERN = ("utf-8", "gbk", "big5", "shift-jis", "euc-jp", "euc-kr", "johab", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize(("written", "read"), [*permutations(EASTERN, 2)])
def test_what_one_eastern_encoding_makes_of_another_is_no_writing(written: str, read: str) -> None:
    assert not is_writing(CHINESE.encode(written, "ignore").decode(read, "replace"))


@pytest.mark.parametrize(
    "text",
    [
        "记者尉迟朔，摄影闻人嫣，编辑欧阳瑾瑜，校对仇阿苧、厍秋禾，责任编辑段干翊、佘望舒综合报道。",
        "鳜鱼、鲥鱼和鳊鱼是沄江的名产，鲟鱼已有多年不见，渔民说今年又捕到了几条鳗鲡。",
        "這批礦石含有鈮、鉭和鋰，另有少量的銣與銫，專家估計儲量在三萬噸以上。",
    ],
)
def test_rare_names_and_terms_in_a_sentence_are_writing(text: str) -> None:
    assert is_writing(text)


@pytest.mark.parametrize(
    "misread",
    [
        lambda text: text.encode().decode("latin-1"),
        lambda text: text.encode("gbk").decode("utf-8", "replace"),
        lambda text: text.encode().decode("big5", "replace"),
        lambda text: text.encode().decode("shift-jis", "replace"),
        lambda text: text.encode().decode("euc-kr", "replace"),
        lambda text: text.encode("utf-16-le").decode("latin-1"),
        lambda text: text.encode("gbk").decode("koi8-r"),
        lambda text: text.encode("gbk").decode("cp1251", "replace"),
        lambda text: text.encode("gbk").decode("euc-kr", "replace"),
        lambda text: text.encode("gbk").decode("cp1256", "replace"),
        lambda text: text.encode("gbk").decode("mac-arabic"),
        lambda text: text.encode("gbk").decode("cp864", "replace"),
        lambda text: text.encode("gbk").decode("tis-620", "replace"),
        lambda text: text.encode("gbk").decode("utf-16-be", "replace"),
        lambda text: text.encode().decode("cp720"),
        lambda text: text.encode().decode("cp874", "replace"),
        lambda text: text.encode("big5", "ignore").decode("johab", "replace"),
        lambda text: text.encode("gbk").decode("euc-jp", "replace"),
        lambda text: text.encode("gbk").decode("utf-8", "replace").encode().decode("gbk", "replace"),
        lambda text: text.encode().hex(),
    ],
)
def test_what_wrong_decoding_makes_is_no_writing(misread: Callable[[str], str]) -> None:
    windows = [CHINESE[start : start + 90] for start in range(0, len(CHINESE), 90)]
    assert sum(is_writing(misread(window)) for window in windows) <= len(windows) / 5
    assert not is_writing(misread(CHINESE))
