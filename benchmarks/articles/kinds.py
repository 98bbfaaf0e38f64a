"""Pages composed of parts: how a site lays out an article, prints its credits and its day, and what it puts around them.

Each part is a way in which sites of many kinds do it; every layout meets every line of credits and all furniture.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import product

from benchmarks.articles.judging import Expected
from benchmarks.articles.sites import FERRY, HAN, Story

_OUTLET, _PERSON, _EDITOR, _SITE = "岭南晨刊", "贺知遥", "卓一凡", "云岭网"


@dataclass(frozen=True, slots=True)
class Credits:
    """Markup of a page's credits: `{day}` is its date, `{o}` the outlet, `{a}` the author, `{e}` the editor.

    `head` stands in the page's head, `foot` behind its text.
    """

    name: str
    markup: str
    source: object = _OUTLET
    author: object = None
    head: str = ""
    foot: str = ""
    day: str = "{y}年{m}月{d}日 {clock}"


_CREDITS = (
    Credits("from_of", "{day} <span>来源于 <a>{o}</a></span> <span>作者：{a}</span>", author=_PERSON),
    Credits("bare_editor", "<em>{o} 记者 {a}</em> <em>编辑 {e}</em> <span>{day}</span>", author=_PERSON),
    Credits("glued_place", "{day}　来源: <a>{o}</a><span>湖南</span>&nbsp;<a>举报</a>"),
    Credits("glued_name", "{day} 来源：<a>{o}</a></span> <span id='author_baidu'>{a}</span>", author=_PERSON),
    Credits("counted", "<span>{day}</span> <span>稿源：<span>{o}</span></span> <span>68 条评论</span>"),
    Credits("popular", "<a>{a}</a> {day} 2831 人气", [_SITE, None], _PERSON, day="{y}-{m}-{d} {clock}"),
    Credits("words_counted", "<time>{day}</time> <span>字数 1,203</span> <span>阅读 231</span>", [_SITE, None]),
    Credits(
        "three_parts",
        "<span class='year'><em> {y}</em></span> <span class='day'><em> {m}</em>/<em> {d}</em></span><span> {clock} </span> 来源：{o}",
    ),
    Credits("buttons", "{day} 来源： {o} <a>【字号：大 中 小】</a><a>【打印】</a><a>【我要纠错】</a>"),
    Credits("enlarged", "{day}　来源：{o}　字号：A- A A+ 最后更新: 2026-11-02 09:10:11", day="{y}-{m}-{d} {clock}"),
    Credits("wrote_from", "<a>{o}</a> {day} <span>来自石桥镇</span>"),
    Credits(
        "first_published",
        "原创 {a} 已于 2026-11-02 10:11:12 修改 收藏 3 于 {day} 首次发布",
        [_SITE, None],
        [None, _PERSON],
    ),
    Credits("element", "<span class='a_catalog'>社会新闻</span> <span class='a_source'>{o}</span> <span>{day}</span>"),
    Credits(
        "dotted", "<span>{o}</span><i>·</i><span>{day}</span><i>·</i><span>阅读 1.2万</span>", day="{y}年{m}月{d}日"
    ),
    Credits(
        "answered", "<span>{day}</span> <span>来源：</span><span>{o}</span> <span>参与互动</span> <span>(12)</span>"
    ),
    Credits("said_twice", "原创 <span>{o}</span> <span>{o}</span> <span>{day}</span> <span>发表于湖南</span>"),
    Credits("reprinted", "发表于 {day}　转自 {o}", day="{y}-{m}-{d}"),
    Credits(
        "asked_and_wrote",
        "<span>採訪、撰文：{a}</span> <span>發表 {day}</span> <span>字級</span>",
        [_SITE, None],
        _PERSON,
    ),
    Credits("squared", "<p>□{o}记者　{a}</p><p>{day} 来源：{o}</p>", author=_PERSON),
    Credits("produced", "撰文：{a}　　出品：{o}　　{day}", author=_PERSON),
    Credits(
        "host_declared",
        "{day} 来源：{o}",
        head="<meta name='author' content='www.page.example'>",
        foot="本文来源：{o}，责编：{e}",
    ),
    Credits("script", "<span>{day}</span>", head='<script>window.DATA = {{"title": "{t}", "media": "{o}"}}</script>'),
    Credits("editor_declared", "{day} 来源：{o}", head="<meta name='author' content='{e}'>", foot="编辑：{e}"),
    Credits("outlet_declared", "{day} 来源：{o}", head="<meta name='author' content='{o}'>"),
    Credits("program_declared", "{day} 来源：{o}", head="<meta name='author' content='Discuz! Team'>"),
    Credits("with_platform", "<p>{day}</p>", head="<meta property='article:author' content='{o} | 云网'>"),
)
# How a page is called, and its headline and text laid out.
_LAYOUTS = {
    "headline": ("{t}_要闻_" + _SITE, "<h1>{t}</h1><div class='info'>{c}</div><div class='text'>{b}</div>"),
    "untagged": (
        "{t} - " + _SITE,
        "<div class='bodytitle'>{t}</div><div class='info'>{c}</div><div class='text'>{b}</div>",
    ),
    "behind_site": (_SITE + "数字报-{t}", "<h3>{t}</h3><div class='meta'>{c}</div><div id='ozoom'>{b}</div>"),
    "by_program": (
        "{t} - 生活杂谈 - " + _SITE + " - Powered by Board",
        "<h2><a>[闲聊]</a> <span id='subject'>{t}</span></h2><div class='info'>{c}</div><div>{b}</div>",
    ),
    "opinion": ("{t}_" + _SITE, "<h1>{t}</h1><div class='info'>{c}</div><div class='text'>{b}</div>"),
}
_ASIDE = "<div><h4>同场加映</h4><ul><li><a href='/1'>镇上的旧书摊搬进了候车室</a></li><li><a href='/2'>北坡茶园今年推迟开采</a></li></ul></div>"
# What stands before, between and behind the paragraphs, and the strings of it that no body may hold.
_FURNITURE = {
    "none": ("", "", "", ()),
    "original_title": ("<p>（原标题：{t}）</p>", "", "<p>分享让更多人看到</p>", ("原标题", "分享让")),
    "summary": ("<p>核心提示：{first}</p>", "", "<p>责任编辑：{e}</p>", ("核心提示", "责任编辑")),
    "summary_with_title": ("<p>【{t}】{first}</p>", "", "<p>（文章来源：{o}）</p>", ("【", "文章来源")),
    "account": (
        "",
        "",
        "<p>本文来自微信公众号<a>“{o}”（ID：ln）</a>，作者：{a}，云岭网经授权发布。</p><p>该文观点仅代表作者本人，本平台仅提供信息存储空间服务。</p>",
        ("公众号", "该文观点"),
    ),
    "inline_link": (
        "",
        "<p>同場加映：<a href='/3'>山顶气象站换了新的风速计</a></p>",
        "<div>责任编辑／{e}</div>",
        ("同場", "山顶", "责任"),
    ),
    "inline_list": (
        "",
        _ASIDE,
        "<div>下一篇 <a href='/4'>北坡茶园今年推迟开采</a></div>",
        ("同场", "旧书摊", "下一篇"),
    ),
    "hotline": (
        "",
        "",
        "<p>校对 {e}</p><p>（新闻热线：0731-8888888）</p><p>如需转载请与《{o}》联系。</p>",
        ("校对", "热线", "如需"),
    ),
    "followed": (
        "",
        "",
        "<p>关注云岭网微信公众号，获取更多资讯</p><p>欢迎关注</p><p>原文链接：http://page.example/1</p>",
        ("关注", "原文"),
    ),
    "skipped": (
        "",
        "<div><p>跳过推荐继续阅读</p><p>访问:</p></div>",
        "<p>转播到腾讯微博</p>",
        ("跳过", "访问", "转播到"),
    ),
}


def _composed(story: Story, layout: str, said: Credits, furniture: str) -> tuple[str, Expected]:
    year, month, day = story.numbers
    before, between, behind, lacks = _FURNITURE[furniture]
    title = f"评论丨{story.title}" if layout == "opinion" else story.title
    words = {"t": title, "o": _OUTLET, "a": _PERSON, "e": _EDITOR, "first": story.paragraphs[0][:30]}
    words |= {"y": year, "m": month, "d": day, "clock": story.clock}
    words["day"] = said.day.format_map(words)
    paragraphs = [f"<p>{text}</p>" for text in story.paragraphs]
    body = before.format_map(words) + "".join([*paragraphs[:2], between, *paragraphs[2:], behind.format_map(words)])
    called, laid = _LAYOUTS[layout]
    page = laid.format_map({**words, "c": said.markup.format_map(words), "b": body})
    markup = (
        f"<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{called.format_map(words)}</title>"
        f"{said.head.format_map(words)}</head><body><div class='nav'><a>首页</a> <a>要闻</a> <a>财经</a></div>{page}"
        f"<div>{said.foot.format_map(words)}</div><div class='foot'>Copyright © 2001-2026 {_SITE} 版权所有</div></body></html>"
    )
    source = _OUTLET if "文章来源" in behind else said.source
    fields = {"title": title, "source": source, "author": said.author, "published": story.day}
    return markup, Expected(fields, story.paragraphs, lacks, 1)


def composed() -> Iterator[tuple[str, str, Expected]]:
    """Give every layout with every line of credits, the furniture in turns, then the pages of other kinds."""
    furniture = [*_FURNITURE]
    for number, (layout, said) in enumerate(product(_LAYOUTS, _CREDITS)):
        kind = furniture[number % len(furniture)]
        yield f"{layout}-{said.name}-{kind}", *_composed(HAN[number % 2], layout, said, kind)
    yield "in_fields", *_in_fields(HAN[0])
    yield "issue_of_paper", *_issue(HAN[1])
    yield "lead_above_day", *_lead(FERRY)
    yield "poem", *_poem(HAN[0])
    yield "gallery", *_gallery(HAN[1])
    yield "dated_page", *_dated_page()
    for language in _FOREIGN:
        yield f"foreign-{language}", *_foreign(language)


def _in_fields(story: Story) -> tuple[str, Expected]:
    """Build a page whose scripts draw the article that fields of a form hold."""
    fields = {"title": story.title, "time": "1683353242000", "source-name": _OUTLET, "content": escape(story.html())}
    held = "".join(f"<textarea class='article-{name}'>{value}</textarea>" for name, value in fields.items())
    markup = f"<html><head><title>{story.title}</title></head><body><div id='app'>{held}</div></body></html>"
    return markup, Expected({"title": story.title, "source": _OUTLET, "published": story.day}, story.paragraphs)


def _issue(story: Story) -> tuple[str, Expected]:
    """Build a page of a paper's issue: only the top bears the day, above the pages of the issue."""
    markup = f"""<html><head><title>{story.title}-{_OUTLET}</title></head><body><table><tr><td>{story.bare} 星期五</td></tr>
<tr><td>第A03版：民生 <a>上一版</a> <a>下一版</a></td></tr><tr><td>版面导航</td></tr><tr><td><strong>{story.title}</strong></td></tr>
<tr><td>本报记者 {_PERSON}</td></tr><tr><td>{story.html()}</td></tr></table><p>{_OUTLET}社 版权所有</p></body></html>"""
    return markup, Expected({"author": _PERSON, "published": story.day}, story.paragraphs, ("版面导航",))


