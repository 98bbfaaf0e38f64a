"""Pages as sites print them, of invented content, with what a careful reader takes from each."""

from dataclasses import dataclass
from textwrap import dedent

from retrieval.values import PublishedFrom

HANS = (
    "清溪县图书馆昨日宣布，从下月起周末开放时间延长两小时，晚上九点闭馆。",
    "馆长林小雨介绍，去年到馆读者达三十一万人次，其中四成在周末。“很多家长希望晚一点走。”她说。",
    "图书馆还将新设一间儿童阅览室，藏书八千册，预计六月对外开放。",
    "读者可凭身份证入馆，无需预约；团体参观请提前三天致电服务台登记。",
)
HANT = (
    "清溪市政府昨日宣布，公車票價明年起調整為二十元，學生票維持不變。",
    "交通局長何山表示，這是十二年來首次調漲，增加的收入將用來更換電動公車。",
    "市民王太太說：「希望班次能多一點，尤其是上下班時間。」",
    "調整案將送市議會審議，最快三月實施。",
)
ENGLISH = (
    "The public library in Clearbrook will stay open two hours longer at weekends from next month, it said on Thursday.",
    "“Many parents told us they would like to stay later,” said the librarian, Rose Lin. “So we asked the council.”",
    "A reading room for children with 8,000 books is to open in June, next to the old post office.",
)
JAPANESE = (
    "清渓町の図書館は十四日、週末の開館時間を二時間のばし、午後九時までとすると発表した。",
    "館長の林さんは「もっと遅くまでいたいという声が多かった」と話している。",
    "六月には子ども向けの閲覧室も開く予定で、八千冊をそろえるという。",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, the encoding it is saved in, and what is expected of it; `around` may stay beside the body."""

    name: str
    markup: str
    body: tuple[str, ...]
    codec: str = "utf-8"
    around: tuple[str, ...] = ()
    title: str | None = None
    source: str | None = None
    site: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    url: str | None = None


def paragraphs(lines: tuple[str, ...], tag: str = "p", indent: str = "") -> str:
    return "\n".join(f"<{tag}>{indent}{line}</{tag}>" for line in lines)


MENU = "".join(
    f'<li><a href="/{number}/">{name}</a></li>'
    for number, name in enumerate(
        ["首页", "要闻", "时政", "社会", "财经", "教育", "文化", "体育", "图片", "视频", "专题", "评论", "论坛", "博客"]
    )
)
RELATED = "".join(
    f'<li><a href="/n/{number}.html">{name}</a></li>'
    for number, name in enumerate(
        [
            "清溪县举行春季植树活动 三百名志愿者参加",
            "记者探访清溪夜市：小摊背后的大生意，你去过吗？",
            "全县中小学运动会开幕，一千二百名选手参赛",
            "清溪至白石公路通车，行车时间缩短一半。",
        ]
    )
)

PAGES = [
    Page(
        "portal",
        dedent(f"""\
        <!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
        <title>清溪县图书馆周末开放时间延长_社会新闻_清溪网</title>
        <meta property="og:title" content="清溪县图书馆周末开放时间延长">
        <meta property="og:site_name" content="清溪网">
        <meta property="article:published_time" content="2022-04-14T17:37:00+08:00">
        <meta name="author" content="何山">
        <link rel="canonical" href="https://news.qingxi.example/2022/0414/7.html">
        </head><body><ul class="nav">{MENU}</ul>
        <div class="main"><h1>清溪县图书馆周末开放时间延长</h1>
        <div class="info"><span>2022-04-14 17:37:00</span> 来源：<a href="/">清溪日报</a> 作者：何山</div>
        <div class="content">{paragraphs(HANS, indent="　　")}</div>
        <div class="editor">（责任编辑：白石）</div></div>
        <div class="related"><h3>相关新闻</h3><ul>{RELATED}</ul></div>
        <div class="footer">清溪网版权所有，未经书面授权禁止使用。Copyright © 2022 京ICP备00000000号</div></body></html>"""),
        HANS,
        around=("清溪县图书馆周末开放时间延长", "2022-04-14 17:37:00 来源：清溪日报 作者：何山", "（责任编辑：白石）"),
        title="清溪县图书馆周末开放时间延长",
        site="清溪网",
        author="何山",
        published="2022-04-14T17:37:00+08:00",
        published_from=PublishedFrom.META,
        url="https://news.qingxi.example/2022/0414/7.html",
    ),
    Page(
        "old table layout in GBK that claims to be ISO-8859-1",
        dedent(f"""\
        <html><head><meta http-equiv=Content-Type content="text/html; charset=iso-8859-1">
        <title>清溪县图书馆周末开放时间延长--清溪网--清溪县人民政府主办</title></head><body>
        <table width=100%><tr><td>{MENU.replace("li>", "td>")}</td></tr></table>
        <table><tr><td width=160><a href=a>今日要闻</a><br><a href=b>领导活动</a><br><a href=c>通知公告</a></td>
        <td><table><tr><td align=center><font size=5>清溪县图书馆周末开放时间延长</font></td></tr>
        <tr><td align=center>2022年4月14日 &nbsp; 来源：清溪日报 &nbsp; 点击：1024</td></tr>
        <tr><td><font size=3>{"<br><br>".join("&nbsp;&nbsp;&nbsp;&nbsp;" + line for line in HANS)}</font></td></tr>
        </table></td></tr></table>
        <center>清溪县人民政府办公室 主办 <a href=d>联系我们</a></center></body></html>"""),
        HANS,
        codec="gbk",
        around=("清溪县图书馆周末开放时间延长", "2022年4月14日 来源：清溪日报 点击：1024"),
        title="清溪县图书馆周末开放时间延长",
        site="清溪网",
    ),
    Page(
        "Traditional in Big5 with JSON-LD",
        dedent("""\
        <html lang="zh-Hant-TW"><head><meta charset="big5"><title>公車票價明年調整 | 地方 | 清溪新聞網</title>
        <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},
        {"@type":"NewsArticle","headline":"公車票價明年調整","datePublished":"2021-11-26T15:17:00+08:00",
        "author":[{"@type":"Person","name":"王小明"},{"@type":"Person","name":"李紅"}],
        "publisher":{"@type":"Organization","name":"清溪新聞網"},
        "mainEntityOfPage":{"@id":"https://news.example.tw/local/42"}}]}</script></head>
        <body><header><nav><a href="/">首頁</a><a href="/p">政治</a><a href="/l">地方</a></nav></header>
        <article><h1>公車票價明年調整</h1><p class="meta">記者 王小明、李紅／清溪報導</p>""")
        + paragraphs(HANT)
        + """<figure><img src="a.jpg"><figcaption>圖：清溪公車站，昨日攝。</figcaption></figure></article>
        <aside><h2>熱門新聞</h2><ul><li><a href="/1">市議會通過預算案，增列三千萬元</a></li></ul></aside>
        <footer>清溪新聞網</footer></body></html>""",
        HANT,
        codec="big5",
        around=("公車票價明年調整", "記者 王小明、李紅／清溪報導", "圖：清溪公車站，昨日攝。"),
        title="公車票價明年調整",
        site="清溪新聞網",
        source="清溪新聞網",
        author="王小明, 李紅",
        published="2021-11-26T15:17:00+08:00",
        published_from=PublishedFrom.JSON_LD,
        url="https://news.example.tw/local/42",
    ),
    Page(
        "English with comments, sidebar and a cookie bar",
        dedent(f"""\
        <!doctype html><html lang="en"><head><title>Library to stay open longer - Clearbrook Echo</title>
        <meta property="og:site_name" content="Clearbrook Echo"><meta name="byl" content="By Tom Field"></head>
        <body><div id="cookie-banner">We use cookies, which make this site work better, and share them with partners.</div>
        <nav><a href="/">Home</a><a href="/local">Local</a></nav>
        <div class="layout"><div class="story"><h1>Library to stay open longer</h1>
        <p>By Tom Field</p><time datetime="2022-04-14T08:00:00Z">14 April 2022</time>
        {paragraphs(ENGLISH)}</div>
        <div class="sidebar"><h2>Most read</h2><p>Ten ways to make tea, and why the eighth one will surprise you a lot.</p></div>
        </div><div id="comments"><h2>Comments</h2><p>I have been waiting for this for years. About time, really, I think.</p>
        <p>Who pays for it? Nobody asked us, and I would not have voted for it.</p></div>
        <footer><p>© 2022 Clearbrook Echo. All rights reserved.</p></footer></body></html>"""),
        ENGLISH,
        around=("Library to stay open longer", "By Tom Field", "14 April 2022"),
        title="Library to stay open longer",
        site="Clearbrook Echo",
        author="Tom Field",
        published="2022-04-14T08:00:00Z",
        published_from=PublishedFrom.META,
    ),
    Page(
        "Japanese in Shift_JIS",
        dedent(f"""\
        <html lang="ja"><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">
        <title>図書館、週末は午後九時まで：清渓新聞デジタル</title></head><body>
        <div id="gnav"><a href="/">トップ</a>｜<a href="/l">地域</a>｜<a href="/s">スポーツ</a></div>
        <div id="main"><h1>図書館、週末は午後九時まで</h1><p>2022年4月14日 10時30分</p>{paragraphs(JAPANESE, indent="　")}</div>
        </body></html>"""),
        JAPANESE,
        codec="cp932",
        around=("図書館、週末は午後九時まで", "2022年4月14日 10時30分"),
        title="図書館、週末は午後九時まで",
        site="清渓新聞",
    ),
    Page(
        "paragraphs as div, with spans and inline links",
        "<html><head><title>清溪县图书馆周末开放时间延长</title></head><body><div id=wrap><div class=top><a href=/>返回首页</a></div>"
        "<div class=art><div class=t>清溪县图书馆周末开放时间延长</div><div class=c>"
        + "".join(
            f"<div><span style='font-size:16px'>{line[:9]}</span><a href=/k>{line[9:12]}</a><span>{line[12:]}</span></div>\n"
            for line in HANS
        )
        + "</div></div></div></body></html>",
        HANS,
        around=("清溪县图书馆周末开放时间延长",),
        title="清溪县图书馆周末开放时间延长",
    ),
    Page(
        "wrapped source lines",
        "<html><head><title>周末开放时间延长_清溪网</title></head><body><div>\n"
        + "\n".join(f"<p>\n    {line[:15]}\n    {line[15:]}\n  </p>" for line in HANS)
        + "</div></body></html>",
        HANS,
        title="周末开放时间延长",
        site="清溪网",
    ),
    Page(
        "saved by a browser, with the address in a comment and hidden text",
        "<!-- saved from url=(0038)http://www.qingxi.example/news/2022/4.htm -->\n<html><head>"
        '<title>周末开放时间延长 - 清溪网</title><meta name="source" content="来源：清溪日报">'
        '<meta name="publishdate" content="2022-04-14"></head><body>'
        '<div style="display:none">这是给搜索引擎看的隐藏文字，读者看不见，不应当出现在正文里。</div>'
        f"<script>var a = '<p>脚本里的文字，也不是正文。</p>';</script><div class=article>{paragraphs(HANS)}</div>"
        "<noscript>请启用脚本，否则无法正常浏览本站的内容。</noscript></body></html>",
        HANS,
        title="周末开放时间延长",
        site="清溪网",
        source="清溪日报",
        published="2022-04-14",
        published_from=PublishedFrom.META,
        url="http://www.qingxi.example/news/2022/4.htm",
    ),
    Page(
        "one short paragraph",
        f"<html><head><title>通知 - 清溪县图书馆</title></head><body><ul>{MENU}</ul><h1>周末开放时间延长的通知</h1>"
        f"<p>{HANS[0]}</p><ul>{RELATED}</ul></body></html>",
        HANS[:1],
        around=("周末开放时间延长的通知",),
        title="通知 - 清溪县图书馆",
    ),
    Page(
        "body in two containers with an advertisement between",
        f"<html><head><title>周末开放时间延长</title></head><body><div class=a><div>{paragraphs(HANS[:2])}</div>"
        f"<div class='ad'><a href=/buy>春季大促，全场五折，点击购买，数量有限</a></div><div>{paragraphs(HANS[2:])}</div></div>"
        f"<div class=recommend><ul>{RELATED}</ul></div></body></html>",
        HANS,
        title="周末开放时间延长",
    ),
    Page(
        "UTF-16 with mark",
        f"<html><head><meta charset='utf-16'><title>周末开放时间延长</title></head><body>{paragraphs(HANS)}</body></html>",
        HANS,
        codec="utf-16",
        title="周末开放时间延长",
    ),
    Page(
        "XHTML with declaration in EUC-JP",
        '<?xml version="1.0" encoding="EUC-JP"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ja"><head><title>図書館、週末は午後九時まで</title></head>'
        f"<body>{paragraphs(JAPANESE)}</body></html>",
        JAPANESE,
        codec="euc_jp",
        title="図書館、週末は午後九時まで",
    ),
    Page(
        "subheads, captions, quotes, lists and a table inside the body",
        f"<html><head><title>周末开放时间延长</title></head><body><ul class=menu>{MENU}</ul><div class=article>"
        f"<h1>周末开放时间延长</h1><p>{HANS[0]}</p><h2>读者多在周末</h2><p>{HANS[1]}</p>"
        "<figure><img src=a.jpg><figcaption>图为清溪县图书馆。</figcaption></figure>"
        "<blockquote>“很多家长希望晚一点走。”</blockquote>"
        "<table><tr><th>日期</th><th>时间</th></tr><tr><td>周六</td><td>九点至二十一点</td></tr></table>"
        f"<ol><li>带好身份证；</li><li>不带食物。</li></ol><p>{HANS[2]}</p><p><strong>如何入馆</strong></p><p>{HANS[3]}</p>"
        f"</div></body></html>",
        (
            *(
                HANS[0],
                "读者多在周末",
                HANS[1],
                "图为清溪县图书馆。",
                "“很多家长希望晚一点走。”",
                "日期 时间",
                "周六 九点至二十一点",
            ),
            *("带好身份证；", "不带食物。", HANS[2], "如何入馆", HANS[3]),
        ),
        around=("周末开放时间延长",),
        title="周末开放时间延长",
    ),
    Page(
        "more comments than article",
        f"<html><head><title>周末开放时间延长</title></head><body><div class=post><h1>周末开放时间延长</h1>{paragraphs(HANS[:2])}</div>"
        "<section class='comment-list'>"
        + "".join(
            f"<div class=c><b>网友{n}</b><p>早就该这样了，第{n}次去都碰上关门，白跑一趟，真是叫人生气。</p></div>"
            for n in range(9)
        )
        + "</section></body></html>",
        HANS[:2],
        around=("周末开放时间延长",),
        title="周末开放时间延长",
    ),
    Page(
        "sections and spans, as phone editors write",
        "<html><head><title>周末开放时间延长</title><meta property='og:article:author' content='清溪图书馆'></head><body>"
        "<div id=js_content>"
        + "".join(
            f"<section style='line-height:2'><section><span style='color:#333'>{line[:11]}</span>"
            f"<span><strong>{line[11:]}</strong></span></section></section><section><br></section>"
            for line in HANS
        )
        + "</div><div class=qr_code_pc><p>微信扫一扫，关注该公众号。</p></div></body></html>",
        HANS,
        title="周末开放时间延长",
        author="清溪图书馆",
    ),
    Page(
        "body in a block that is named like a share bar",
        f"<html><head><title>周末开放时间延长</title></head><body><div class=share>{paragraphs(HANS)}</div>"
        "<p>清溪网版权所有，未经许可不得转载。</p></body></html>",
        HANS,
        title="周末开放时间延长",
        site="清溪网",
    ),
    Page(
        "body as preformatted text",
        "<html><head><title>周末开放时间延长</title></head><body><a href=/>首页</a><pre>"
        + "\n\n".join(HANS)
        + "</pre></body></html>",
        HANS,
        title="周末开放时间延长",
    ),
    Page(
        "an interview in short lines",
        "<html><head><title>馆长答读者问</title></head><body><div class=nav>"
        + MENU
        + "</div><div class=text>"
        + paragraphs(
            ("问：为什么延长？", "答：读者要求。", HANS[1], "问：几点关？", "答：九点。", HANS[3], "答：再见。")
        )
        + "</div></body></html>",
        ("问：为什么延长？", "答：读者要求。", HANS[1], "问：几点关？", "答：九点。", HANS[3], "答：再见。"),
        title="馆长答读者问",
    ),
    Page(
        "times of other stories, and only a date of change",
        "<html><head><title>周末开放时间延长</title><meta property='article:modified_time' content='2023-01-01T00:00:00Z'></head><body>"
        f"<div class=a><h1>周末开放时间延长</h1>{paragraphs(HANS)}</div><ul class=related><li><time datetime='2021-01-01'>1月1日</time>"
        "<a href=x>其他</a></li><li><time datetime='2021-02-02'>2月2日</time><a href=y>别的</a></li></ul></body></html>",
        HANS,
        around=("周末开放时间延长",),
        title="周末开放时间延长",
    ),
    Page(
        "sidebar with summaries in a table, Traditional in UTF-8",
        f"<html><head><title>公車票價明年調整 - 清溪日報</title></head><body><table><tr><td width=700><h1>公車票價明年調整</h1>"
        f"<div class=date>2021-11-26</div>{paragraphs(HANT)}</td><td class=right><div><a href=1>市議會通過預算案</a>"
        "<p>市議會昨日通過明年度預算，增列三千萬元，用於修路。</p></div></td></tr></table></body></html>",
        HANT,
        around=("公車票價明年調整", "2021-11-26"),
        title="公車票價明年調整",
        site="清溪日報",
    ),
    Page(
        "links in every sentence",
        "<html><head><title>周末开放时间延长</title></head><body><div>"
        + "".join(
            f"<p>{line[:6]}<a href=/1>{line[6:10]}</a>{line[10:20]}<a href=/2>{line[20:24]}</a>{line[24:]}</p>"
            for line in HANS
        )
        + f"</div><ul>{RELATED}</ul></body></html>",
        HANS,
        title="周末开放时间延长",
    ),
    Page(
        "microdata and a footnoted time, in Windows-1252",
        "<html lang=en><head><title>Library to stay open longer | Clearbrook Echo</title></head><body><article>"
        "<h1 itemprop=headline>Library to stay open longer</h1><meta itemprop=datePublished content='14 April 2022'>"
        f"{paragraphs(ENGLISH)}</article></body></html>",
        ENGLISH,
        codec="cp1252",
        around=("Library to stay open longer",),
        title="Library to stay open longer",
        published="2022-04-14",
        published_from=PublishedFrom.META,
    ),
]
