"""Simplified Chinese."""

from bot.telegram.texts.wording import Wording

SIMPLIFIED = Wording(
    name="简体中文",
    welcome=(
        "想知道什么，直接问我，用什么语言都行。我只用档案里文章的原文回答，逐字引用，每段都注明来源和日期。"
        "我不会编造；档案里没有的，我会说没有。\n\n"
        "现有 {articles} 篇文章，{sources} 个来源。更多用法见 /help。"
    ),
    help=(
        "直接输入问题；也可以转发一段文字，看看是否有过报道。\n\n"
        "/ask – 提问；在群里一定能收到\n"
        "/since /until – 只查某日之后、之前发表的文章，例如 /since 2022-04\n"
        "/source – 只查一个来源，例如 /source 名称\n"
        "/asof – 以某日为今天，例如 /asof 2022-04-14：不查以后的文章，“去年”也从那天算起\n"
        "/clear – 取消限制，查全部\n"
        "/latest – 最新的文章\n"
        "/sources – 列出所有来源\n"
        "/lang – 界面语言，以及原文用简体还是繁体显示\n"
        "/stats – 档案里有什么\n\n"
        "在群里，我只看 /ask、提到我的消息和对我的回复。多数群不让机器人看到其他消息，所以用 /ask 最可靠。"
        "在任何聊天里输入 @{bot} 加上问题，就能挑一段引文发出去。\n"
        "回复我的答案，会在同样的日期和来源范围内接着查。问题里的日期和来源会自动用来筛选，按按钮可以取消。\n\n"
        "你的问题不会保存。只有你按按钮作出的评价，才会连同问题一起保存。"
    ),
    commands={
        "ask": "向档案提问",
        "latest": "最新的文章",
        "since": "只查某日之后的文章",
        "until": "只查某日之前的文章",
        "source": "只查一个来源",
        "asof": "以某日为今天",
        "clear": "取消限制，查全部",
        "sources": "列出所有来源",
        "lang": "语言与简繁",
        "stats": "档案里有什么",
        "help": "怎么用",
    },
    admin_help=(
        "管理员：发送文件（文本、网页、JSON、zip 等）即可编入索引。\n"
        "/remove 编号 – 删除一篇文章\n"
        "/reload – 重新打开档案\n/pair – 生成一个只能用一次的邀请\n/feedback – 查看大家的评价"
    ),
    not_said="档案里没有说。最接近的是：",
    nothing="在这个范围内，档案里没有内容。",
    undated="日期不详",
    also_in="另见",
    searched="查找范围：{filters}",
    understood="理解为：{said}",
    newest="能回答的最新一篇发表于 {date}。",
    newest_undated="这篇文章日期不详，无法知道这是什么时候的情况。",
    latest_heading="最新文章：",
    no_question="请问文章里写到的事：谁、何时、何地、多少。",
    since="{date} 起",
    until="{date} 止",
    as_of="以 {date} 为今天",
    converted="引文已转换为{script}",
    repaired="文章的损坏之处经过修复",
    reported="有过报道，来源和日期如下：",
    not_reported="没有找到相关报道。最接近的是：",
    changed="这篇文章后来改动过，请重新提问。",
    part="第 {number} 页，共 {count} 页",
    open_article="全文",
    older="更早",
    newer="更新",
    without="取消「{filter}」",
    literally="按字面查找",
    back="返回",
    why="为什么是这段？",
    judge="评价",
    judge_consent="评价会连同你的问题一起保存：",
    right="正确",
    wrong_source="来源不对",
    wrong_date="日期不对",
    not_relevant="不相关",
    open_in_bot="查看文章",
    thanks="谢谢，已保存。",
    expired="这个按钮已经过期，请重新提问。",
    not_yours="这些按钮只有提问的人能用。",
    question_gone="找不到原来的问题了，请重新提问。",
    because="第 {rank} 段，共 {count} 段。得分 {score}：{shares}。把握 {confidence} %。",
    ask_what="想知道什么？请把问题写在 /ask 后面。",
    filters_now="从现在起只查：{filters}。用 /clear 取消。",
    filters_none="现在查全部内容。",
    bad_date="看不懂日期 {value}。请写成 2022、2022-04 或 2022-04-14。",
    bad_day="看不懂日期 {value}。请写成 2022-04-14。",
    no_source="没有叫 {value} 的来源。/sources 可以列出全部来源。",
    sources_heading="来源：",
    sources_more="……还有 {count} 个",
    unnamed="（未注明）",
    stats="{articles} 篇文章，{passages} 段引文，{sources} 个来源；{first} 至 {last}，{undated} 篇日期不详。",
    choose_language="界面语言，以及原文的显示方式：",
    language_set="好了。",
    original="原文照录",
    too_long="这个问题太长了，请控制在 {most} 字以内。",
    busy="现在很忙：前面还有 {waiting} 个问题。请过一分钟再问。",
    slow="用时太久，我放弃了。请再问一次。",
    too_many="一下子问得太多了，请过 {seconds} 秒再问。",
    no_archive="档案暂时打不开，请稍后再试。",
    fault="我这边出了差错。请再问一次；管理员可以在日志里看到原因。",
    private="这个机器人只回答受邀请的人。你的编号是 {user}。",
    invited="欢迎，你可以提问了。",
    bad_code="这个邀请已经用过或者过期了，请再要一个。",
    text_only="我只看得懂文字。请输入问题。",
    indexing="正在编入 {name}：完成 {done} 篇，跳过 {skipped} 篇……",
    indexed="{name}：新增 {added} 篇，更改 {changed} 篇，未变 {unchanged} 篇，跳过 {skipped} 篇。",
    index_failed="{name} 没有编入：{reason}",
    file_too_big="{name} 太大了：Telegram 最多让机器人取 {most} MB。",
    removed="已删除：{ids}",
    not_removed="没有这篇文章：{ids}",
    reloaded="已重新打开：{articles} 篇文章。",
    pair="这个链接能让一个人加入，只能用一次，明天失效：\n{link}",
    feedback_heading="评价：{counts}",
    feedback_none="还没有人评价。",
)