def _lead(story: Story) -> tuple[str, Expected]:
    """Build a page with its first paragraph above the day and the author."""
    first, *rest = story.paragraphs
    text = "".join(f"<p>{one}</p>" for one in rest[:2])
    markup = f"""<html lang='zh'><head><title>{story.title}</title></head><body><article><p>社會</p><h1>{story.title}</h1><p>{first}</p>
<div>發表時間： {story.day} 18:32 更改時間： 2026-11-02 07:08</div><div>作者： <a>{_PERSON}</a></div><div>{text}</div></article></body></html>"""
    return markup, Expected(
        {"author": _PERSON, "published": story.day}, (first, *rest[:2]), ("發表時間", "作者", "更改時間")
    )


_VERSES = ("桥下的水流得很慢", "灯一盏一盏亮起来", "我没有回头", "因为船已经离岸", "落在十二月的河面上")


def _around(story: Story, title: str, text: str) -> str:
    """Put what a site prints around a text without a sentence: its own sentences are longer."""
    return f"""<html lang='zh-CN'><head><title>{title}_{_SITE}</title></head><body><div><a>首页</a> <a>要闻</a></div><h2>{title}</h2>
<p>{story.chinese} {story.clock}</p><p>来源：{_OUTLET}</p><div class='txt'>{text}</div><p>编辑/{_EDITOR}</p><h3>热点排行</h3>
<div><a>镇上的旧书摊搬进了候车室</a><p>有关负责人今天表示，相关工作正在推进，预计月底前完成...</p><span>2022-02-12</span></div>
<p>违法和不良信息举报电话：010-00000000 举报邮箱：jubao@page.example</p><p>Copyright © {_SITE}</p></body></html>"""


