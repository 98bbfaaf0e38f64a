"""Pages of our own making, built as the large sites build theirs: their structure, never their text.

Each function is a kind of site and says what is right of its page beside the story's own title and paragraphs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.articles.judging import Expected


@dataclass(frozen=True, slots=True)
class Story:
    """An invented story, and when it was published: day and time to the second."""

    title: str
    paragraphs: tuple[str, ...]
    day: str
    clock: str
    short: str

    @property
    def numbers(self) -> tuple[str, str, str]:
        """Year, month and day, two digits each but the year."""
        year, month, day = self.day.split("-")
        return year, month, day

    @property
    def chinese(self) -> str:
        """Return the day as 2023年05月06日."""
        year, month, day = self.numbers
        return f"{year}年{month}月{day}日"

    @property
    def bare(self) -> str:
        """Return the day as 2023年5月6日."""
        year, month, day = (int(part) for part in self.numbers)
        return f"{year}年{month}月{day}日"

    def html(self, tag: str = "p", style: str = "") -> str:
        """Write the paragraphs as elements."""
        return "\n".join(f"<{tag}{style}>{text}</{tag}>" for text in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Site:
    """A page, and what is expected of it beside title and paragraphs; `day` is how much of the date must be there."""

    markup: str
    source: object = None
    author: object = None
    published: str | None = None
    lacks: tuple[str, ...] = ()
    contains: tuple[str, ...] | None = None

    def expected(self, story: Story) -> Expected:
        """Say what is right of the page."""
        fields = {"title": story.title, "source": self.source, "author": self.author, "published": self.published}
        return Expected(fields, story.paragraphs if self.contains is None else self.contains, self.lacks, 1)


SITES: dict[str, Callable[[Story], Site]] = {}


def _site(make: Callable[[Story], Site]) -> Callable[[Story], Site]:
    SITES[make.__name__] = make
    return make


BRIDGE = Story(
    "青石廊桥下月封闭维修 工期约四十天",
    (
        "青石镇政府4日宣布，连接镇区与东岭村的廊桥将在下月初封闭施工，工期约四十天，其间行人可从下游的临时浮桥通过。",
        "镇建设办负责人褚云河介绍，廊桥建成已有三十二年，去年汛期之后检测出两处桥墩冲刷较深，继续使用存在隐患。",
        "按照计划，施工队先加固三号和四号桥墩，再更换破损的杉木桥板，桥上的六间老铺子会原样保留。",
        "“我在桥上卖了二十年豆花，关一个多月不算什么，只要桥还在就好。”摊主郗秀兰说。",
        "东岭村有一百四十多名学生每天过桥上学。镇里为他们安排了两辆摆渡车，早晚各跑三趟，不收车费。",
        "镇政府同时提醒，施工期间浮桥限重两吨，货车须绕行北面的县道，绕行距离约十一公里。",
    ),
    "2023-05-06",
    "14:07:22",
    "廊桥下月封闭",
)
RICE = Story(
    "滨湖县早稻亩产创新高，收购价为何没有跟上？",
    (
        "滨湖县农业站近日发布的报告说，今年早稻平均亩产四百六十二公斤，比上年多出十九公斤，是有记录以来的最高值。",
        "站长戚望山认为，增产主要得益于春季雨水均匀，以及新引进的抗倒伏品种在三个乡推广面积超过一半。",
        "不过，收购价并未同步上涨。湖口粮站的牌价是每百斤一百二十八元，与去年持平，一些种粮大户仍在观望。",
        "农户卫长贵种了六十亩早稻，他算了一笔账：扣去化肥、机收和人工，每亩净收入不到三百元。",
        "报告建议，各乡应尽早落实烘干设备补贴，避免连阴天造成霉变损失，并鼓励合作社统一销售。",
    ),
    "2021-07-30",
    "08:41:05",
    "早稻增产价未动",
)
FERRY = Story(
    "蘆洲渡口百年渡船停航 老船工盼留作紀念",
    (
        "蘆洲渡口最後一班渡船昨晚靠岸，這條往返兩岸一百零三年的航線正式走入歷史，近兩百位居民到場送別。",
        "船工賴水生說，他十七歲上船，四十一年來載過學生、新娘，也載過颱風夜裡急著就醫的老人，心裡最捨不得的是鐘聲。",
        "區公所表示，新橋通車後每天搭船的人只剩三十多位，渡船維修一年要花兩百六十萬元，只好忍痛停航。",
        "文史工作者古曉嵐建議把渡船拖上岸保存，旁邊設一間小展館，讓孩子知道河上曾經有路。",
        "區長回應，經費還在盤點，最快年底前會有結論，碼頭的銅鐘則確定留在原地。",
    ),
    "2022-11-09",
    "18:32:00",
    "渡船停航",
)
HAN = (BRIDGE, RICE)

_NAV = "".join(
    f"<a href='/{n}'>{name}</a>"
    for n, name in enumerate(["首页", "国内", "国际", "财经", "体育", "娱乐", "视频", "评论"])
)
_FOOT = (
    "<div class='footer'><a href='#'>关于我们</a> | <a href='#'>广告服务</a> | <a href='#'>联系我们</a>"
    "<p>Copyright © 2000-2026 云岭传媒集团 版权所有 ICP备00000001号</p></div>"
)
_OTHERS = (
    ("山顶气象站换了新的风速计", "值守员说旧的那台已经转了十九年，新的能把数据直接传到县里。"),
    ("镇上的旧书摊搬进了候车室", "摊主每天六点开门，先把前一天没卖完的报纸捆好再摆书。"),
    ("北坡茶园今年推迟开采", "倒春寒让芽头晚了九天，茶农担心赶不上清明的价钱。"),
)


def _head(title: str, extra: str = "", lang: str = "zh-CN") -> str:
    return f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>{extra}</head>"


def _metas(**named: str) -> str:
    return "".join(f"<meta name='{name.replace('__', ':')}' content='{value}'>" for name, value in named.items())


def _properties(**named: str) -> str:
    return "".join(f"<meta property='{name.replace('__', ':')}' content='{value}'>" for name, value in named.items())


def _list(heading: str, *, summary: bool = False, day: str = "") -> str:
    items = "".join(
        f"<li><a href='/{n}.html'>{title}</a>{f'<p>{text}</p>' if summary else ''}{f'<span>{day}</span>' if day else ''}</li>"
        for n, (title, text) in enumerate(_OTHERS)
    )
    return f"<div class='list'><h3>{heading}</h3><ul>{items}</ul></div>"


_SUMMARIES = tuple(text for _, text in _OTHERS)
_HEADLINES = tuple(title for title, _ in _OTHERS)


def _linked(story: Story, **more: object) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, **more}
    return f"<script type='application/ld+json'>{json.dumps(thing, ensure_ascii=False)}</script>"


@_site
def account_in_messenger(story: Story) -> Site:
    """Build an article of a public account inside a messenger: hidden until its script has run."""
    seconds = {"2023-05-06": 1683353242, "2021-07-30": 1627605665}[story.day]
    return Site(
        _head("", _properties(og__title=story.title, og__site_name="微信公众平台", og__article__author=""))
        + f"""<body id='activity-detail'><div id='js_article'><div id='img-content' class='rich_media_wrp'>
