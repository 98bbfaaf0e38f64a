import pytest

from retrieval.text.characters import even
from retrieval.text.language import detect_language

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


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert detect_language("这家名为サイエンス的公司与 International Business Machines 合作建设研究中心。") == "zh-Hans"


def test_converted_text_is_traditional_although_some_characters_stayed() -> None:
    assert detect_language("廣西資源縣黨員干部吹響集結號,村里斗志昂揚。") == "zh-Hant"


@pytest.mark.parametrize("text", ["", "12345", "—— !"])
def test_names_no_language_without_letters(text: str) -> None:
    assert detect_language(text) is None


def test_evened_text_keeps_every_place() -> None:
    text = "發表時間：２０２０　國際"
    assert even(text) == "发表时间:2020 国际"
    assert len(even(text)) == len(text)
