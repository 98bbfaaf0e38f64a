"""Texts in ten scripts: of each three sentences, and two of them together; of two scripts also one that is long."""

SENTENCES = {
    "simplified": [
        "县里今年拨出二十三万元，修缮了北坡村的小学。",
        "记者赶到时，河水已经退了，街上只留下一层黄泥。",
        "“明年春天，这里会种上三千棵梨树。”老会计说。",
    ],
    "traditional": [
        "鎮公所昨日宣布，舊碼頭將改建為魚市場。",
        "颱風過後，義工們用了四天才把圖書館的書晒乾。",
        "他翻開帳本，指著第一頁上的數字：一千零四十二。",
    ],
    "kana": [
        "村の古い橋は、来年の三月に架け替えられる予定です。",
        "雨のため、花火大会は翌週の土曜日に延期された。",
        "図書館には子ども向けの本が約八千冊あります。",
    ],
    "hangul": [
        "군청은 올해 다리 세 곳을 새로 놓겠다고 밝혔다.",
        "시장에는 아침 일찍부터 사람들이 모여들었다.",
        "도서관은 매주 월요일에 문을 닫습니다.",
    ],
    "latin": [
        "The ferry across the lake will not run on Sundays until the pier is mended.",
        "Im Rathaus hängt seit gestern eine Liste der zweiundvierzig gefällten Bäume.",
        "À l'école du village, il reste onze élèves et un vieux poêle à bois.",
    ],
    "cyrillic": [
        "Вчера в посёлке открыли новую библиотеку на двести мест.",
        "Мост через реку закрыт до конца октября из-за ремонта.",
        "Сколько домов осталось без света после грозы?",
    ],
    "arabic": [
        "أعلنت البلدية أن السوق القديم سيفتح أبوابه من جديد في الربيع.",
        "وصل القطار متأخرا ساعتين بسبب الثلوج على الجبل.",
        "كم عدد الأشجار التي زرعها الطلاب هذا العام؟",
    ],
    "hebrew": [
        "העירייה תפתח בשבוע הבא את הגן הציבורי שליד הנהר.",
        "הרכבת הראשונה יוצאת בשעה חמש וחצי בבוקר.",
        "כמה ספרים נתרמו לספרייה החדשה?",
    ],
    "devanagari": [
        "गाँव के स्कूल में इस साल चालीस नए बच्चे आए हैं।",
        "नदी पर बना पुराना पुल अगले महीने बंद रहेगा।",
        "बाज़ार में आज सुबह से बहुत भीड़ थी।",
    ],
    "thai": [
        "เทศบาลจะซ่อมถนนหน้าโรงเรียนภายในเดือนหน้า",
        "เมื่อวานฝนตกหนักจนน้ำท่วมตลาดเก่า",
        "ห้องสมุดแห่งนี้มีหนังสือกว่าเก้าพันเล่ม",
    ],
}

# a long one costs as much as twenty others; one script has spaces between its words and the other has not
_LONG = [" ".join(SENTENCES[script] * 5) for script in ("simplified", "latin")]
TEXTS = [*(text for a, b, c in SENTENCES.values() for text in (a, b, c, f"{a} {b}")), *_LONG]