def _poem(story: Story) -> tuple[str, Expected]:
    """Build the page of a poem: short lines, among a site's own sentences."""
    markup = _around(story, "离岸的船", "".join(f"<p>{verse}</p>" for verse in _VERSES))
    return markup, Expected(
        {"title": "离岸的船", "source": _OUTLET, "published": story.day}, _VERSES, ("举报", "相关工作")
    )


def _gallery(story: Story) -> tuple[str, Expected]:
    """Build the page of a gallery, whose captions are its text."""
    captions = [f"图{number}：{text}" for number, text in enumerate(story.paragraphs, start=1)]
    markup = _around(story, story.title, "".join(f"<p><img src='1.jpg'></p><p>{caption}</p>" for caption in captions))
    return markup, Expected({"title": story.title, "published": story.day}, tuple(captions), ("举报", "相关工作"))


def _dated_page() -> tuple[str, Expected]:
    """Build a blog's page whose JSON-LD dates the page and knows no article."""
    graph = {
        "@graph": [
            {"@type": "WebPage", "datePublished": "2023-05-06T14:07:00Z", "dateModified": "2026-11-02T10:00:00Z"}
        ]
    }
    text = "".join(f"<p>{one}</p>" for one in _FOREIGN["de"][3:])
    markup = f"""<html lang='de'><head><title>Die Brücke - Steinauer Blick</title><script type='application/ld+json'>{json.dumps(graph)}</script></head>
<body><main><h1>Die Brücke</h1>{text}<p>Aktualisiert am 2. November 2026</p></main></body></html>"""
    return markup, Expected({"published": "2023-05-06"}, _FOREIGN["de"][3:])


