"""Builds articles as somebody's copy of them: the day of the copy stands somewhere, in some words, in some notation."""

from collections.abc import Callable, Mapping
from random import Random

TITLE = "青石廊桥下月封闭维修"
STORY = (
    "青石镇政府昨天宣布，连接镇区与东岭村的廊桥将在下月初封闭施工，工期约四十天，其间行人可从下游的临时浮桥通过。",
    "镇建设办负责人褚云河介绍，廊桥建成已有三十二年，去年汛期之后检测出两处桥墩冲刷较深，继续使用存在隐患。",
    "按照计划，施工队先加固三号和四号桥墩，再更换破损的杉木桥板，桥上的六间老铺子会原样保留。",
    "东岭村有一百四十多名学生每天过桥上学。镇里为他们安排了两辆摆渡车，早晚各跑三趟，不收车费。",
    "镇政府同时提醒，施工期间浮桥限重两吨，货车须绕行北面的县道，绕行距离约十一公里。",
)
MENU = '<div class="nav"><a href="/">首页</a><a href="/gn">国内</a><a href="/gj">国际</a><a href="/cj">财经</a></div>'
FOOT = '<div class="foot"><a href="#">关于我们</a> | <a href="#">联系我们</a><br>Copyright © 云岭传媒 版权所有</div>'
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
TEXT = "\n".join(STORY)