<h1 class='rich_media_title' id='activity-name'>{story.title}</h1><div id='meta_content' class='rich_media_meta_list'>
<span id='copyright_logo' class='rich_media_meta icon_appmsg_tag'>原创</span><span class='rich_media_meta rich_media_meta_text'></span>
<span class='rich_media_meta rich_media_meta_nickname' id='profileBt'><a href='javascript:void(0);' id='js_name'>
青石夜谈 </a><div id='js_profile_qrcode' style='display:none;'><strong>青石夜谈</strong><p>微信号 qsyt 功能介绍 镇上的事慢慢说</p></div></span>
<em id='publish_time' class='rich_media_meta rich_media_meta_text'></em><em id='js_ip_wording_wrp' style='display: none;'>发表于</em></div>
<div class='rich_media_content js_underline_content' id='js_content' style='visibility: hidden; opacity: 0; '>
<section><p><span>点击上方</span><strong>蓝字</strong>关注我们</p>{story.html('section', " style='margin: 8px'")}
<p>- END -</p><p>喜欢就点个在看吧</p></section></div></div>
<div class='rich_media_tool'><a>阅读原文</a></div><div class='qr_code_pc'><p>微信扫一扫<br>关注该公众号</p></div></div>
<p>预览时标签不可点</p><div>继续滑动看下一个</div>
<script>var nickname = htmlDecode("青石夜谈"); var ct = "{seconds}"; var svr_time = 1764400000;
var createTime = '{story.day} {story.clock[:5]}';</script></body></html>""",
        "青石夜谈", None, story.day, ("微信扫一扫", "继续滑动", "预览时标签", "点个在看", "关注我们"),
    )  # fmt: skip


@_site
def account_of_search_engine(story: Story) -> Site:
    """Build an account's article at a search engine: the year has two digits."""
    thing = {"@context": "https://ziyuan.example/contexts/cambrian.jsonld", "title": story.title,
             "pubDate": f"{story.day}T{story.clock}", "upDate": "2026-11-20T10:00:00"}  # fmt: skip
    return Site(
        _head(story.title, f"<script type='application/ld+json'>{json.dumps(thing)}</script>")
        + f"""<body><div id='detail-page'><div class='title_border'><div class='anci_header_content'>
<div class='article-title'><h2>{story.title}</h2></div><div class='article-desc clearfix'><div class='author-icon'><img></div>
<div class='author-txt'><p class='author-name'>北坡旧事</p><div class='article-source article-source-bjh'>
<span class='date'>发布时间：{story.day[2:]}</span><span class='time'>{story.clock[:5]}</span>
<span class='account-authentication'>优质创作者</span></div></div><span class='follow'>关注</span></div></div></div>
<div class='article-content'>{story.html()}</div><div class='report'>举报/反馈</div></div>
<div class='right'><div class='author-card'><p class='author-name'>北坡旧事</p><p>1234篇文章 56万总阅读</p><h2>作者最新文章</h2>
<ul><li><a>{_HEADLINES[0]}</a></li><li><a>{_HEADLINES[1]}</a></li></ul></div>{_list('相关文章')}</div></body></html>""",
        "北坡旧事", None, story.day, ("举报/反馈", "总阅读", *_HEADLINES),
    )  # fmt: skip


@_site
def account_of_search_engine_new(story: Story) -> Site:
    """Build the same platform's newer page: classes end in digests, the day has no year."""
    return Site(
        _head(story.title, f"<meta itemprop='dateUpdate' content='{story.day} {story.clock}'>")
        + f"""<body><div id='ssr-content'><div class='_18p7x'><div class='_28fPT'>{story.title}</div><div class='index-module_headerWrap_jTLrB'>
<div class='index-module_authorWrap_hhD5z'><a href='#'><img></a><div><p class='index-module_authorName_7y5nA'>北坡旧事</p>
<div class='index-module_articleSource_2dw16'><span class='bjh-updatetime'>{story.day[5:]} {story.clock[:5]}</span>
<span class='bjh-account-detail'>官方账号</span></div></div><div>关注</div></div></div></div>
<div class='dpu8C _2kCxD'>{story.html("div", " class='bjh-p'").replace('<div', '<div data-from-paste="1"')}</div>
<div class='_2N1h'>举报/反馈</div><div class='_1jAP'>发表评论</div><div>发表</div></div>{_list('相关推荐')}</body></html>""",
        "北坡旧事", None, story.day, ("举报/反馈", "发表评论", *_HEADLINES),
    )  # fmt: skip


@_site
def portal_with_cards(story: Story) -> Site:
    """Build a portal's page: links glued behind the outlet, the portal as its author."""
    return Site(
        _head(f"{story.title}_云网新闻", _metas(author="云网", description=story.paragraphs[0])
              + _properties(article__author="云网", article__published_time=f"{story.day}T{story.clock}+08:00",
                            og__site_name="云网"))
        + f"""<body><div class='ntes_nav'>{_NAV}</div><div class='post_crumb'><a>云网首页</a> &gt; <a>国内新闻</a> &gt; 正文</div>
<h1 class='post_title'>{story.title}</h1><div class='post_info'>{story.day} {story.clock}　来源:
<a id='ne_article_source' href='#'>岭南晨刊</a><a class='post_jubao' href='#'>举报</a></div>
<div class='post_top_share'><a>分享至</a><p>用微信扫码二维码</p><p>分享至好友和朋友圈</p></div>
<div class='post_body'>{story.html()}</div><div class='post_author'><img>本文来源：岭南晨刊　责任编辑：杜某_NB1234</div>
<div class='post_next'><a>{_HEADLINES[0]}</a></div><div class='tie-area'><h3>云网跟贴</h3><p>热门跟贴</p></div>
<div class='post_recommends'>{_list('相关推荐', summary=True)}</div><div class='post_side'>{_list('热点新闻')}</div></div>{_FOOT}</body></html>""",
        "岭南晨刊", None, f"{story.day}T{story.clock}", ("举报", "责任编辑", "扫码", *_SUMMARIES, *_HEADLINES),
    )  # fmt: skip


@_site
def portal_account(story: Story) -> Site:
    """Build an account's article at that portal, with the platform's statement in two languages."""
    return Site(
        _head(f"{story.title}|早稻|廊桥_云网订阅", _metas(author="云网")
              + _properties(article__author="云网", article__published_time=f"{story.day}T{story.clock}+08:00"))
        + f"""<body><div class='nav'>{_NAV}</div><h1 class='post_title'>{story.title}</h1><div class='post_info'>{story.day} {story.clock}　来源: <a href='#'>苏皖城事</a>
<span class='distribute'></span>江苏 <a class='post_jubao' href='#'>举报</a></div><div class='post_top_share'><a>0</a><p>分享至</p></div>
<div class='post_body'>{story.html()}</div>
<div class='post_statement'><p>特别声明：以上内容(如有图片或视频亦包括在内)为自媒体平台“云网号”用户上传并发布，本平台仅提供信息存储服务。</p>
<p>Notice: The content above (including the pictures and videos if any) is uploaded and posted by a user of Yunwang Hao, which is a social media platform and only provides information storage services.</p></div>
<div class='post_recommends'><h3>/ 阅读下一篇 /</h3><a>返回云网首页</a><a>下载云网新闻客户端</a></div>{_FOOT}</body></html>""",
        "苏皖城事", None, f"{story.day}T{story.clock}", ("特别声明", "Notice", "客户端", "阅读下一篇"),
    )  # fmt: skip


