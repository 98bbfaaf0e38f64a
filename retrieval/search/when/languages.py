"""Expressions of time in eighteen further languages; the question comes folded: without case and accents.

A row of `_SPOKEN` says how a language counts from today, and names a month of this year or the last. After CLDR's
fields of dates, with the declined forms and the words of speech beside them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import count

from retrieval.search.sources import ending, fold_aligned
from retrieval.search.when.mention import (
    YEAR,
    Match,
    Mention,
    Period,
    Rule,
    back,
    containing,
    counted,
    month_of,
    relative_mentions,
)
from retrieval.text.dates import MONTHS_OF


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a language says what counts from today: patterns of words, `_` for a space.

    One of `cues` is in each question that says so. `days`, `weeks`, `months` and `years` are those before last, last
    and this. `ago` and `past` have `{n}` for a number and `{u}` for a unit; `units` are day, week, month and year,
    `numbers` the words from one on; `two` are the units where they say two of it. `month` has `{m}` for a month's
    name. Without a word of `sure` nothing is read: `hier` is German, too. Behind a figure or a word of `many` a unit
    is not the last one.
    """

    cues: str
    days: str
    weeks: str
    months: str
    years: str
    units: str
    ago: str
    past: str
    numbers: str
    month: str = ""
    two: str = ""
    sure: str = ""
    many: str = ""