# The words beside the day of a copy, by language: with what may stand behind them, and notations of 28 November 2026.
HANDLED: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "Chinese": (
        (
            "采集时间 抓取时间 爬取时间 打印时间 浏览时间 您的浏览时间 访问时间 查看时间 保存时间 保存日期 快照时间 网页快照 百度快照"
            " 导出时间 导出日期 导入时间 入库时间 收录时间 收藏时间 下载时间 存档时间 归档时间 备份时间 缓存时间 截图时间 剪藏时间"
            " 摘录时间 转存时间 生成时间 创建时间 新建时间 获取时间 检索时间 查询时间 登录时间 当前时间 系统时间 服务器时间 数据更新时间"
            " 页面更新时间 首次采集时间 最后抓取 網頁快照 擷取時間 列印時間 瀏覽時間 儲存時間 匯出時間 建立時間 下載日期"
        ),
        ("：", ":", " ： ", "】", ""),
        (
            "2026-11-28 07:31:02",
            "2026/11/28 07:31",
            "2026年11月28日",
            "2026.11.28",
            "二〇二六年十一月二十八日",
            "2026-11-28T07:31:00Z",
        ),
    ),
    "Chinese without a colon": (
        (
            "保存于 收藏于 剪藏于 采集于 抓取于 导出于 打印于 下载于 存档于 归档于 浏览于 摘录于 快照 网页快照 采集 抓取 已保存 存档 备份"
            " 截图 导出自_云笔记 剪藏自_微信公众号 保存自_某网 收藏自_今日头条 转存自_网盘 由云笔记剪藏于 我的收藏夹 稍后读 今天是 现在是 截至"
        ),
        (" ", "\u3000", ""),
        ("2026-11-28 07:31", "2026-11-28", "2026/11/28", "2026年11月28日 07:31"),
    ),
    "English": (
        (
            "Saved Saved_on Printed Printed_on Print_date Archived Archived_on Retrieved Retrieved_on Accessed Date_accessed Access_date"
            " Exported Exported_on Downloaded_on Crawled_at Crawl_date Scraped_at Fetched Captured_on Clipped Clipped_on Snapshot_taken"
            " Cached Viewed Last_visited Last_checked Created Created_on Generated_on Imported Bookmarked Screenshot As_of Backup Synced"
            " Archived_from_the_original_on Retrieved_from_the_Wayback_Machine_on Page_saved_with_SingleFile Web_clipping Today_is"
            " Exported_from_Evernote_on Saved_from_paper.example_at WARC-Date Crawl-Date"
        ),
        (": ", " "),
        (
            *(
                "2026-11-28 07:31",
                "28 November 2026",
                "November 28, 2026, 7:31 AM",
                "Nov 28, 2026",
                "Saturday, November 28, 2026",
            ),
            *("Sat, 28 Nov 2026 07:31:00 GMT", "Sat Nov 28 2026 07:31:00 GMT+0800"),
        ),
    ),
    "German": (
        (
            "Gespeichert_am Abgerufen_am Gedruckt_am Ausgedruckt_am Archiviert_am Exportiert_am Zuletzt_besucht_am Heruntergeladen_am"
            " Druckdatum Abrufdatum Aufgerufen_am Erstellt_am"
        ),
        (": ", " "),
        ("28. November 2026", "28.11.2026, 07:31 Uhr", "2026-11-28"),
    ),
    "French": (
        "Enregistré_le Consulté_le Imprimé_le Archivé_le Exporté_le Téléchargé_le Page_consultée_le Date_de_consultation Capturé_le",
        (" ", " : "),
        ("28 novembre 2026", "28 novembre 2026 à 07:31", "28/11/2026"),
    ),
    "Spanish": (
        "Guardado_el Consultado_el Impreso_el Archivado_el Exportado_el Descargado_el Fecha_de_consulta Fecha_de_acceso Capturado_el",
        (" ", ": "),
        ("28 de noviembre de 2026", "28/11/2026 07:31", "2026-11-28"),
    ),
    "Russian": (
        "Сохранено Дата_обращения Распечатано Архивировано Экспортировано Загружено Дата_печати Дата_сохранения Скачано Просмотрено",
        (": ", " "),
        ("28 ноября 2026", "28.11.2026 07:31", "2026-11-28"),
    ),
    "Japanese": (
        (
            "保存日時 取得日 取得日時 印刷日 印刷日時 閲覧日 アクセス日 アーカイブ日時 収集日 スクレイピング日時 ダウンロード日 エクスポート日時"
            " クリップ日 キャッシュ取得日 最終閲覧日"
        ),
        ("：", " "),
        ("2026年11月28日", "2026年11月28日 7時31分", "2026/11/28 07:31", "令和8年11月28日"),
    ),
    "Korean": (
        "저장일 저장_일시 수집일 수집_일시 인쇄일 출력일시 접속일 접속_시간 캡처_날짜 스크랩_날짜 내보낸_날짜 다운로드_날짜 열람일 보관일",
        (": ", " "),
        ("2026년 11월 28일", "2026.11.28 07:31", "2026-11-28 07:31:02"),
    ),
}
# Labels of publication, and other words that may stand before its day, 6 May 2023.
PUBLISHED: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "Chinese": (
        (
            "发布时间 发表时间 发布日期 刊发时间 发稿时间 时间 日期 發布時間 發佈日期 刊登日期 发布 上传时间 录入时间 公告日期 见报日期 新闻时间"
            " 添加时间 文章日期"
        ),
        ("：", ":", " ： "),
        ("2023-05-06 07:31:02", "2023/05/06 07:31", "2023年5月6日", "2023.05.06", "2023-05-06T07:31:00Z"),
    ),
    "Chinese without a colon": (
        "发布于 发表于 发布时间 岭南晨刊 来源：岭南晨刊 作者：贺某萍 岭南晨刊_贺某萍 星期六 渭南发布 廊桥旧事",
        (" ",),
        ("2023-05-06 07:31:02", "2023/05/06 07:31", "2023年5月6日 07:31"),
    ),
    "English": (
        (
            "Published: Published_on Posted_on First_published: Publication_date: Date: Published First_published_on Published_online:"
            " First_Online: By_Jane_Smith, By_Jane_Smith_on Jane_Smith Clearbrook_News Saturday, Reuters"
        ),
        (" ",),
        (
            "2023-05-06 07:31",
            "6 May 2023",
            "May 6, 2023, 7:31 AM",
            "Sat, 6 May 2023 07:31:00 GMT",
            "Saturday, May 6, 2023",
        ),
    ),
    "German": ("Veröffentlicht_am Erschienen_am Datum:", (" ",), ("6. Mai 2023", "06.05.2023, 07:31 Uhr")),
    "French": ("Publié_le Mis_en_ligne_le Date_de_publication_:", (" ",), ("6 mai 2023", "6 mai 2023 à 07:31")),
    "Spanish": ("Publicado_el Fecha_de_publicación:", (" ",), ("6 de mayo de 2023", "2023-05-06")),
    "Russian": ("Опубликовано Дата_публикации:", (" ",), ("6 мая 2023", "06.05.2023")),
    "Japanese": ("公開日： 掲載日 配信日時：", (" ",), ("2023年5月6日", "2023/05/06 07:31")),
    "Korean": ("입력 등록 게재일: 기사입력 승인", (" ",), ("2023년 5월 6일", "2023.05.06 07:31")),
}
# Words that no list holds: what reads as a label is one, whatever it means.
_VERBS = "腾挪搬运誊抄囤储扒取捞取留存沉淀归集派发签收挂起登记建档装订翻拍盖章流转送达核验"