@_site
def portal_with_fox(story: Story) -> Site:
    """Build a portal's page whose last paragraph is glued to the way back."""
    *most, last = story.paragraphs
    return Site(
        _head(f"{story.title}_廊桥_村民_施工", _metas(mediaid="湖口周报", keywords="廊桥")
              + f"<meta itemprop='datePublished' content='{story.day} {story.clock[:5]}'/>")
        + f"""<body><div class='nav'>{_NAV}</div><div id='left-nav'><div class='user-info'><h4><a>湖口周报</a></h4>
<dl class='user-num'><dd>1267<em>文章</em></dd><dd>3.1亿<em>总阅读</em></dd></dl></div>
<a>查看TA的文章&gt;</a></div><div class='text'><div class='text-title'><h1>{story.title}</h1><div class='article-info'>
<span class='time' id='news-time' data-val='1683353242000'>{story.day} {story.clock[:5]}</span>
<span class='area'>发布于：<span>湖北省</span></span></div></div><article class='article' id='mp-editor'>
<p data-role='original-title' style='display:none'>原标题：{story.title}</p>{"".join(f"<p>{text}</p>" for text in most)}
<p>{last}<a href='//portal.example/' id='backhome'><i></i>返回云狐，查看更多</a></p><p data-role='editor-name'>责任编辑：<span></span></p></article>
<div class='statement'>平台声明：该文观点仅代表作者本人，云狐号系信息发布平台，云狐仅提供信息存储空间服务。</div>
<div>阅读 (<em>1234</em>)</div></div><div class='bottom'>{_list('推荐阅读')}<div id='god_bottom_banner'>我来说两句</div></div></body></html>""",
        "湖口周报", None, story.day, ("返回云狐", "平台声明", "责任编辑", "总阅读", *_HEADLINES),
    )  # fmt: skip


@_site
def portal_with_wave(story: Story) -> Site:
    """Build a portal's page: the outlet stands in `article:author` and beside the day."""
    return Site(
        _head(f"{story.title}|廊桥|早稻_云岭新闻_云岭新闻网", _properties(
            og__title=story.title, og__url=f"https://news.yunling.example/c/{story.day}/doc-1.shtml",
            article__published_time=f"{story.day}T{story.clock}+08:00", article__author="滨湖日报"))
        + f"""<body><div class='top-bar'><div class='path'><a>新闻中心</a> &gt; <a>国内新闻</a></div><div class='nav'>{_NAV}</div></div>
<h1 class='main-title'>{story.title}</h1><div class='top-bar-inner'><div class='date-source'><span class='date'>{story.chinese} {story.clock[:5]}</span>
<a class='source' href='#'>滨湖日报</a></div><div class='page-tools'><a>语音播报</a> <a>缩小字体</a> <a>放大字体</a> <a>收藏</a> <a>微博</a> <a>分享</a></div></div>
<div class='article' id='article'><p>　　安装云岭新闻客户端第一时间接收最全面的本地资讯→【下载地址】</p>
{"".join(f"<p>　　{text}</p>" for text in story.paragraphs)}
<p class='show_author'>责任编辑：张某 SN123</p></div><div class='article-bottom'><div class='keywords'>文章关键词：<a>廊桥</a> <a>早稻</a></div>
<div>我要反馈</div><div>保存网页</div></div>{_list('相关新闻', day='11-20 08:00')}<div class='seo'><h2>云岭新闻公众号</h2><p>24小时滚动播报最新的本地资讯和视频，更多粉丝福利扫描二维码关注</p></div>{_FOOT}</body></html>""",
        "滨湖日报", None, story.day, ("下载地址", "责任编辑", "关键词", "粉丝福利", *_HEADLINES),
    )  # fmt: skip


@_site
def portal_drawn_by_script(story: Story) -> Site:
    """Build a portal's page whose data stand in a script, and its text on the page."""
    data = {"url": "https://new.portal.example/omn/1", "title": story.title, "pubtime": f"{story.day} {story.clock}",
            "media": "廊桥瞭望", "comment_id": "8190", "published_at": story.day}  # fmt: skip
    return Site(
        _head(f"{story.title}_云讯新闻", _metas(apub__time=f"{story.day} {story.clock}", _pubtime="2026-11-20 09:00:00"))
        + f"""<body><div id='TopWrap'>{_NAV}</div><div class='qq_conent'><div class='LEFT'><div class='left-stick-wp'>
<div class='year'>{story.numbers[0]}</div><div class='md'>{story.day[5:].replace('-', '/')}</div><div class='time'>{story.clock[:5]}</div></div>
<h1>{story.title}</h1><div class='content clearfix'><div class='content-article'>{story.html("p", " class='one-p'")}
<div id='Status'></div></div></div><div class='copyright'>免责声明：本文来自云讯新闻客户端自媒体，不代表云讯网的观点和立场。</div></div>
<div class='RIGHT'>{_list('热门推荐')}</div></div><script>window.DATA = {json.dumps(data, ensure_ascii=False)}</script>{_FOOT}</body></html>""",
        ["廊桥瞭望", "云讯新闻"], None, story.day, ("免责声明", *_HEADLINES),
    )  # fmt: skip


@_site
def paper_on_next(story: Story) -> Site:
    """Build a paper's page on a framework: all of it also in its data."""
    data = {"props": {"pageProps": {"detailData": {"contentDetail": {
        "contId": 1, "name": story.title, "summary": story.paragraphs[0], "pubTime": f"{story.day} {story.clock[:5]}",
        "author": "江浦新闻记者 <a>禤明</a>", "source": "江浦新闻", "content": story.html()}}}}}  # fmt: skip
    return Site(
        _head(f"{story.title}_浦江头条_江浦新闻", _metas(author="江浦新闻", keywords="廊桥"))
        + f"""<body><div id='__next'><header><div class='index_nav__x1'>{_NAV}<span>登录</span></div></header><main><div class='index_leftcontent__Kw3'>
<h1 class='index_title__B8mhI'>{story.title}</h1><div class='index_headerContent__sASF4'><div class='ant-space'><div class='ant-space-item'>江浦新闻记者 禤明</div>
<div class='ant-space-item'><div class='ant-space'><span>{story.day} {story.clock[:5]}</span></div></div></div>
<div class='index_copyright__m'>来源：<span>江浦新闻</span></div><div>∙</div><a>浦江头条</a><span>&gt;</span><div>字号</div></div>
<div class='index_cententWrap__Jv8jK'>{story.html()}<div>责任编辑：卞某</div><div>图片编辑：朱某</div><div>校对：栾某</div>
<div>江浦新闻报料：021-00000000</div><div>江浦新闻，未经授权不得转载</div></div><div class='index_praise__1'>12</div><div>收藏</div><div>我要举报</div>
<div class='index_comment__2'><h2>评论（3）</h2><textarea placeholder='写评论'></textarea><button>发表</button></div></div></main></div>
<script id='__NEXT_DATA__' type='application/json'>{json.dumps(data, ensure_ascii=False)}</script></body></html>""",
        "江浦新闻", "禤明", f"{story.day}T{story.clock[:5]}", ("责任编辑", "校对", "报料", "未经授权", "我要举报"),
    )  # fmt: skip


@_site
def paper_on_next_without_html(story: Story) -> Site:
    """Build the same where the page itself is empty."""
    data = {"props": {"pageProps": {"detail": {
        "title": story.title, "publishTime": f"{story.day} {story.clock}", "media": {"name": "江浦新闻"}, "likes": 3,
        "body": story.html(), "recommend": [{"title": one, "content": two} for one, two in _OTHERS]}}}}  # fmt: skip
    return Site(
        _head(f"{story.title}_江浦新闻")
        + f"""<body><div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script></body></html>""",
        "江浦新闻", None, story.day, _SUMMARIES,
    )  # fmt: skip


@_site
def state_with_assignment(story: Story) -> Site:
    """Build a page that a script draws from an assigned state."""
    data = {"detail": {"article": {"headline": story.title, "publish_time": f"{story.day} {story.clock}",
                                   "sourceName": "岭南晨刊", "content": story.html()}}}  # fmt: skip
    return Site(
        _head(f"{story.title} - 云岭快报")
        + f"""<body><div id='app'><noscript>请启用脚本以浏览本站。</noscript></div><script>window.__INITIAL_STATE__={json.dumps(data, ensure_ascii=False)};(function(){{}})();</script></body></html>""",
        "岭南晨刊", None, story.day,
    )  # fmt: skip


