"""What counts from today in eighteen further languages, read on Wednesday, 18 May 2022."""

from datetime import date

import pytest

from retrieval.search.when import understand_dates

TODAY = date(2022, 5, 18)

# yesterday; last week; last month; last year; three years ago; in the last two months; in July of last year, or None
QUESTIONS = {
    "de": (
        "Was geschah gestern im Hafen?",
        "Wer streikte letzte Woche?",
        "Wie viele Gäste kamen im vergangenen Monat?",
        "Wie hoch war der Umsatz im vorigen Jahr?",
        "Wer gewann vor drei Jahren?",
        "Was wurde in den letzten zwei Monaten gebaut?",
        "Was geschah im Juli letzten Jahres?",
    ),
    "nl": (
        "Wat gebeurde er gisteren in de haven?",
        "Wie staakte vorige week?",
        "Hoeveel gasten kwamen vorige maand?",
        "Wat was de omzet vorig jaar?",
        "Wie won drie jaar geleden?",
        "Wat is er de afgelopen twee maanden gebouwd?",
        "Wat gebeurde er in juli vorig jaar?",
    ),
    "es": (
        "¿Qué pasó ayer en el puerto?",
        "¿Quién hizo huelga la semana pasada?",
        "¿Cuántos visitantes hubo el mes pasado?",
        "¿Cuánto facturó el año pasado?",
        "¿Quién ganó hace tres años?",
        "¿Qué se construyó en los últimos dos meses?",
        "¿Qué pasó en julio del año pasado?",
    ),
    "pt": (
        "O que aconteceu ontem no porto?",
        "Quem fez greve na semana passada?",
        "Quantos visitantes houve no mês passado?",
        "Quanto faturou no ano passado?",
        "Quem venceu há três anos?",
        "O que se construiu nos últimos dois meses?",
        "O que aconteceu em julho do ano passado?",
    ),
    "fr": (
        "Que s'est-il passé hier au port ?",
        "Qui a fait grève la semaine dernière ?",
        "Combien de visiteurs le mois dernier ?",
        "Quel était le chiffre d’affaires l’an dernier ?",
        "Qui a gagné il y a trois ans ?",
        "Qu'a-t-on construit ces deux derniers mois ?",
        "Que s'est-il passé en juillet de l'année dernière ?",
    ),
    "it": (
        "Che cosa è successo ieri al porto?",
        "Chi ha scioperato la settimana scorsa?",
        "Quanti visitatori il mese scorso?",
        "Quanto ha fatturato l'anno scorso?",
        "Chi ha vinto tre anni fa?",
        "Che cosa è stato costruito negli ultimi due mesi?",
        "Che cosa è successo a luglio dell'anno scorso?",
    ),
    "ro": (
        "Ce s-a întâmplat ieri în port?",
        "Cine a făcut grevă săptămâna trecută?",
        "Câți vizitatori au venit luna trecută?",
        "Care a fost cifra de afaceri anul trecut?",
        "Cine a câștigat acum trei ani?",
        "Ce s-a construit în ultimele două luni?",
        "Ce s-a întâmplat în iulie anul trecut?",
    ),
    "ru": (
        "Что случилось вчера в порту?",
        "Кто бастовал на прошлой неделе?",
        "Сколько гостей было в прошлом месяце?",
        "Какой была выручка в прошлом году?",
        "Кто победил три года назад?",
        "Что построили за последние два месяца?",
        "Что случилось в июле прошлого года?",
    ),
    "uk": (
        "Що сталося вчора в порту?",
        "Хто страйкував минулого тижня?",
        "Скільки гостей було минулого місяця?",
        "Який був виторг торік?",
        "Хто переміг три роки тому?",
        "Що збудували за останні два місяці?",
        "Що сталося в липні минулого року?",
    ),
    "pl": (
        "Co się stało wczoraj w porcie?",
        "Kto strajkował w zeszłym tygodniu?",
        "Ilu gości było w ubiegłym miesiącu?",
        "Jaki był obrót w zeszłym roku?",
        "Kto wygrał trzy lata temu?",
        "Co zbudowano w ciągu ostatnich dwie miesięcy?",
        "Co się stało w lipcu zeszłego roku?",
    ),
    "tr": (
        "Dün limanda ne oldu?",
        "Geçen hafta kim grev yaptı?",
        "Geçen ay kaç ziyaretçi geldi?",
        "Geçen yıl ciro ne kadardı?",
        "Üç yıl önce kim kazandı?",
        "Son iki ay ne inşa edildi?",
        "Geçen yıl temmuzda ne oldu?",
    ),
    "el": (
        "Τι έγινε χθες στο λιμάνι;",
        "Ποιος απήργησε την περασμένη εβδομάδα;",
        "Πόσοι επισκέπτες ήρθαν τον περασμένο μήνα;",
        "Πόσος ήταν ο τζίρος πέρυσι;",
        "Ποιος κέρδισε πριν από τρία χρόνια;",
        "Τι χτίστηκε τους τελευταίους δύο μήνες;",
        "Τι έγινε τον Ιούλιο πέρσι;",
    ),
    "vi": (
        "Hôm qua có chuyện gì ở cảng?",
        "Tuần trước ai đình công?",
        "Tháng trước có bao nhiêu khách?",
        "Năm ngoái doanh thu bao nhiêu?",
        "Ai thắng cách đây ba năm?",
        "Trong hai tháng qua đã xây những gì?",
        "Tháng 7 năm ngoái có chuyện gì?",
    ),
    "id": (
        "Apa yang terjadi kemarin di pelabuhan?",
        "Siapa yang mogok minggu lalu?",
        "Berapa pengunjung bulan lalu?",
        "Berapa omzet tahun lalu?",
        "Siapa yang menang tiga tahun lalu?",
        "Apa yang dibangun dua bulan terakhir?",
        "Apa yang terjadi pada juli tahun lalu?",
    ),
    "ar": (
        "ماذا حدث أمس في الميناء؟",
        "من أضرب الأسبوع الماضي؟",
        "كم كان عدد الزوار الشهر الماضي؟",
        "كم بلغت الإيرادات في العام الماضي؟",
        "من فاز قبل ثلاث سنوات؟",
        "ماذا بني في الشهرين الماضيين؟",
        "ماذا حدث في يوليو العام الماضي؟",
    ),
    "hi": (
        "कल बंदरगाह पर क्या हुआ?",
        "पिछले हफ्ते किसने हड़ताल की?",
        "पिछले महीने कितने लोग आए?",
        "पिछले साल आय कितनी थी?",
        "तीन साल पहले कौन जीता?",
        "पिछले दो महीने में क्या बना?",
        "पिछले साल जुलाई में क्या हुआ?",
    ),
    "th": (
        "เมื่อวานนี้เกิดอะไรขึ้นที่ท่าเรือ",
        "สัปดาห์ที่แล้วใครประท้วง",
        "เดือนที่แล้วมีผู้เข้าชมกี่คน",
        "ปีที่แล้วรายได้เท่าไร",
        "ใครชนะเมื่อสามปีก่อน",
        "สร้างอะไรใน 2 เดือนที่ผ่านมา",
        None,
    ),
    "ko": (
        "어제 항구에서 무슨 일이 있었나요?",
        "지난주에 누가 파업했나요?",
        "지난달 방문객은 몇 명인가요?",
        "작년 매출은 얼마였나요?",
        "3년 전에 누가 이겼나요?",
        "최근 두 달 동안 무엇을 지었나요?",
        None,
    ),
}
DAYS = (
    ("2022-05-17", "2022-05-17"),
    ("2022-05-09", "2022-05-15"),
    ("2022-04-01", "2022-04-30"),
    ("2021-01-01", "2021-12-31"),
    ("2019-01-01", "2019-12-31"),
    ("2022-03-18", "2022-05-18"),
    ("2021-07-01", "2021-07-31"),
)