_SPOKEN = {
    "de": Spoken(
        "gestern heute heuer letzt vorig vergangen diese vor_",
        "vorgestern (?:gestern|heute_nacht)"
        " (?<!bis_)(?<!noch_)(?<!auch_)(?<!als_)(?<!das_)heute(?!_(?:als|ist|sind|bekannt|noch)\\b)",
        "(?:in_der_)?vorletzten?_woche (?:in_der_)?(?:letzten?|vorigen?|vergangenen?)_woche diese[rn]?_woche",
        "(?:im_)?vorletzten_monat (?:im_)?(?:letzten|vorigen|vergangenen)_monat diese[mn]_monat",
        "(?:im_)?vorletzte[ns]_jahr (?:im_|des_)?(?:letzte[ns]|vorige[ns]|vergangene[ns])_jahr(?:es)?"
        " (?:in_)?diese[ms]_jahr|(?<!tag_)heuer",
        "tage?n? wochen? monate?n? jahre?n?",
        "vor_{n}_{u}",
        "(?:in_den_|die_)?(?:letzten|vergangenen)_{n}_{u}",
        "ein(?:e[mnrs]?)? zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "(?:im|seit|bis|ende|anfang|mitte)_{m}",
    ),
    "nl": Spoken(
        "gisteren vandaag vorig afgelopen geleden dit_ deze_ laatste ervoor",
        "eergisteren gisteren vandaag",
        "(?!) (?:vorige|afgelopen)_week deze_week",
        "(?!) (?:vorige|afgelopen)_maand deze_maand",
        "(?!) (?:vorig|afgelopen)_jaar dit_jaar",
        "dag(?:en)? we(?:ek|ken) maand(?:en)? jaar",
        "{n}_{u}_geleden",
        "(?:de_)?(?:afgelopen|laatste)_{n}_{u}",
        "een twee drie vier vijf zes zeven acht negen tien",
        "(?:in|sinds|eind|begin)_{m}",
    ),
    "es": Spoken(
        "ayer anoche hoy pasad anterior antepasad esta_ este_ hace_ últim antier",
        "anteayer|antier|antes_de_ayer ayer|anoche (?<!dia_de_)hoy(?!_en_dia)",
        "(?:de_)?(?:la_)?semana_antepasada (?:de_)?(?:la_)?semana_pasada (?:de_)?esta_semana",
        "(?:del_|el_)?mes_antepasado (?:del_|el_)?mes_pasado (?:de_)?este_mes",
        "(?:del_|el_)?año_antepasado (?:del_|el_)?año_pasado (?:de_)?este_año",
        "d[ií]as? semanas? mes(?:es)? años?",
        "hace_{n}_{u}",
        "(?:en_)?(?:los_|las_)?(?:últim[oa]s_{n}|{n}_últim[oa]s)_{u}",
        "un[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "(?:en|desde|durante|hasta)_{m}",
        sure=r"¿|\b(?:que|quien\w*|cuando|cuant\w+|donde|como|el|los|las|del|por|fue|hubo|paso|hace|ultim\w+)\b",
    ),
    "pt": Spoken(
        "ontem hoje passad retrasad esta_ este_ há_ atrás últim",
        "anteontem ontem hoje(?!_em_dia)",
        "(?:na_)?semana_retrasada (?:na_|da_)?semana_passada (?:nesta|esta|desta)_semana",
        "(?:no_)?mês_retrasado (?:no_|do_)?mês_passado (?:neste|este|deste)_mês",
        "(?:no_)?ano_retrasado (?:no_|do_)?ano_passado (?:neste|este|deste)_ano",
        "dias? semanas? m[eê]s(?:es)? anos?",
        "há_{n}_{u}(?!_de)(?:_atrás)?|{n}_{u}_atrás",
        "(?:nos_|nas_|os_|as_)?(?:últim[oa]s_{n}|{n}_últim[oa]s)_{u}",
        "uma? d(?:oi|ua)s três quatro cinco seis sete oito nove dez",
        "(?:em|desde|durante|até)_{m}",
    ),
    "fr": Spoken(
        "hier aujourd derni passé cette_ ce_mois il_y_a",
        "avant-hier (?<!d')(?<!d’)hier(?:_soir)? aujourd['’]hui",
        "(?!) (?:de_)?la_semaine_(?:dernière|passée) (?:de_)?cette_semaine",
        "(?!) (?:le|du)_mois_(?:dernier|passé) (?:de_)?ce_mois(?:-ci)?",
        "(?!) (?:de_)?l['’]an(?:née)?_(?:derni(?:er|ère)|passée?) (?:de_)?cette_année",
        "jours? semaines? mois an(?:née)?s?",
        "il_y_a_{n}_{u}(?!_d[e'’]|_dans|_par)",
        "(?:ces_|les_|des_)?(?:{n}_derni(?:er|ère)s|derni(?:er|ère)s_{n})_{u}",
        "une? deux trois quatre cinq six sept huit neuf dix onze douze",
        "(?:en|depuis|fin|début|mi)[_-]{m}",
        sure=r"^(?!.*\b(?:wer|was|wie|wo|wat|het|ist|hat|und|hoe|wird|du hier)\b)"
        r".*(?:\b(?:que|qui|quoi|quand|combien|pourquoi|comment|les|une|ont|sont|avant|quel\w*|etait|aujourd)\b"
        r"|qu'|l['’]an|[sc]'est|il y a|\ben )",
    ),
    "it": Spoken(
        "ieri oggi scors passat quest _fa ultim",
        "l['’]altro_ieri|ieri_l['’]altro|avantieri ieri oggi",
        "(?!) (?:la_)?(?:settimana_(?:scorsa|passata)|scorsa_settimana) questa_settimana",
        "(?!) (?:il_|lo_|del_|dello_)?(?:mese_(?:scorso|passato)|scorso_mese) questo_mese",
        "(?!) (?:l['’]|lo_|dell['’]|dello_|nell['’]|nello_)?(?:anno_(?:scorso|passato)|scorso_anno) quest['’]anno",
        "giorn[oi] settiman[ae] mes[ei] ann[oi]",
        "{n}_{u}_fa",
        "(?:negli_|nelle_|gli_|le_)?ultim[ie]_{n}_{u}",
        "un[oa]? due tre quattro cinque sei sette otto nove dieci",
        "(?:in|a|da|nel)_{m}",
        sure=r"\b(?:che|chi|cosa|quant\w+|quando|dove|il|gli|del\w*|nel\w*|per|fa|scors\w+|ultim[ie])\b|quest'",
    ),
    "ro": Spoken(
        "ieri azi trecut precedent acest aceast acum ultim",
        "alaltăieri ieri (?:azi|astăzi)",
        "(?!) săptămâna_trecută săptămâna_aceasta",
        "(?!) luna_trecută luna_aceasta",
        "acum_doi_ani anul_trecut anul_acesta",
        "zi(?:le)? săptămân[iăa] lun[iăa] ani?",
        "acum_{n}_{u}",
        "(?:în_)?ultim(?:ele|ii)_{n}_{u}",
        "(?:un|o) do(?:i|uă) trei patru cinci șase șapte opt nouă zece",
        "(?:în|din)_{m}(?!_(?:mult|puțin|mare|mic|bun|rău))",
        sure=r"\b(?:ce|cine|cat[aeio]?|cand|unde|care|din|anul|luna|saptamana|acum|fost|au|ultim\w+)\b|s-a",
    ),
    "ru": Spoken(
        "вчера сегодня прошл минувш эт текущ нынешн назад последн",
        "позавчера вчера сегодня",
        "(?:на_)?позапрошл(?:ой|ую)_недел[еюи] (?:на_)?прошл(?:ой|ую|ая)_недел[еюия] (?:на_)?эт(?:ой|у)_недел[еюи]",
        "(?:в_)?позапрошл(?:ом|ого)_месяц[еа] (?:в_)?прошл(?:ом|ого|ый)_месяц[еа]? (?:в_)?этом_месяце",
        "(?:в_)?позапрошл(?:ом|ого)_год[уа] (?:в_)?(?:прошл|минувш)(?:ом|ем|ого|его|ый)_год[уа]?"
        " (?:в_)?(?:этом|текущем|нынешнем)_году",
        "д(?:ень|ня|ней) недел(?:[юияь]|ь) месяц(?:а|ев)? (?:год(?:а)?|лет)",
        "{n}_{u}_(?:тому_)?назад|(?:год|месяц|неделю|день)_назад",
        "(?:за_|в_)?последн(?:ие|их|ий)_{n}_{u}",
        "один|одну дв[ае] три четыре пять шесть семь восемь девять десять",
        "(?:в|с|до|за)_{m}",
    ),
    "uk": Spoken(
        "вчора учора сьогодні минул торік цього цьому тому останні",
        "позавчора [ув]чора сьогодні",
        "(?:на_)?позаминулого_тижня (?:на_)?минулого_тижня|(?:на_)?минулому_тижні (?:на_)?цього_тижня|на_цьому_тижні",
        "позаминулого_місяця минулого_місяця|[ув]_минулому_місяці цього_місяця",
        "позаминулого_року минулого_року|[ув]_минулому_році|торік цього_року|[ув]_цьому_році",
        "д(?:ень|ні|нів) тиж(?:день|ні|нів) місяц(?:ь|і|ів) (?:рік|роки|років)",
        "{n}_{u}_тому|(?:рік|місяць|тиждень|день)_тому",
        "(?:за_)?останні(?:х)?_{n}_{u}",
        "один дв[аі] три чотири п['’]ять шість сім вісім дев['’]ять десять",
        "[ув]_{m}",
    ),
    "pl": Spoken(
        "wczoraj dzi zeszł ubiegł tym_ temu ostatni",
        "przedwczoraj wczoraj (?:dzisiaj|dziś)",
        "(?!) (?:w_)?(?:zeszłym|ubiegłym)_tygodniu (?:w_)?tym_tygodniu",
        "(?!) (?:w_)?(?:zeszłym|ubiegłym)_miesiącu (?:w_)?tym_miesiącu",
        "(?:w_)?przedostatnim_roku (?:w_)?(?:zeszłym|ubiegłym)_roku|zeszłego_roku|ubiegłego_roku (?:w_)?tym_roku",
        "d(?:zień|ni) tygod(?:nie|ni|zień|niu) miesi[ąę]c[eyu]? (?:rok|lata|lat)",
        "{n}_{u}_temu|(?:rok|miesiąc|tydzień)_temu",
        "(?:w_)?(?:ciągu_)?ostatnich_{n}_{u}",
        "jeden dw(?:a|ie) trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
        "w_{m}",
    ),
    "tr": Spoken(
        "dün gün geçen evvel önce bu_ son_",
        "(?:evvelsi|önceki)_gün (?<!\\w)dün(?!ya) bugün",
        "evvelki_hafta geçen_hafta bu_hafta",
        "evvelki_ay geçen_ay bu_ay",
        "(?:evvelki|önceki)_(?:yıl|sene) geçen_(?:yıl|sene) bu_(?:yıl|sene)",
        "gün hafta ay (?:yıl|sene)",
        "{n}_{u}_önce",
        "son_{n}_{u}",
        "bir iki üç dört beş altı yedi sekiz dokuz on",
        "{m}'?[td][ae](?:ki)?",
        sure=r"\b(?:ne|kim\w*|kac|nerede|nasil|hangi|oldu|var|mi|bir|ve|kadar|gecen|once|son|bu|yil\w*)\b",
    ),
    "el": Spoken(
        "χθ χτ σήμερα περασμέν προηγούμεν πρόπερσι πέρσι πέρυσι φέτος αυτή πριν τελευταί",
        "προ[χκ]?θές|προχτές χ[θτ]ες σήμερα",
        "(?!) (?:την_)?(?:περασμένη|προηγούμενη)_εβδομάδα αυτή_την_εβδομάδα",
        "(?!) (?:τον_)?(?:περασμένο|προηγούμενο)_μήνα αυτόν?_τον_μήνα",
        "πρόπερσι πέρυ?σι|(?:τον_)?(?:περασμένο|προηγούμενο)_χρόνο|(?:το_)?προηγούμενο_έτος φέτος",
        "η?μέρ(?:α|ες) εβδομάδ(?:α|ες) μήν(?:α|ες) (?:χρόν(?:ο|ια)|έτ(?:ος|η))",
        "πριν_(?:από_)?{n}_{u}",
        "(?:τ(?:ις|ους|α)_)?τελευταί(?:ες|ους|α)_{n}_{u}",
        "ένα[ν]? δύο τρ(?:εις|ία) τέσσερ(?:ις|α) πέντε έξι επτά|εφτά οκτώ|οχτώ εννέα|εννιά δέκα",
        "(?:τον|το)_{m}",
    ),
    "vi": Spoken(
        "hôm qua trước rồi này nay kia ngoái cách_đây",
        "hôm_kia (?:ngày_)?hôm_qua|(?:tối|đêm)_qua (?:ngày_)?hôm_nay",
        "(?!) tuần_(?:trước|rồi|vừa_rồi|vừa_qua) tuần_này",
        "(?!) tháng_(?:trước|rồi|vừa_rồi|vừa_qua) tháng_này",
        "năm_kia|năm_trước_nữa năm_(?:ngoái|trước|rồi|vừa_rồi|vừa_qua) năm_nay",
        "(?:ngày|hôm) tuần tháng năm",
        "{n}_{u}_trước(?=_?[?,.!]|$|_(?:ai|đã|có|ở|tại|thì|xảy|là))|cách_đây_{n}_{u}",
        "(?:trong_)?{n}_{u}_(?:vừa_)?qua",
        "một hai ba bốn năm sáu bảy tám chín mười",
        "(?:vào_|trong_|hồi_)?tháng_{m}(?!\\s*[/-]?\\d|\\s*năm_\\d)",
        many="nhiêu vài mấy triệu nghìn ngàn trăm chục nhiều những các mười",
    ),
    "id": Spoken(
        "kemarin hari_ini lalu _ini terakhir tadi_malam",
        "kemarin_(?:lusa|dulu) (?<!tahun_)(?<!bulan_)(?<!minggu_)kemarin|tadi_malam hari_ini",
        "(?!) minggu_(?:lalu|kemarin) minggu_ini",
        "(?!) bulan_(?:lalu|kemarin) bulan_ini",
        "(?!) tahun_(?:lalu|kemarin) tahun_ini",
        "hari minggu bulan tahun",
        "{n}_{u}_(?:yang_)?lalu",
        "{n}_{u}_terakhir",
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "(?:pada|bulan|di)_{m}",
        many="berapa beberapa ribu juta puluh ratus belas",
    ),
    "ar": Spoken(
        "أمس بارحة اليوم ماضي فائت هذا هذه حالي قبل منذ",
        "أول_(?:من_)?أمس|أمس_الأول (?<!أول_)(?:ال)?(?:أمس|بارحة)(?!_الأول) (?<!في_)(?<!إلى_)(?<!عليه_)اليوم(?=_?؟|$)",
        "الأسبوع_قبل_الماضي (?:في_)?الأسبوع_الماضي هذا_الأسبوع",
        "الشهر_قبل_الماضي (?:في_)?الشهر_(?:الماضي|الفائت) هذا_الشهر",
        "(?:العام|السنة)_قبل_الماضية? (?:في_)?(?:العام_(?:الماضي|الفائت)|السنة_(?:الماضية|الفائتة))"
        " (?:في_)?(?:هذا_العام|هذه_السنة|العام_الحالي)",
        "(?:أيام|يوما?) (?:أسابيع|أسبوعا?) (?:أشهر|شهور|شهرا?) (?:سنوات|سنين|سنة|أعوام|عاما?)",
        "(?:قبل|منذ)_{n}_{u}|(?:قبل|منذ)_(?:يوم|أسبوع|شهر|سنة|عام|يومين|أسبوعين|شهرين|سنتين|عامين)(?=_?[؟?.،,]|_?$)",
        "(?:خلال_|في_)?(?:ال)?{n}_{u}_(?:الماضية|الأخيرة)|(?:خلال_|في_)?(?:ال)?{u}_(?:ال)?{n}_(?:الماضية|الأخيرة)"
        "|(?:خلال_|في_)?ال{u}_(?:الماضي|الأخير)ت?ين",
        "واحدة? اثن(?:ين|تين) ثلاثة? أربعة? خمسة? ستة? سبعة? ثماني?ة? تسعة? عشرة?",
        "(?:في|منذ|خلال)_(?:شهر_)?{m}",
        "يومين أسبوعين شهرين سنتين|عامين",
    ),
    "hi": Spoken(
        "परसों कल आज पिछले गत बीते इस पहले",
        "परसों कल आज(?!_भी|_तक)",
        "(?!) (?:पिछले|गत|बीते)_(?:हफ्ते|हफ़्ते|सप्ताह) इस_(?:हफ्ते|हफ़्ते|सप्ताह)",
        "(?!) (?:पिछले|गत|बीते)_(?:महीने|माह) इस_(?:महीने|माह)",
        "(?!) (?:पिछले|गत|बीते)_(?:साल|वर्ष) इस_(?:साल|वर्ष)",
        "दिन(?:ों)? (?:हफ्त(?:े|ों)|हफ़्त(?:े|ों)|सप्ताह) (?:महीन(?:े|ा|ों)|माह) (?:साल(?:ों)?|वर्ष(?:ों)?)",
        "{n}_{u}_पहले",
        "(?:पिछले|गत|बीते)_{n}_{u}",
        "एक दो तीन चार पा[ंँ]च छ[हः] सात आठ नौ दस",
        "{m}(?=_में)",
    ),
    "th": Spoken(
        "เมื่อ วันนี้ แล้ว ก่อน กลาย นี้ ผ่านมา",
        "เมื่อวานซืน(?:นี้)? เมื่อวาน(?!ซืน)(?:นี้)?|เมื่อคืน(?:นี้)? วันนี้",
        "(?!) (?:สัปดาห์|อาทิตย์)(?:ที่แล้ว|ก่อน) (?:สัปดาห์|อาทิตย์)นี้",
        "(?!) เดือน(?:ที่แล้ว|ก่อน) เดือนนี้",
        "(?!) ปี(?:ที่แล้ว|ก่อน(?!คริสต)|กลาย) ปีนี้",
        "วัน (?:สัปดาห์|อาทิตย์) เดือน ปี",
        "(?:เมื่อ_?)?(?<!\\d){n}_?{u}(?:ที่แล้ว|ก่อน(?!คริสต))",
        "(?:ใน)?{n}_?{u}ที่ผ่านมา",
        "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ",
        many="กี่ หลาย",
    ),
    "ko": Spoken(
        "제 어젯 지난 저번 이번 오늘 재작년 작년 올해 금년 전 최근",
        "그저께|그제(?!서야) 어제|어젯밤|지난밤 오늘(?!날)",
        "지지난_?주 (?:지난|저번)_?주(?=에|의|는|부터|까지|[^가-힣]|$) 이번_?주(?=에|의|는|[^가-힣]|$)",
        "지지난_?달 (?:지난|저번)_?달 이번_?달",
        "재작년 작년|지난_?해 올해|금년",
        "(?:일|날) 주 (?:개_?월|달) (?:년|해)",
        "(?:{n}_{u}|{n}(?<=[0-9]){u})_?전(?=에|의|부터|까지|[^가-힣]|$)",
        "(?:최근|지난)_{n}_?{u}(?:_?간)?",
        "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열",
    ),
}  # fmt: skip
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
"""Vietnamese is read with its accents: without them thắng and tháng, Nam and năm are one."""
_ALPHABETIC = re.compile("[a-z\u0370-\u1fff\uac00-\ud7a3]")
_NUMBERED = [str(month) for month in range(12, 0, -1)]
"""Months that have no names, the long ones first."""
_UNITS = ("day", "week", "month", "year")