@_site
def linked_data_only(story: Story) -> Site:
    """Build a page whose text stands in its linked data alone."""
    text = "\n".join(story.paragraphs)
    return Site(
        _head(f"{story.title} - 云岭快报", _linked(
            story, datePublished=f"{story.day}T{story.clock}+08:00", articleBody=text,
            author=[{"@type": "Person", "name": "禤明"}], publisher={"@type": "Organization", "name": "云岭快报"}))
        + "<body><div id='root'></div></body></html>",
        "云岭快报", "禤明", story.day,
    )  # fmt: skip


@_site
def phoenix(story: Story) -> Site:
    """Build a portal's page whose script holds all data, with the outlet behind a label of its own."""
    data = {"docData": {"title": story.title, "newsTime": f"{story.day} {story.clock}", "source": "湖口周报"}}
    return Site(
        _head(f"{story.title}_云凰网", _metas(og__time=f"{story.day} {story.clock}") + _properties(og__title=story.title))
        + f"""<body><div class='index_nav_x'>{_NAV}</div><div class='index_crumb_a'><a>云凰网资讯</a> &gt; <a>社会</a> &gt; 正文</div><div class='index_leftContent_2'>
<h1 class='index_title_16'>{story.title}</h1><div class='index_info_y'><a class='index_date_1'>{story.bare} {story.clock}</a><span class='index_source_2'>来自<a>湖口周报</a></span><span>湖北省</span></div>
<div class='index_comment'><span>12人参与</span><span>3评论</span></div><div class='index_main_content_d'><div class='index_text_D0U1y'>{story.html()}</div></div>
<div>“特别声明：以上作品内容(包括在内的视频、图片或音频)为云凰网旗下自媒体平台“大风号”用户上传并发布，本平台仅提供信息存储空间服务。</div></div>{_list('为您推荐', summary=True)}
<script>var allData = {json.dumps(data, ensure_ascii=False)};</script>{_FOOT}</body></html>""",
        "湖口周报", None, story.day, ("特别声明", "人参与", *_SUMMARIES),
    )  # fmt: skip


@_site
def state_paper(story: Story) -> Site:
    """Build a state paper's page: a staff number as its author, the editors in brackets."""
    return Site(
        _head(f"{story.title}--云岭频道--青岚网", _metas(publishdate=story.day, author="104363", source="来源：青岚网-云岭频道 原创稿"))
        + f"""<body><div class='header'>{_NAV}</div><div class='layout route'><a>青岚网</a>&gt;&gt;<a>云岭频道</a>&gt;&gt;<a>要闻</a></div>
<div class='rm_txt'><div class='pre'></div><h1>{story.title}</h1><div class='author cf'></div><div class='channel cf'>
<div class='col-1-1 fl'>{story.chinese}{story.clock[:5]} | 来源：<a>青岚网-云岭频道</a></div><div class='col-1-2 fr'><span class='sfr_font'><em>小字号</em></span></div></div>
<div class='rm_txt_con cf'>{"".join(f"<p>　　{text}</p>" for text in story.paragraphs)}<div class='edit cf'>(责编：汤某、丁某)</div></div>
<div class='rm_download'><p>分享让更多人看到</p><p>关注公众号：青岚网财经</p></div></div>{_list('推荐阅读', summary=True)}
<div><a>客户端下载</a><p>微信扫一扫</p></div>{_FOOT}</body></html>""",
        ["青岚网", "青岚网-云岭频道"], None, story.day, ("责编", "分享让", "公众号", *_SUMMARIES, "小字号"),
    )  # fmt: skip


@_site
def state_agency(story: Story) -> Site:
    """Build an agency's page: year, day and clock stand in blocks of their own."""
    year, month, day = story.numbers
    return Site(
        _head(f"{story.title}-云华网", _metas(source="", author="", publishdate=""))
        + f"""<body><div class='header domPC'><div class='header-top'><a>云华网首页</a> &gt; <a>地方</a> &gt; 正文</div>
<div class='header-cont'><div class='header-time left'><span class='year'><em>{year}</em></span>
<span class='day'><em>{month}</em>/<em>{day}</em></span><span class='time'>{story.clock}</span></div>
<div class='source'>来源：云华网</div></div><div class='head-line clearfix'><h1><span class='title'>{story.title}</span></h1>
<div class='pageShare'><span>字体：</span><a>小</a><a>中</a><a>大</a><a>分享到：</a></div></div></div>
<div class='main-left left'><div id='detail'>{"".join(f"<p>　　{text}</p>" for text in story.paragraphs)}</div>
<div class='article-foot'><span class='error'>【纠错】</span> <span class='editor'>【责任编辑:颛某】</span></div><div class='nextpage'>阅读下一篇：<a>{_HEADLINES[0]}</a></div></div>
<div class='foot'><a>深度观察</a><a>新华全媒头条</a></div>{_FOOT}</body></html>""",
        "云华网", None, story.day, ("纠错", "责任编辑", "阅读下一篇", *_HEADLINES[:1]),
    )  # fmt: skip


@_site
def second_agency(story: Story) -> Site:
    """Build another agency's page, with an opening of the wire and a way to more."""
    _, month, day = (int(part) for part in story.numbers)
    return Site(
        _head(f"{story.title}-中讯网", _metas(description=story.paragraphs[0]))
        + f"""<body><div class='nav'>{_NAV}</div><div class='path'><a>首页</a> → <a>社会新闻</a></div><div class='content_maincontent_more'>
<h1 class='content_left_title'>{story.title}</h1><div class='content_left_time'>{story.day} {story.clock}　来源：<a class='source'>中讯网</a>
<a>大字体</a> <a>小字体</a> <a>分享到：</a></div><input type='hidden' id='newsdate' value='{story.day}'/>
<div class='left_zw'><p>　　中讯网青岚{month}月{day}日电 (记者 尉迟南)</p>{"".join(f"<p>　　{text}</p>" for text in story.paragraphs)}<p>(完)</p></div>
<div class='adEditor'><div class='left_name right'>【编辑:尉某】</div></div><div class='more'>更多精彩内容请进入社会频道</div></div>{_list('相关新闻')}{_FOOT}</body></html>""",
        "中讯网", "尉迟南", f"{story.day}T{story.clock}", ("编辑:", "更多精彩", *_HEADLINES),
    )  # fmt: skip


@_site
def television(story: Story) -> Site:
    """Build a television's page: outlet and day between strokes, editors at the end of the text."""
    return Site(
        _head(f"{story.title}_新闻频道_青岚台网")
        + f"""<body><div class='nav'>{_NAV}</div><div class='title_area' id='title_area'><h1>{story.title}</h1>
<div class='info1'>来源：<a>青岚台网</a> | {story.chinese} {story.clock}</div><div class='info2'><a>正在加载</a></div></div>
<div class='content_area' id='content_area'><p>　　<strong>青岚台网消息</strong>：{story.paragraphs[0]}</p>
{"".join(f"<p>　　{text}</p>" for text in story.paragraphs[1:])}</div><div class='zebian'><span>编辑：冼某</span><span>责任编辑：郏某</span></div>
<div class='fenxiang'>点击收藏本片</div><div class='qrcode'><h3>扫一扫 分享到微信</h3></div>
<script>var publishDate = "{''.join(story.numbers)}{story.clock.replace(':', '')} ";</script>{_list('精彩推荐')}{_FOOT}</body></html>""",
        "青岚台网", None, story.day, ("责任编辑", "点击收藏", "扫一扫", *_HEADLINES),
        contains=("青岚台网消息", *story.paragraphs),
    )  # fmt: skip