@pytest.mark.parametrize(
    ("question", "days"),
    [
        (question, days)
        for questions in QUESTIONS.values()
        for question, days in zip(questions, DAYS, strict=True)
        if question
    ],
)
def test_counts_from_today(question: str, days: tuple[str, str]) -> None:
    read = understand_dates(question, TODAY)
    assert (read.since, read.until) == days


@pytest.mark.parametrize(
    "question",
    [
        "Was ist hier passiert?",  # hier is yesterday in French
        "Was kostet das Leben hier und heutzutage?",
        "Wie ist das bis heute geblieben?",
        "¿Cuántos trenes hay hoy en día?",
        "Miền nam này có bao nhiêu tỉnh?",
        "Que mange-t-on ici ?",
        "Kim bu dünyada en zengin?",
        "오늘날 한국의 인구는?",
        "What is a passado?",
        "भारत को आजादी कब मिली?",
        "कलाकार कौन है?",
        "Việt Nam trước năm 1975 có gì?",
        "Ai thắng 5 huy chương vàng?",
        "Ông Tuấn này là ai?",
        "Сколько лет назад вымерли динозавры?",
        "Что было 2000 лет назад?",
        "Bao nhiêu năm trước khủng long tuyệt chủng?",
        "505 triệu năm trước có gì?",
        "Berapa tahun lalu gunung itu meletus?",
        "หลายปีก่อน",
        "300 ปีก่อนคริสตกาล",
        "ماذا حدث منذ عام 2020؟",
        "ماذا حدث قبل عام 1967؟",
        "7년 전쟁은 언제?",
        "한일전 결과는?",
        "이번 주제는 무엇인가요?",
        "Who founded TAG Heuer?",
        "Who is Chris Hoy?",
        "Dun & Bradstreet revenue",
        "massacre in Mai Kadra",
        "Was machst du hier?",
        "Welche Qualität hat das Wasser hier?",
        "în mai multe orașe",
        "2020 gegenüber dem Vorjahr",
        "Was geschah in den letzten drei Jahren der Republik?",
        "¿Qué escribió en los últimos tres años de su vida?",
        "Qui a écrit Le Monde d'hier ?",
        "Il y a un an de prison",
        "Кто снял фильм «Вчера»?",
        "Who is May Hanson?",
    ],
)
def test_what_only_looks_like_a_date_is_none(question: str) -> None:
    read = understand_dates(question, TODAY)
    assert (read.since, read.until) == (None, None)