# language: how it prints the credits behind the headline, a list amid the text, what follows it, and its paragraphs
_FOREIGN = {
    "de": (
        "<div class='authors'>Von <a>Katrin Seeberg</a></div><time>6. Mai 2023, 14:07 Uhr</time>",
        "Lesen Sie auch",
        "Jetzt unseren Newsletter bestellen",
        "Die Brücke bei Steinau bleibt länger gesperrt als geplant, die Arbeiten verzögern sich um elf Tage.",
        "Grund sind Schäden an den Lagern, die erst nach dem Abtragen der Fahrbahn sichtbar wurden, sagte die Leiterin.",
        "Der Umweg beträgt rund elf Kilometer, und Pendler klagen seit Wochen über Staus in den Morgenstunden.",
    ),
    "fr": (
        "<p>6 mai 2023, par <span>Élise Fontanel</span></p>",
        "À lire aussi",
        "Partager",
        "La bibliothèque de Montrevel a rouvert samedi, six semaines après la crue qui avait noyé ses collections.",
        "Près de cinq cents ouvrages ont été sauvés par les habitants, venus former une chaîne dans la nuit.",
        "La commune espère obtenir une aide de la région pour restaurer les registres les plus anciens.",
    ),
    "es": (
        "<p><span>Marta Olivares</span> <span>6 de mayo de 2023 - 14:07 h</span></p>",
        "Te puede interesar",
        "Regístrate gratis para seguir leyendo",
        "El mercado municipal volvió a abrir sus puertas este jueves después de once meses de obras.",
        "La alcaldesa destacó que la reforma ha costado menos de lo previsto y dio las gracias a los vendedores.",
        "Los comerciantes piden ahora que se mejore el aparcamiento, un problema que sigue sin resolverse.",
    ),
    "ru": (
        "<div>6 мая 2023, 14:07 <span>Просмотров: 1203</span> <span>Автор: Павел Сухов</span></div>",
        "Читайте также",
        "Подписывайтесь на наш канал",
        "В Заречинске открыли движение по новому мосту, строительство которого продолжалось почти два года.",
        "Раньше жителям правого берега приходилось ехать в объезд, и дорога до работы занимала целый час.",
        "Старую переправу закроют до конца года, а на её месте появится набережная с дорожкой для велосипедов.",
    ),
    "vi": (
        "<div>Thứ bảy, 6/5/2023, 14:07 (GMT+7)</div>",
        "Tin liên quan",
        "Chia sẻ",
        "Sáng nay, cầu Bến Lau bắc qua sông Thạch đã chính thức thông xe sau hai mươi tháng thi công.",
        "Theo ban quản lý dự án, cây cầu có bốn làn xe và đường dành riêng cho người đi bộ ở hai bên.",
        "Bến phà cũ sẽ được giữ lại để phục vụ khách du lịch muốn ngắm cảnh hai bên bờ sông.",
    ),
}


def _foreign(language: str) -> tuple[str, Expected]:
    """Build a page with its first paragraph in the header, credits below it, and a list amid the text."""
    said, related, behind, *paragraphs = _FOREIGN[language]
    title = " ".join(paragraphs[0].split()[:7])
    header, *rest = (f"<p>{text}</p>" for text in paragraphs)
    links = "<ul><li><a href='/1'>Alpha Beta</a></li><li><a href='/2'>Gamma Delta</a></li></ul>"
    graph = json.dumps({"@type": "NewsArticle", "headline": title}, ensure_ascii=False)
    markup = f"""<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>
<script type='application/ld+json'>{graph}</script></head><body><article><h1>{title}</h1>{said}{header}{rest[0]}
<aside><h3>{related}</h3>{links}</aside>{rest[1]}</article><div>{behind}</div></body></html>"""
    return markup, Expected({"published": "2023-05-06"}, tuple(paragraphs), (related, behind, "Gamma"))