@_site
def tech_news(story: Story) -> Site:
    """Build a technical paper's page: a clock by slashes, and the notice that every article carries."""
    year, month, day = (int(part) for part in story.numbers)
    return Site(
        _head(f"{story.title} - 云技之家")
        + f"""<body><div class='nav'>{_NAV}</div><div class='cv'><a>首页</a> &gt; <a>业界</a> &gt; 正文</div><h1>{story.title}</h1><div class='info'>
<span id='pubtime_baidu'>{year}/{month}/{day} {story.clock}</span> <span id='source_baidu'>来源：<a>云技之家</a></span>
<span id='author_baidu'>作者：<strong>秦汉</strong></span> <span id='editor_baidu'>责编：<strong>秦汉</strong></span> 评论：<span id='commentcount'>18</span></div>
<div class='post_content' id='paragraph'><p>感谢云技之家网友 <a>溪边老石</a> 的线索投递！</p><p>云技之家 {month} 月 {day} 日消息，{story.paragraphs[0]}</p>
{"".join(f"<p>{text}</p>" for text in story.paragraphs[1:])}
<p class='ad-tips'>广告声明：文内含有的对外跳转链接（包括不限于超链接、二维码、口令等形式），用于传递更多信息，节省甄选时间，结果仅供参考，云技之家所有文章均包含本声明。</p></div>
<div class='newserror'>文章价值打分</div><div>投诉水文</div><div>我要纠错</div><div>下载云技之家APP，签到赚金币兑豪礼</div>{_list('相关文章')}{_FOOT}</body></html>""",
        "云技之家", "秦汉", story.day, ("广告声明", "线索投递", "投诉水文", "豪礼", *_HEADLINES),
    )  # fmt: skip


@_site
def start_ups(story: Story) -> Site:
    """Build a business site's page: author and day between dots, the platform's word at the end."""
    return Site(
        _head(f"{story.title}-云氪", _metas(author="") + _properties(og__title=story.title, og__site_name="云氪"))
        + f"""<body><div class='kr-header'>{_NAV}<span>寻求报道</span><span>城市合作</span></div><h1 class='article-title margin-bottom-20'>{story.title}</h1>
<div class='article-title-icon common-width margin-bottom-40'><a class='title-icon-item item-a'>褚遥</a><span class='title-icon-item item-time'><i class='split-dot'>·</i>{story.chinese} {story.clock[:5]}</span></div>
<div class='summary'>收成好了，钱包没有。</div><div class='common-width content articleDetailContent kr-rich-text-wrapper'>{story.html()}
<p class='editor-note'>本文来自微信公众号“云上账本”（ID：yszb），作者：褚遥，云氪经授权发布。</p></div>
<div class='article-footer-txt'>该文观点仅代表作者本人，云氪平台仅提供信息存储空间服务。</div><div class='like'><span>+1</span><span>12</span></div><div>好文章，需要你的鼓励</div>
{_list('下一篇', summary=True)}{_FOOT}</body></html>""",
        ["云氪", "云上账本"], "褚遥", story.day, ("该文观点", "需要你的鼓励", *_SUMMARIES),
    )  # fmt: skip


@_site
def government(story: Story) -> Site:
    """Build an office's page: everything in meta tags of its own."""
    return Site(
        _head(f"{story.title}_要闻_青岚县人民政府门户网站", _metas(
            ArticleTitle=story.title, PubDate=f"{story.day} {story.clock[:5]}", ContentSource="青岚县融媒体中心",
            SiteName="青岚县人民政府门户网站", ColumnName="要闻", Author="县府办", Maketime="2026-11-02 10:00:00"))
        + f"""<body><div class='top'><a>无障碍</a><a>长者模式</a><a>登录</a></div><div class='nav'>{_NAV}</div><div class='BreadcrumbNav'>当前位置：<a>首页</a> &gt; <a>新闻</a> &gt; <a>要闻</a></div>
<div class='article oneColumn pub_border'><h1>{story.title}</h1><div class='pages-date'>{story.day} {story.clock[:5]} <span class='font'>来源： 青岚县融媒体中心</span>
<div class='pages_print'>【字体：<span>大</span> <span>中</span> <span>小</span>】<a>打印</a></div></div>
<div class='pages_content' id='UCAP-CONTENT'>{"".join(f"<p style='text-indent:2em'>{text}</p>" for text in story.paragraphs)}<div class='editor'>责任编辑：龚某</div></div>
<div class='related'><h3>相关稿件</h3><ul><li><a>{_HEADLINES[0]}</a></li></ul></div><div class='ewm'>扫一扫在手机打开当前页</div></div>
<div class='footer'><p>主办：青岚县人民政府办公室　承办：青岚县大数据局</p><p>网站标识码0000000001　技术支持：云岭软件</p></div></body></html>""",
        "青岚县融媒体中心", [None, "县府办"], story.day, ("责任编辑", "扫一扫", "主办", *_HEADLINES[:1]),
    )  # fmt: skip


@_site
def broadcaster_abroad(story: Story) -> Site:
    """Build a foreign broadcaster's Chinese page: captions between the paragraphs, a role behind the author."""
    figure = "<figure><img><figcaption><span>图像来源，</span><p>Getty Images</p><span>图像加注文字，</span><p>河边的渡口，摄于去年冬天。</p></figcaption></figure>"
    first, *rest = story.paragraphs
    return Site(
        _head(f"{story.title} - 岚广新闻 中文", _linked(
            story, datePublished=f"{story.day}T{story.clock}.000Z", author={"@type": "NewsMediaOrganization", "name": "岚广新闻 中文"},
            publisher={"@type": "NewsMediaOrganization", "name": "岚广新闻 中文"}) + _properties(og__site_name="岚广新闻 中文"))
        + f"""<body><header><a>岚广新闻, 中文</a><nav>{_NAV}</nav></header><main role='main'><div><h1 id='content' tabindex='-1'>{story.title}</h1></div>{figure}
<section role='region' aria-label='作者'><ul role='list'><li role='listitem'><span>作者, </span><span>尉迟岚</span></li><li><span>Role, </span><span>岚广中文记者</span></li></ul></section>
<div><time datetime='{story.day}'>{story.bare}</time></div><div dir='ltr'><p>{first}</p></div>{"".join(f"<div dir='ltr'><p>{text}</p></div>" for text in rest[:2])}{figure}
<section role='region' aria-labelledby='podcast'><a>跳过 podcast 推广和继续阅读</a><div>岚广早知道</div><p>节目把一周的河上旧闻说给你听。</p><p>End of podcast promotion</p></section>
{"".join(f"<div dir='ltr'><p>{text}</p></div>" for text in rest[2:])}</main><section aria-labelledby='related'><h2>更多相关内容</h2><ul><li><h3><a>{_HEADLINES[0]}</a></h3><time>2026年11月20日</time></li>
<li><h3><a>{_HEADLINES[1]}</a></h3></li></ul></section><footer><p>© 2026 岚广. 岚广对外部网站内容不负责任。</p></footer></body></html>""",
        "岚广新闻 中文", ["尉迟岚", None], story.day, ("Getty", "不负责任", "图像加注文字", *_HEADLINES[:2]),
    )  # fmt: skip