@pytest.mark.parametrize(
    ("question", "dated"),
    [
        ("Wie hoch war der Umsatz im vorigen Jahr?", "Wie hoch war der Umsatz 2021?"),
        ("¿Quién ganó hace dos años?", "¿Quién ganó 2020?"),
        ("Что случилось вчера в порту?", "Что случилось 17 May 2022 в порту?"),
        ("작년 매출은 얼마였나요?", "2021 매출은 얼마였나요?"),
        ("ماذا حدث قبل عامين؟", "ماذا حدث 2020؟"),
    ],
)
def test_is_written_as_a_date(question: str, dated: str) -> None:
    assert understand_dates(question, TODAY).dated == dated


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("Was geschah im März?", "2022-03-01"),
        ("¿Qué pasó en julio?", "2021-07-01"),
        ("Кто победил в марте?", "2022-03-01"),
        ("Tháng 6 có mấy vụ cháy?", "2021-06-01"),
        ("मार्च में कौन जीता?", "2022-03-01"),
        ("Who resigned the year before last?", "2020-01-01"),
        ("Who resigned the month before last?", "2022-03-01"),
    ],
)
def test_reads_a_month_without_its_year_and_the_one_before_last(question: str, since: str) -> None:
    assert understand_dates(question, TODAY).since == since