def labelled(table: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]]) -> list[tuple[str, str]]:
    """Give each label of a table with what stands behind it, and a day: every label, with separators and days in turn."""
    made: list[tuple[str, str]] = []
    for labels, separators, days in table.values():
        for label in labels.split():
            for turn, separator in enumerate(separators):
                day = days[(len(made) + turn) % len(days)]
                made.append((("【" if separator == "】" else "") + label.replace("_", " ") + separator, day))
    return made


def unheard_of(count: int) -> list[tuple[str, str]]:
    """Invent labels, as nobody has written them yet, each with a day."""
    random = Random(7)
    days = ("2026-11-28 07:31:02", "2026/11/28 07:31", "2026年11月28日", "2026.11.28")
    made = []
    for _ in range(count):
        verb = "".join(random.choice(_VERBS) for _ in range(random.randint(2, 4)))
        made.append(
            (verb + random.choice(("时间：", "日期：", "：", "于", "于 ", "时间 ", "日期 ")), random.choice(days))
        )
        word = "".join(random.choice(("zor", "gle", "bam", "tri", "quen", "del")) for _ in range(random.randint(2, 3)))
        made.append(
            (word.capitalize() + random.choice((": ", "ed on ", "ed at ", "ed: ", " date: ")), "28 November 2026")
        )
    return made


def page(*, head: str = "", foot: str = "", meta: str = "", top: str = "", story: str = PARAGRAPHS) -> str:
    """Write a page, with something in one of its places."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}</title>{meta}</head><body>{top}{MENU}'
        f'<h1>{TITLE}</h1>{head}<div class="content">{story}</div>{foot}{FOOT}</body></html>'
    )


Place = Callable[[str, str], tuple[str, str]]
PLACES: Mapping[str, Place] = {
    "head": lambda label, day: ("a.html", page(head=f'<div class="info">{label}{day}</div>')),
    "beside the outlet": lambda label, day: (
        "a.html",
        page(head=f"<p><span>来源：岭南晨刊</span> <span>{label}{day}</span></p>"),
    ),
    "foot": lambda label, day: ("a.html", page(foot=f'<div class="info">{label}{day}</div>')),
    "top of the page": lambda label, day: ("a.html", page(top=f"<div>{label}{day}</div>")),
    "first paragraph": lambda label, day: ("a.html", page(story=f"<p>{label}{day}</p>{PARAGRAPHS}")),
    "last paragraph": lambda label, day: ("a.html", page(story=f"{PARAGRAPHS}<p>{label}{day}</p>")),
    "row": lambda label, day: ("a.html", page(head=f"<table><tr><td>{label}</td><td>{day}</td></tr></table>")),
    "spans": lambda label, day: ("a.html", page(head=f'<p><span>{label}</span><span class="t">{day}</span></p>')),
    "text, head": lambda label, day: ("a.txt", f"{TITLE}\n{label}{day}\n来源：岭南晨刊\n\n{TEXT}\n"),
    "text, head alone": lambda label, day: ("a.txt", f"{TITLE}\n{label}{day}\n\n{TEXT}\n"),
    "text, first line": lambda label, day: ("a.txt", f"{label}{day}\n{TITLE}\n\n{TEXT}\n"),
    "text, foot": lambda label, day: ("a.txt", f"{TITLE}\n\n{TEXT}\n{label}{day}\n"),
    "text, behind the last sentence": lambda label, day: ("a.txt", f"{TITLE}\n\n{TEXT}（{label}{day}）\n"),
    "Markdown, head": lambda label, day: ("a.md", f"# {TITLE}\n\n> {label}{day}\n\n" + "\n\n".join(STORY)),
    "Markdown, foot": lambda label, day: ("a.md", f"# {TITLE}\n\n" + "\n\n".join(STORY) + f"\n\n---\n*{label}{day}*\n"),
    "text, with a day that has no year": lambda label, day: (
        "a.txt",
        f"{TITLE}\n5月6日 14:07 岭南晨刊\n\n{TEXT}\n{label}{day}\n",
    ),
}
# Where a label stands by itself, or in front of an element: only labels that are known, or end as labels do, are known there.
APART: Mapping[str, Place] = {
    "list": lambda label, day: ("a.html", page(head=f"<dl><dt>{label}</dt><dd>{day}</dd></dl>")),
    "time element": lambda label, day: (
        "a.html",
        page(head=f'<p>{label}<time datetime="2026-11-28T07:31:00Z">{day}</time></p>'),
    ),
}