@_site
def morning_paper_abroad(story: Story) -> Site:
    """Build a Chinese paper abroad: an English clock behind a Chinese label."""
    year, month, day = (int(part) for part in story.numbers)
    hour, minute = int(story.clock[:2]), story.clock[3:5]
    clock = f"{(hour - 1) % 12 + 1}:{minute} {'PM' if hour >= 12 else 'AM'}"
    return Site(
        _head(f"{story.title} | 星岛早刊", _properties(og__title=story.title, og__site_name="星岛早刊"))
        + f"""<body><div class='nav'>{_NAV}</div><h1 class='article-title'>{story.title}</h1><div class='article-byline'><h4 class='title-byline byline'><a>姒南 报道</a></h4>
<h4 class='title-byline date-published'>发布/{year}年{month}月{day}日 {clock}</h4></div><div class='toolbar'><button>字体大小</button><button>分享</button></div>
<div class='article-content-rawhtml'>{story.html()}</div><div class='tags'><a>廊桥</a><a>早稻</a></div><section class='subscribe'><p>您查看的内容可能不完整，部分内容和推荐被拦截！请对此网站关闭广告拦截。</p></section>{_list('延伸阅读')}{_FOOT}</body></html>""",
        "星岛早刊", "姒南", story.day, ("广告拦截", *_HEADLINES),
    )  # fmt: skip


def _taiwan(story: Story) -> tuple[str, str]:
    year, month, day = story.numbers
    return f"{year}/{month}/{day} {story.clock[:5]}", f"{int(year) - 1911}{month}{day}"


@_site
def free_paper_of_taiwan(story: Story) -> Site:
    """Build a paper of Taiwan: the reporter in brackets, an invitation to the app inside the text."""
    first, *rest = story.paragraphs
    printed, _ = _taiwan(story)
    return Site(
        _head(f"{story.title} - 生活 - 蘆洲時報電子報", _linked(
            story, datePublished=f"{story.day}T{story.clock}+08:00", author={"@type": "Person", "name": "蘆洲時報電子報"},
            publisher={"@type": "Organization", "name": "蘆洲時報電子報"}), "zh-Hant")
        + f"""<body><div class='menu'><a>即時</a><a>政治</a><a>社會</a><a>生活</a></div><div class='breadcrumbs'><a>首頁</a> &gt; <a>生活</a></div><h1>{story.title}</h1>
<div class='text boxTitle boxText'><span class='time'>{printed}</span><div class='photo'><img alt='x'><p>老船工在碼頭敲鐘。（記者賴曉萍攝）</p></div>
<p>〔記者賴曉萍／蘆洲報導〕{first}</p>{"".join(f"<p>{text}</p>" for text in rest[:2])}<p class='before_ir'>請繼續往下閱讀...</p>{"".join(f"<p>{text}</p>" for text in rest[2:])}
<p class='appE1121'>不用抽 不用搶 現在用APP看新聞 保證天天中獎　 <a>點我下載APP</a>　 <a>按我看活動辦法</a></p></div>
<div class='related'><h2>相關新聞</h2><a>{_HEADLINES[0]}</a><a>{_HEADLINES[1]}</a></div><div class='copyright'>©2026 Luzhou Times. All Rights Reserved.</div></body></html>""",
        ["蘆洲時報電子報", "蘆洲時報"], ["賴曉萍"], story.day, ("點我下載", "往下閱讀", "曉萍攝", *_HEADLINES[:2]),
    )  # fmt: skip


@_site
def agency_of_taiwan(story: Story) -> Site:
    """Build an agency of Taiwan: the wire's opening, the editor and a serial number at the end."""
    first, *rest = story.paragraphs
    year, month, day = (int(part) for part in story.numbers)
    _, serial = _taiwan(story)
    return Site(
        _head(f"{story.title} | 生活 | 蘆洲社 LNA", _properties(og__site_name="蘆洲社 LNA"), "zh-Hant")
        + f"""<body><nav><a>即時</a><a>政治</a><a>國際</a></nav><div class='breadcrumb'><a>首頁</a> / <a>生活</a></div><article data-title='{story.title}'><div class='centralContent'>
<h1><span>{story.title}</span></h1><div class='timeBox'><div class='updatetime'><span>{year}/{month}/{day} {story.clock[:5]}</span><span>（{month}/{day} 20:11 更新）</span></div></div>
<div class='shareBlock'><a>分享</a></div><div class='paragraph'><p>（蘆洲社記者古曉嵐蘆洲{day}日電）{first}</p>{"".join(f"<p>{text}</p>" for text in rest)}<p>（編輯：鄢某）{serial}</p></div>
<div class='paragraph bottomBox'><p>本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。</p><p>選擇蘆洲社 做為您 Google 的偏好新聞來源。</p></div></div></article>{_list('延伸閱讀')}</body></html>""",
        ["蘆洲社", "蘆洲社 LNA"], "古曉嵐", story.day, ("編輯：", "非經授權", "偏好新聞來源", *_HEADLINES),
    )  # fmt: skip


@_site
def united_paper_of_taiwan(story: Story) -> Site:
    """Build another paper of Taiwan: day, outlet and reporter in one section above the text."""
    printed, _ = _taiwan(story)
    return Site(
        _head(f"{story.title} | 生活新聞 | 生活 | 蘆洲新聞網", _metas(date=f"{story.day}T{story.clock}+08:00") + _properties(og__site_name="蘆洲新聞網"), "zh-Hant")
        + f"""<body><nav><a>即時</a><a>要聞</a><a>娛樂</a></nav><section class='article-content__wrapper'><h1 class='article-content__title'>{story.title}</h1>
<section class='authors'><time class='article-content__time'>{printed}</time><div class='article-content__subinfo'><section class='article-content__authors-info'><span class='article-content__author'>蘆洲晚報／ 記者<a>古曉嵐</a>／蘆洲即時報導</span></section></div></section>
<div class='article-content__info-share'><button>用LINE傳送</button><a>讚</a><a>分享</a></div><section class='article-content__editor'>{story.html()}</section><div class='keywords'><a>渡船</a><a>老人</a></div></section>{_list('延伸閱讀')}<section id='comment'><h2>共 0 則留言</h2><p>規範</p><p>登入後即可留言</p></section></body></html>""",
        ["蘆洲晚報", "蘆洲新聞網"], "古曉嵐", story.day, ("共 0 則", "LINE傳送", *_HEADLINES),
    )  # fmt: skip


@_site
def hongkong_paper(story: Story) -> Site:
    """Build a paper of Hong Kong: labels for both days, an advertisement for its app in the text."""
    return Site(
        _head(f"{story.title}｜港岚01", _properties(og__title=f"{story.title}｜港嵐01", og__site_name="港嵐01",
                                                 article__published_time=f"{story.day}T{story.clock}+08:00"), "zh-Hant")
        + f"""<body><header><a>港聞</a><a>娛樂</a></header><article><h1 id='articleTitle'>{story.title}</h1><div><span>撰文：<a>姚曉晴</a></span><div>出版：<time datetime='{story.day}T{story.clock}+08:00'>{story.day} {story.clock[:5]}</time></div>
<div>更新：<time datetime='2026-11-20T10:00:00+08:00'>2026-11-20 10:00</time></div></div><div class='article-grid__content-section'>{story.html("p", " class='break-words'")}
<p>+1</p><p>點擊圖片放大</p></div><div>相關文章：<a>{_HEADLINES[0]}</a></div><p>下載「港嵐01」App，即睇城中熱話：https://app.example/news</p></article></body></html>""",
        "港嵐01", "姚曉晴", story.day, ("下載「", "圖片放大", *_HEADLINES[:1]),
    )  # fmt: skip


