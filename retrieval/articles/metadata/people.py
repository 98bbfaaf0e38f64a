"""Names of people in bylines: Chinese, Japanese and Western, freed of roles and offices."""

import re

from retrieval.text.characters import even

# The commonest surnames, which cover well over nine tenths of the people of China.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时"
    "穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩"
    "明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰"
)
_COMPOUND = re.compile("(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|端木|司徒|夏侯|南宫|闻人)")
_ROLE = re.compile(
    r"(?:本报|本网|本台|本刊|本站|新华社|特约|首席|见习|实习|驻\S{1,6}?|全媒体|融媒体?|高级|通讯|\s)*"
    r"(?:记者|通讯员|实习生|特派员|评论员|撰稿人|编辑|作者|摄影|摄|撰文|供稿|报道|采写|整理|编译|翻译|(?:写真)?報道|筆者|報告)"
)
_SPLIT = re.compile(
    r"[\s、,;/&|·]*(?:[\s、,;/&|]|\band\b|\bund\b|\bet\b|\by\b)[\s、,;/&|]*|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])"
)
_HAN = re.compile(r"[\u3400-\u9fff々ヶ]+")
_TRANSLITERATED = re.compile(r"[\u3400-\u9fff\u30a1-\u30ff]{1,8}(?:[·・•][\u3400-\u9fff\u30a1-\u30ffA-Z.]{1,8}){1,3}")
_KANA_NAME = re.compile(r"[\u3400-\u9fff々\u3041-\u30ff]{2,8}")
_WESTERN = re.compile(
    r"[A-Z\u00c0-\u00de][\w'’.-]*(?:\s(?:de|van|von|der|la|bin|al-)|\s[A-Z\u00c0-\u00de][\w'’.-]*){0,4}"
)
_DESK = re.compile(r"[\u3400-\u9fff]{1,8}(?:部|支局|総局|局|班|室)[・·]")
_OFFICE = re.compile(
    r"^.*(?:部|局|委|院|会|台|社|报|网|厅|处|中心|办|办公室|校|学|公司|站|政府|队|所|科|司|馆|团|市|县|区|镇|乡|村|街道|省)(?=[^部局]{2,4}$)"
)


def is_name(word: str) -> bool:
    """Tell whether a word looks like a name by itself: a Chinese one with a known surname, or a Western one."""
    written = even(word)
    if _HAN.fullmatch(written):
        return _is_chinese_name(written)
    return bool(_TRANSLITERATED.fullmatch(written) or (" " in word and _WESTERN.fullmatch(word)))


def read_names(text: str, *, declared: bool = False) -> tuple[str, ...]:
    """Read a list of people.

    `declared` tells that a label such as 作者 stands before it: then any short word can be a pen name. Returns nothing
    when a part cannot be a name, for then the text is not a list of people.
    """
    text = re.sub(r"^(?:[Bb]y|文|撰文)\s+|^BY\s+", "", text.strip(" \t()[]【】<>《》.。|"))
    desk = _DESK.match(text)
    if desk:
        text, declared = text[desk.end() :], True
    parts = [part for part in _parts(text) if part]
    names = [_name(part, declared=declared) for part in parts]
    if not names or None in names:
        return ()
    return tuple(dict.fromkeys(name for name in names if name))


def _parts(text: str) -> list[str]:
    if _WESTERN.match(text):
        return [part.strip() for part in re.split(r"\s*(?:,|;|/|&|\||\band\b|、)\s*", text)]
    folded = _ROLE.sub(lambda match: " " * len(match[0]), even(text))
    kept = "".join(old if new != " " else " " for old, new in zip(text, folded, strict=True))
    return [part for part in _SPLIT.split(kept) if part]


def _name(part: str, *, declared: bool) -> str | None:
    """Return the name in a part, empty for an office without one, None for what is neither."""
    if is_name(part):
        return part
    office = _OFFICE.match(even(part))
    if office:
        rest = part[office.end() :]
        return rest if _is_chinese_name(even(rest)) else ""
    if not declared:
        return "" if _OFFICE.match(even(part) + "某某") else None
    written = even(part)
    if _is_office(written):
        return ""
    fits = _KANA_NAME.fullmatch(written) or _TRANSLITERATED.fullmatch(written) or _WESTERN.fullmatch(part)
    return part if fits and len(part) <= 40 else None


def _is_office(written: str) -> bool:
    return _OFFICE.match(written + "某某") is not None and len(written) > 3


def _is_chinese_name(written: str) -> bool:
    if _COMPOUND.match(written):
        return 3 <= len(written) <= 4
    return 2 <= len(written) <= 3 and written[0] in _SURNAMES