def spoken_mentions(question: str, folded: str, today: date) -> Iterator[Mention]:
    """Find words that count from today; `folded` is the folded question, its characters where they were."""
    for language, spoken, text in _read_in(question, folded):
        if any(cue in text for cue in _words(spoken.cues, language)):
            for mention in relative_mentions(_rules(language), text, today):
                if not ending(_many(language), text, mention.span[0]):
                    yield mention


def spoken_months(question: str, folded: str) -> Iterator[Mention]:
    """Find months behind a word that says when: `im Juli`."""
    for language, spoken, text in _read_in(question, folded):
        if spoken.month and any(name in text for name in _months(language)):
            for match in _month(language).finditer(text):
                yield Mention(match.span(), partial(_month_of, match, language=language), YEAR)


def _read_in(question: str, folded: str) -> Iterator[tuple[str, Spoken, str]]:
    """Yield the languages that a question may be in, each with the text to look at."""
    for language, spoken in _SPOKEN.items() if _ALPHABETIC.search(folded) else ():
        if language == "vi":
            if _VIETNAMESE.search(question):
                yield language, spoken, "".join(low if len(low := each.lower()) == 1 else each for each in question)
        elif re.search(spoken.sure, folded):
            yield language, spoken, folded


def _month_of(match: Match, year: Period, *, language: str) -> Period:
    written = match["month"]
    number = int(written) if written.isdecimal() else _months(language).index(written) % 12 + 1
    return month_of(year.first.year, number)


