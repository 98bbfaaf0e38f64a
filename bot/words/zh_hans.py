"""Simplified Chinese."""

from bot.words.en import Wording

SIMPLIFIED = Wording(
    name="简体中文",
    welcome=(
        "想知道什么，直接问我，用什么语言都行。我只引用文章库里的原文来回答，一字不改，每段都注明来源和日期。"
        "我不会编造：文章里没有的，我就说没有。\n\n"
        "文章库现有 {articles} 篇文章，来自 {sources} 个来源。更多用法见 /help。"
    ),
    help=(
        "直接输入问题；也可以转发一段文字，查找相似的文章。\n\n"
        "/ask – 提问；在群里用它最稳妥\n"
        "/since /until – 只查某日起、某日止发表的文章，例如 /since 2022-04\n"
        "/source – 只查一个来源，例如 /source 名称\n"
        "/asof – 把某日当作今天，例如 /asof 2022-04-14：不查那天以后的文章，“去年”指 2021 年\n"
        "/clear – 取消所有限制\n"
        "/latest – 最新的文章\n"
        "/sources – 列出所有来源\n"
        "/lang – 界面语言，以及原文用简体还是繁体显示\n"
        "/stats – 文章库里有什么\n\n"
        "在群里，我只理会 /ask、@我的消息和对我的回复。多数群不让机器人看到别的消息，所以用 /ask 最稳妥。"
        "在任何聊天里输入 @{bot} 加上问题，就能挑一段原文发出去。\n"
        "回复我的答案，就在同样的日期和来源范围内接着问。问题里提到的日期和来源会用来缩小范围，按一下按钮就能取消。\n\n"
        "我不保存你的问题；只有你用按钮评价时，才会把评价连同问题一起存下来。"
    ),
    commands={
        "ask": "提问",
        "latest": "最新的文章",
        "since": "只查某日起的文章",
        "until": "只查截至某日的文章",
        "source": "只查一个来源",
        "asof": "把某日当作今天",
        "clear": "取消所有限制",
        "sources": "列出所有来源",
        "lang": "语言和简繁",
        "stats": "文章库里有什么",
        "help": "使用说明",
    },
    admin_help=(
        "管理员：发送文件（文本、网页、JSON、zip 等）即可加入文章库。\n"
        "/remove 文章编号 – 删除一篇文章\n"
        "/reload – 重新打开文章库\n/pair – 生成一个一次性的邀请链接\n/feedback – 查看大家的评价"
    ),
    not_said="文章库里没有答案。",
    nothing="这个范围内没有文章。",
    comes_nearest="最接近的是：",
    outside="不限范围的话，最接近的是：",
    holds="共收录 {count} 篇文章。",
    holds_dated="共收录 {count} 篇文章，发表于 {first} 至 {last}。",
    undated="日期不详",
    also_in="也见于",
    searched="范围：{filters}",
    understood="理解为：{said}",
    newest="最新的答案出自 {date} 的文章，已过去 {years} 年。",
    newest_year="最新的答案出自 {date} 的文章，已过去一年。",
    newest_undated="这篇文章日期不详，不知道说的是什么时候的情况。",
    latest_heading="最新文章：",
    no_question="请问文章里会写到的事：谁、何时、何地、多少。",
    since="{date} 起",
    until="{date} 止",
    as_of="把 {date} 当作今天",
    converted="原文已转换为{script}",
    repaired="文章的受损文字经过修复",
    similar="相似的文章：",
    nothing_similar="没有找到相似的文章。",
    changed="这篇文章后来改动过，请重新提问。",
    part="第 {number}/{count} 页",
    open_article="全文",
    older="较早的",
    newer="较新的",
    without="不限“{filter}”",
    literally="按字面查找",
    back="返回",
    why="为何是这段？",
    judge="评价",
    judge_consent="会连同你的问题一起保存：",
    rightly_refused="确实没有答案",
    right="正确",
    wrong_source="来源不对",
    wrong_date="日期不对",
    not_relevant="不相关",
    open_in_bot="查看文章",
    thanks="谢谢，已经记下。",
    expired="这个按钮已经过期，请重新提问。",
    not_yours="这些按钮只有提问的人能用。",
    question_gone="找不到原来的问题了，请重新提问。",
    because="第 {rank} 段，共 {count} 段。得分 {score}：{shares}。可信度 {confidence}%。",
    ask_what="想知道什么？请把问题写在 /ask 后面。",
    filters_now="从现在起的范围：{filters}。用 /clear 取消。",
    filters_none="现在不限范围，全部都查。",
    bad_date="看不懂“{value}”这个日期。请写成 2022、2022-04 或 2022-04-14。",
    bad_day="看不懂“{value}”这个日期。请写成 2022-04-14。",
    no_source="没有名为“{value}”的来源。用 /sources 查看全部来源。",
    sources_heading="来源：",
    sources_more="……还有 {count} 个",
    unnamed="（未注明）",
    stats="{articles} 篇文章，{passages} 个段落，{sources} 个来源；{first} 至 {last}，{undated} 篇日期不详。",
    choose_language="界面语言，以及原文的显示方式：",
    language_set="已设置。",
    original="按原文显示",
    too_long="这个问题太长了，请控制在 {most} 字以内。",
    busy="现在很忙，前面还有 {waiting} 个问题。请过一分钟再问。",
    slow="查了太久，没有查完。请再问一次。",
    too_many="问得太快了，请过 {seconds} 秒再问。",
    no_archive="文章库暂时打不开，请稍后再试。",
    fault="我这边出错了，请再问一次。管理员能在日志里看到原因。",
    private="这个机器人只回答受邀的人。你的 Telegram ID 是 {user}。",
    invited="欢迎，你可以提问了。",
    bad_code="这个邀请已经用过或过期，请再要一个。",
    text_only="我只看得懂文字。请输入问题。",
    indexing="正在加入 {name}：完成 {done} 篇，跳过 {skipped} 篇……",
    indexed="{name}：新增 {added} 篇，更新 {changed} 篇，未变 {unchanged} 篇，跳过 {skipped} 篇。",
    index_failed="{name} 没有加入：{reason}",
    file_too_big="{name} 太大了：Telegram 只让机器人下载不超过 {most} MB 的文件。",
    removed="已删除：{ids}",
    not_removed="没有这篇文章：{ids}",
    reloaded="已重新打开：{articles} 篇文章。",
    pair="这个链接可以让一个人加入，只能用一次，24 小时内有效：\n{link}",
    feedback_heading="评价：{counts}",
    feedback_none="还没有人评价。",
)