@_site
def observer(story: Story) -> Site:
    """Build a site of comment: a template's author in its meta tags, side columns with days."""
    return Site(
        _head(story.title, _metas(author="name, email@example.com"))
        + f"""<body><div class='nav'>{_NAV}</div><li class='left left-main'><h3>{story.title}</h3><div class='time fix'><span>{story.day} {story.clock}</span><span>字号：</span><a>A-</a><a>A</a><a>A+</a>
<div class='share'></div></div><span>来源：滨湖日报</span><div class='time fix'><span>最后更新: 2026-11-20 15:14:21</span></div>
<div class='content all-txt'>{story.html()}<div class='module-interact'><p>本文系云岭视点独家稿件，文章内容纯属作者个人观点，不代表平台观点，未经授权，不得转载，否则将追究法律责任。关注云岭视点微信ylsd，每日阅读趣味文章。</p></div></div><div>责任编辑: 刘某</div></li>
<div class='side'><ul><li><span>2026-11-20 10:16</span><span>手机</span></li><li><span>2026-11-19 16:16</span><span>航空航天</span></li></ul></div>{_FOOT}</body></html>""",
        "滨湖日报", None, f"{story.day}T{story.clock}", ("责任编辑", "独家稿件", "航空航天"),
    )  # fmt: skip


@_site
def finance(story: Story) -> Site:
    """Build a financial site: source and editor's number behind the text, promotions around it."""
    return Site(
        _head(f"{story.title} _ 云方财富网", _metas(author="", keywords="早稻"))
        + f"""<body><div class='nav'>{_NAV}</div><div id='topbox'><div class='title'>{story.title}</div><div class='infos'><div class='item'>{story.chinese} {story.clock[:5]}</div><div class='item'> 来源：岭南晨刊 </div>
<div class='item'><a>0</a>人评论</div></div></div><div class='titlebox2'><p>摘要</p></div><div id='ContentBody' class='txtinfos'><p class='abstract'>【{story.short}】{story.paragraphs[0]}</p>
{story.html()}<p class='em_media'>（文章来源：岭南晨刊）</p></div><div class='zwothers'><div class='zwothersinfos'><p class='res-edit'>文章来源：岭南晨刊 责任编辑：73</p><p>原标题：{story.title}</p>
<p>郑重声明：云方财富发布此内容旨在传播更多信息，与本网站立场无关，不构成投资建议。据此操作，风险自担。</p></div></div><div class='relatednews'>{_list('热门资讯', summary=True)}</div>
<p>手机查看财经快讯</p><p>专业，及时，丰富</p><p>扫一扫下载APP</p>{_FOOT}</body></html>""",
        "岭南晨刊", None, story.day, ("郑重声明", "责任编辑", "扫一扫", "快讯", *_SUMMARIES),
    )  # fmt: skip


@_site
def business_paper(story: Story) -> Site:
    """Build a business paper: a claim of rights and a line for its readers behind the text."""
    return Site(
        _head(f"{story.title}_第一云经", _properties(og__title=story.title))
        + f"""<body><div class='m-nav'>{_NAV}</div><div class='f-crumb'><a>首页</a>&gt;<a>新闻</a></div><div class='m-title'><h1>{story.title}</h1></div><p class='names'>第一云经 {story.day} {story.clock[:5]} <em>听新闻</em></p><p class='author'><em>作者：</em><span>禤明 尉迟岚</span> <em>责编：</em><span>宁某</span></p>
<div class='intro'>收成和价钱没有一起走。</div><div id='multi-text' class='m-txt'>{story.html()}</div><div class='m-jubao'><p>举报</p></div>
<div class='m-copyright'><p>第一云经广告合作，<a>请点击这里</a></p><p>此内容为第一云经原创，著作权归第一云经所有。未经第一云经书面授权，不得以任何方式加以使用，包括转载、摘编、复制或建立镜像。第一云经保留追究侵权者法律责任的权利。如需获得授权请联系第一云经版权部：copyright@example.com</p></div>
<div class='m-author'><h3>文章作者</h3><ul><li>禤明</li><li>+关注</li></ul></div>{_list('相关阅读', summary=True)}{_FOOT}</body></html>""",
        "第一云经", "禤明、尉迟岚", story.day, ("举报", "广告合作", "著作权归", "+关注", *_SUMMARIES),
    )  # fmt: skip


@_site
def live_stream_advert(story: Story) -> Site:
    """Build a financial portal whose text holds a promotion of a live stream and of a vote."""
    first, *rest = story.paragraphs
    return Site(
        _head(f"{story.title}|早稻_云岭财经_云岭网", _properties(article__published_time=f"{story.day}T{story.clock}+08:00", article__author="云岭财经"))
        + f"""<body><div class='nav'>{_NAV}</div><h1 class='main-title'>{story.title}</h1><div class='date-source'><span class='date'>{story.chinese} {story.clock[:5]}</span><span class='source'>湖口周报</span></div>
<div class='article'><p>　　专题：粮价观察</p><p>　　炒股就看云岭财经分析师研报，权威，专业，及时，全面，助您挖掘潜力主题机会！</p><p>　　{first}</p><p>　　7月31日-8月4日，云岭财经基金直播间邀您一起看播直播，点击进入直播间&gt;&gt;</p>{"".join(f"<p>　　{text}</p>" for text in rest)}
<p>　　海量资讯、精准解读，尽在云岭财经APP</p><p>责任编辑：韦某某</p></div>{_FOOT}</body></html>""",
        "湖口周报", None, story.day, ("责任编辑", "尽在云岭", "直播间", "助您挖掘"),
    )  # fmt: skip


@_site
def forum(story: Story) -> Site:
    """Build a thread: who wrote it and when, then what others answered."""
    reply = "".join(
        f"<div class='post reply'><div class='author'>{name}</div><div class='info'>发表于 2026-11-2{n} 10:0{n}</div><div class='t_f'>{text}</div></div>"
        for n, (name, text) in enumerate(
            [("过河卒", "早该修了，上次过桥板子都在响。"), ("北坡人", "绕十一公里太远，能不能晚上开一半？")]
        )
    )
    return Site(
        _head(f"{story.title} - 青岚茶座 - 青岚论坛 - Powered by Discuz!")
        + f"""<body><div class='nav'>{_NAV}</div><div id='pt'><a>青岚论坛</a> › <a>青岚茶座</a></div><div id='postlist'><h1><span id='thread_subject'>{story.title}</span></h1><div class='post'><div class='authi'>
<em>发表于 {story.day} {story.clock}</em> | <a>只看该作者</a> | <a>倒序浏览</a></div><div class='t_f'>{story.html('div')}</div></div>{reply}</div><div>快速回复 高级模式</div><div>您需要登录后才可以回帖 登录 | 立即注册</div></body></html>""",
        "青岚论坛", [None], story.day, ("过河卒", "早该修了", "绕十一公里太远", "登录后才可以"),
    )  # fmt: skip


