import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text import even
from retrieval.text.language import detect_language

EXAMPLES = Path(__file__).parents[3] / "examples" / "questions.jsonl"
SAMPLES = {
    "zh-Hans": "这座城市的图书馆将在下个月重新开放,读者可以预约参观。",
    "zh-Hant": "這座城市的圖書館將在下個月重新開放,讀者可以預約參觀。",
    "ja": "図書館は来月から再開し、事前に予約すれば見学できる。",
    "ko": "도서관은 다음 달에 다시 문을 열며 예약하면 관람할 수 있다.",
    "en": "The library will open again next month, and readers can book a visit.",
    "de": "Die Bibliothek wird im nächsten Monat wieder geöffnet und ist für alle da.",
    "fr": "La bibliothèque rouvrira le mois prochain et les lecteurs pourront réserver une visite.",
    "es": "La biblioteca abrirá de nuevo el próximo mes y los lectores podrán reservar una visita.",
    "pt": "A biblioteca vai reabrir no próximo mês e os leitores não precisam de reserva.",
    "it": "La biblioteca riaprirà il mese prossimo e i lettori non dovranno prenotare per una visita.",
    "vi": "Thư viện của thành phố sẽ mở cửa lại và người đọc có thể đặt chỗ.",
    "ru": "Библиотека откроется в следующем месяце, и читатели смогут записаться на экскурсию.",
    "uk": "Бібліотека відкриється наступного місяця, і це не останнє, що зроблять для читачів.",
    "ar": "ستفتح المكتبة أبوابها من جديد في الشهر المقبل على أن يحجز القراء.",
    "th": "ห้องสมุดจะเปิดอีกครั้งในเดือนหน้า",
    "hi": "पुस्तकालय अगले महीने फिर से खुलेगा।",
    "el": "Η βιβλιοθήκη θα ανοίξει ξανά τον επόμενο μήνα.",
    "he": "הספרייה תיפתח שוב בחודש הבא.",
}


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_tells_languages_apart(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "question",
    [
        "What do bird counters think brought the egrets back?",
        "How much fresh water does the Bixi desalination plant make per day?",
        "How do I reset my router to factory settings?",
        "Who won the Tour de France?",
        "Where is La Paz?",
    ],
)
def test_a_short_english_question_is_english(question: str) -> None:
    assert detect_language(question) == "en"


def test_the_english_questions_over_the_sample_archive_are_english() -> None:
    records = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    # those in other languages than English and Chinese have ids of their own
    english = [record["question"] for record in records if record["question"].isascii() and record["id"][0] != "x"]
    assert len(english) > 20
    assert [question for question in english if detect_language(question) != "en"] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wann wird die neue Brücke eröffnet?"),
        ("fr", "Combien a coûté le pont et qui paie ?"),
        ("es", "¿Cuánto costó el puente y por qué?"),
        ("pt", "Quanto custou a ponte e por que não abriu?"),
        ("it", "Quanto è costato il ponte e chi lo paga?"),
        ("pl", "Ile kosztował most i kto się tym zajął?"),
        ("nl", "Wanneer wordt het museum geopend en voor wie?"),
    ],
)
def test_short_questions_in_other_languages_are_not_taken_for_english(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert detect_language("这家名为サイエンス的公司与 International Business Machines 合作建设研究中心。") == "zh-Hans"


def test_converted_text_is_traditional_although_some_characters_stayed() -> None:
    assert detect_language("廣西資源縣黨員干部吹響集結號,村里斗志昂揚。") == "zh-Hant"


@pytest.mark.parametrize("text", ["", "12345", "—— !"])
def test_names_no_language_without_letters(text: str) -> None:
    assert detect_language(text) is None


@given(st.text(st.characters(exclude_categories=("L", "M", "Cn", "Cs"))))
def test_marks_and_figures_name_no_language(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    "mark", ["・", "･", "ー", "ｰ", "゛", "゜", "ﾞ", "ﾟ", "゠", "،", "؟", "ـ", "।", "॥", "·", ";", "฿", "×", "÷"]
)
def test_what_several_scripts_write_names_no_language(mark: str) -> None:
    assert detect_language(9 * mark) is None
    assert detect_language(mark.join("这座城市的图书馆将在下个月重新开放")) == "zh-Hans"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "云雀公司总裁马修・格林说"),
        ("zh-Hans", "陈・李"),
        ("zh-Hant", "營運經理瑪莉･陳ーー北角"),
        ("ja", "コーヒー・ショップ"),
        ("ja", "ｺｰﾋｰ･ｼｮｯﾌﾟ"),
    ],
)
def test_a_name_with_a_point_is_of_the_language_around_it(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_evened_text_keeps_every_place() -> None:
    text = "發表時間：２０２０　國際"
    assert even(text) == "发表时间:2020 国际"
    assert len(even(text)) == len(text)