def _away(_: Match, today: date, *, unit: str, number: int) -> Period:
    return containing(back(today, number, unit), unit)


def _ago(match: Match, today: date, *, language: str) -> Period:
    number, unit = _number_and_unit(match, language)
    return containing(back(today, number, unit), unit)


def _past(match: Match, today: date, *, language: str) -> Period:
    return Period(back(today, *_number_and_unit(match, language)), today)


def _number_and_unit(match: Match, language: str) -> tuple[int, str]:
    spoken = _SPOKEN[language]
    groups = {name[0]: words for name, words in match.groupdict().items() if words}
    said, written = [groups["u"]] if "u" in groups else match.group().split(), groups.get("n")
    for forms, number in ((_words(spoken.two, language), 2), (_words(spoken.units, language), 1)):
        for unit, form in zip(_UNITS, forms, strict=False):
            if any(re.fullmatch(form, each) for each in said):
                return (number if written is None else _number(written, language)), unit
    raise ValueError(f"{match.group()} has no unit of time")


def _number(written: str, language: str) -> int:
    words = _words(_SPOKEN[language].numbers, language)
    number = next((at for at, word in enumerate(words, 1) if re.fullmatch(word, written)), None)
    return counted(number or int(written), written)


_OF_ANOTHER = r"(?! (?:del?|des|der|di|du|von|van|do|da|d['’]|жизни|его|ее|sein|ihr|su\b|sa\b|son\b))"
"""The last three years of a life, or of a republic, count from its end."""


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    spoken, rules = _SPOKEN[language], list[Rule]()
    for unit, said in zip(_UNITS, (spoken.days, spoken.weeks, spoken.months, spoken.years), strict=True):
        for number, words in zip((2, 1, 0), _words(said, language), strict=True):
            rules.append((_pattern(words, language), partial(_away, unit=unit, number=number)))
    options = {
        "u": "|".join([*_words(spoken.units, language), *_words(spoken.two, language)]),
        "n": "|".join([r"\d{1,3}", *_words(spoken.numbers, language)]),
    }
    places = count()
    for said, read in ((spoken.ago, _ago), (spoken.past, _past)):
        words = re.sub(
            r"\{([nu])\}", lambda place: f"(?P<{place[1]}{next(places)}>{options[place[1]]})", _folded(said, language)
        )  # a group may have a name once
        words = words if read is _ago else f"(?:{words}){_OF_ANOTHER}"
        rules.append((_pattern(words, language), partial(read, language=language)))
    return tuple(rules)