@_site
def comments_longer_than_article(story: Story) -> Site:
    """Build a page whose readers wrote more than its author."""
    said = "".join(
        f"<li class='comment-item'><div class='user'>{name}</div><span class='date'>2026-11-0{n} 09:1{n}</span><p>{text * 3}</p><a>回复</a><a>赞({n})</a></li>"
        for n, (name, text) in enumerate(
            [("加缆绳的人", "浮桥那年也这样，水一涨就要加两根缆绳，不然会漂。"), ("老渡工", "应该先做丁坝再动桥墩，顺序反了。"), ("游客", "路过三次都在修，桥上的豆花倒是一直好吃。")], 1
        )
    )  # fmt: skip
    return Site(
        _head(f"{story.title}_岭南晨刊网", _metas(publishdate=f"{story.day} {story.clock}"))
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div class='info'><span>{story.day} {story.clock[:5]}</span> <span>来源：岭南晨刊</span> <span>作者：褚遥</span></div><div class='body'>{story.html()}</div>
<div class='comment-wrap'><h3>网友评论（{len(said)}）</h3><ul>{said}</ul></div>{_FOOT}</body></html>""",
        "岭南晨刊", "褚遥", story.day, ("加两根缆绳", "做丁坝", "豆花倒是", "回复"),
    )  # fmt: skip


@_site
def short_lines(story: Story) -> Site:
    """Build an office's account: lines of a few words, an editor's block, a code to scan."""
    lines = ("下月一号起", "廊桥要封闭啦！", "工期四十天", "大家怎么过河？", "别急", "一文看懂↓↓↓", "走浮桥", "浮桥在渡口下游两百米", story.paragraphs[0],
             "限重两吨", "坐摆渡车", "早晚各三趟", "不收车费", story.paragraphs[4], "这么方便的安排", "快转给家里人看看吧！")  # fmt: skip
    return Site(
        _head(story.title)
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div class='news_about'>{story.day} {story.clock[:5]} 来源：青石发布</div><div class='news_txt'>{"".join(f"<p>{line}</p>" for line in lines)}
<p>编辑|禤某杰</p><p>责编|陈某莹</p><p>审核丨黎某</p><p>扫描下方二维码解锁更多技能</p></div>{_FOOT}</body></html>""",
        "青石发布", None, story.day, ("禤某杰", "扫描下方", "黎某"), contains=lines,
    )  # fmt: skip


@_site
def digest(story: Story) -> Site:
    """Build a digest: each piece under a headline with the outlet in brackets."""
    heads = (
        "【滨湖日报】早稻亩产创新高 收购价未动",
        "【岭南晨刊】青石廊桥下月封闭：桥墩冲刷 铺子保留",
        "【湖口周报】渡口铜钟留在原地",
    )
    body = "".join(f"<p>{head}</p><p>{text}</p>" for head, text in zip(heads, story.paragraphs, strict=False))
    return Site(
        _head(story.title)
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div>{story.day} {story.clock[:5]}　来源：云岭财讯网</div><div class='content'><p>本地要闻</p>{body}</div>{_FOOT}</body></html>""",
        "云岭财讯网", None, story.day, (), contains=(*heads, *story.paragraphs[:3]),
    )  # fmt: skip


@_site
def code_tutorial(story: Story) -> Site:
    """Build a tutorial: lines of code that look like buttons are its own."""
    code = ("import csv", "print(rows)", "close(file)", "return home", "for row in rows:", "    save(row)")
    return Site(
        _head(f"{story.title}-云客园", _metas(author="北坡码农"))
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div class='post-info'>{story.day} {story.clock[:5]} 阅读(123) 评论(4) 收藏</div><div class='blog-content'><p>{story.paragraphs[0]}</p>
<pre>{chr(10).join(code)}</pre><p>{story.paragraphs[1]}</p></div><div>posted @ {story.day} {story.clock[:5]} 北坡码农 阅读(123) 评论(4) 编辑 收藏 举报</div>{_FOOT}</body></html>""",
        [None, "云客园"], "北坡码农", story.day, ("举报",),
        contains=(*story.paragraphs[:2], "print(rows)", "close(file)", "return home"),
    )  # fmt: skip


@_site
def society(story: Story) -> Site:
    """Build a small site whose pages are all called by their section."""
    return Site(
        _head("新闻动态--青石桥梁学会官网")
        + f"""<body><div class='nav'>{_NAV}</div><div class='tit'>首页 - 新闻动态</div><div class='content'><h2>{story.title}</h2><p><b title='发布时间'>发布时间：{story.day}</b> <i>来源：青石桥梁学会</i></p>{story.html()}</div>{_FOOT}</body></html>""",
        "青石桥梁学会", None, story.day,
    )  # fmt: skip


@_site
def title_escaped_twice(story: Story) -> Site:
    """Build a page whose titles were escaped twice."""
    named = f"{story.title} &amp;quot;&amp;#183;&amp;quot;"
    return Site(
        _head(named.replace(' &amp;quot;&amp;#183;&amp;quot;', '') + "-青岚在线", _properties(og__title=story.title.replace("，", "&amp;#65292;")))
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div class='t'>{story.day} {story.clock} 来源：青岚在线 作者：admin 编辑：system</div><div class='c'>{story.html()}</div>{_FOOT}</body></html>""",
        "青岚在线", None, story.day, ("admin",),
    )  # fmt: skip


@_site
def microdata_of_others(story: Story) -> Site:
    """Build a page whose references and readers have microdata of their own."""
    return Site(
        _head(f"{story.title} | 云岭学刊")
        + f"""<body itemscope itemtype='https://schema.org/WebPage'><div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{story.title}</h1>
<span itemprop='author' itemscope itemtype='https://schema.org/Person'><span itemprop='name'>褚遥</span></span><meta itemprop='datePublished' content='{story.day}'>
<div itemprop='articleBody'>{story.html()}</div><ol><li itemprop='citation' itemscope itemtype='https://schema.org/Article'><span itemprop='name'>旧桥考</span><meta itemprop='datePublished' content='1998-03-01'><span itemprop='author'>某甲</span></li></ol>
<div itemprop='comment' itemscope itemtype='https://schema.org/Comment'><time itemprop='datePublished' datetime='2026-01-02'>2026-01-02</time><span itemprop='author'>过河卒</span><p itemprop='text'>早该修了，上次过桥板子都在响，走得人心里发慌。</p></div></div>{_FOOT}</body></html>""",
        "云岭学刊", "褚遥", story.day, ("心里发慌",),
    )  # fmt: skip


@_site
def crawl_day(story: Story) -> Site:
    """Build a copy that prints its own day and none of the article's."""
    return Site(
        _head(story.title, _metas(created="2026-11-28", lastmod="2026-11-28T07:31:00Z", Maketime="2026-11-28 07:31:00"))
        + f"""<body><div class='nav'>{_NAV}</div><h1>{story.title}</h1><div class='info'>采集时间：2026-11-28 07:31:02　来源：岭南晨刊</div><div class='c'>{story.html()}</div><div>快照时间：2026-11-28 07:31</div>{_FOOT}</body></html>""",
        "岭南晨刊", None, None, ("采集时间", "快照"),
    )  # fmt: skip


@_site
def live_platform_app(story: Story) -> Site:
    """Build an app's shared page: the account beside the day, a call to open the app."""
    return Site(
        _head(f"{story.title} - 今日云条")
        + f"""<body><div class='header'><a>打开APP</a></div><div class='article-content'><h1>{story.title}</h1><div class='article-meta'><span class='original-tag'>原创</span><span>{story.day} {story.clock[:5]}</span><span>·</span><span class='name'><a>湖口老卫</a></span></div>
<article class='syl-article-base'>{story.html()}</article></div><div class='detail-interaction-collect'>收藏</div><div>举报</div><div>评论 0</div><div class='download'>打开今日云条查看更多精彩图片</div>{_list('猜你喜欢')}</body></html>""",
        ["湖口老卫"], [None, "湖口老卫"], story.day, ("打开今日", "举报", *_HEADLINES),
    )  # fmt: skip


def pages() -> list[tuple[str, str, Expected]]:
    """Make every page: its name, its markup and what is right of it."""
    made = []
    for name, make in SITES.items():
        stories = (FERRY,) if "taiwan" in name or "hongkong" in name else HAN
        for number, story in enumerate(stories, start=1):
            site = make(story)
            made.append((f"{name}-{number}", site.markup, site.expected(story)))
    return made