@cache
def _many(language: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join([r'[0-9]', *_words(_SPOKEN[language].many, language)])}) ?$")


@cache
def _month(language: str) -> re.Pattern[str]:
    name = f"(?P<month>{'|'.join(_months(language))})"
    return _pattern(_folded(_SPOKEN[language].month, language).replace("{m}", name), language)


@cache
def _months(language: str) -> tuple[str, ...]:
    return tuple(_folded(name, language) for name in MONTHS_OF.get(language, _NUMBERED))


@cache
def _words(patterns: str, language: str) -> tuple[str, ...]:
    return tuple(_folded(pattern, language) for pattern in patterns.split())


def _folded(pattern: str, language: str) -> str:
    spaced = pattern.replace("_", " ")
    return spaced if language == "vi" else fold_aligned(spaced)


_EDGES = {
    "th": ("", ""),
    "ko": ("(?<![가-힣])", ""),
    "hi": (r"(?<![\w\u0900-\u097f])", r"(?![\w\u0900-\u097f])"),  # its vowel signs are no letters to `re`
}
"""What stands before and behind a word: Thai has no spaces, Korean an ending right behind it."""


def _pattern(words: str, language: str) -> re.Pattern[str]:
    before, behind = _EDGES.get(language, (r"(?<!\w)", r"(?!-?\w)"))
    return re.compile(f"{before}(?:{words}){behind}")
