"""Traditional Chinese."""

from bot.telegram.texts.wording import Wording

TRADITIONAL = Wording(
    name="繁體中文",
    welcome=(
        "想知道什麼，直接問我，用什麼語言都行。我只用檔案裡文章的原文回答，逐字引用，每段都註明來源和日期。"
        "我不會編造；檔案裡沒有的，我會說沒有。\n\n"
        "現有 {articles} 篇文章，{sources} 個來源。更多用法見 /help。"
    ),
    help=(
        "直接輸入問題；也可以轉傳一段文字，看看是否有過報導。\n\n"
        "/ask – 提問；在群組裡一定能收到\n"
        "/since /until – 只查某日之後、之前發表的文章，例如 /since 2022-04\n"
        "/source – 只查一個來源，例如 /source 名稱\n"
        "/asof – 以某日為今天，例如 /asof 2022-04-14：不查以後的文章，「去年」也從那天算起\n"
        "/clear – 取消限制，查全部\n"
        "/latest – 最新的文章\n"
        "/sources – 列出所有來源\n"
        "/lang – 介面語言，以及原文用簡體還是繁體顯示\n"
        "/stats – 檔案裡有什麼\n\n"
        "在群組裡，我只看 /ask、提到我的訊息和對我的回覆。多數群組不讓機器人看到其他訊息，所以用 /ask 最可靠。"
        "在任何聊天裡輸入 @{bot} 加上問題，就能挑一段引文發出去。\n"
        "回覆我的答案，會在同樣的日期和來源範圍內接著查。問題裡的日期和來源會自動用來篩選，按按鈕可以取消。\n\n"
        "你的問題不會保存。只有你按按鈕作出的評價，才會連同問題一起保存。"
    ),
    commands={
        "ask": "向檔案提問",
        "latest": "最新的文章",
        "since": "只查某日之後的文章",
        "until": "只查某日之前的文章",
        "source": "只查一個來源",
        "asof": "以某日為今天",
        "clear": "取消限制，查全部",
        "sources": "列出所有來源",
        "lang": "語言與簡繁",
        "stats": "檔案裡有什麼",
        "help": "怎麼用",
    },
    admin_help=(
        "管理員：傳送檔案（文字、網頁、JSON、zip 等）即可編入索引。\n"
        "/remove 編號 – 刪除一篇文章\n"
        "/reload – 重新開啟檔案庫\n/pair – 產生一個只能用一次的邀請\n/feedback – 查看大家的評價"
    ),
    not_said="檔案裡沒有說。最接近的是：",
    nothing="在這個範圍內，檔案裡沒有內容。",
    undated="日期不詳",
    also_in="另見",
    searched="查找範圍：{filters}",
    understood="理解為：{said}",
    newest="能回答的最新一篇發表於 {date}。",
    newest_undated="這篇文章日期不詳，無法知道這是什麼時候的情況。",
    latest_heading="最新文章：",
    no_question="請問文章裡寫到的事：誰、何時、何地、多少。",
    since="{date} 起",
    until="{date} 止",
    as_of="以 {date} 為今天",
    converted="引文已轉換為{script}",
    repaired="文章的損壞之處經過修復",
    reported="有過報導，來源和日期如下：",
    not_reported="沒有找到相關報導。最接近的是：",
    changed="這篇文章後來改動過，請重新提問。",
    part="第 {number} 頁，共 {count} 頁",
    open_article="全文",
    older="更早",
    newer="更新",
    without="取消「{filter}」",
    literally="按字面查找",
    back="返回",
    why="為什麼是這段？",
    judge="評價",
    judge_consent="評價會連同你的問題一起保存：",
    right="正確",
    wrong_source="來源不對",
    wrong_date="日期不對",
    not_relevant="不相關",
    open_in_bot="查看文章",
    thanks="謝謝，已保存。",
    expired="這個按鈕已經過期，請重新提問。",
    not_yours="這些按鈕只有提問的人能用。",
    question_gone="找不到原來的問題了，請重新提問。",
    because="第 {rank} 段，共 {count} 段。得分 {score}：{shares}。把握 {confidence} %。",
    ask_what="想知道什麼？請把問題寫在 /ask 後面。",
    filters_now="從現在起只查：{filters}。用 /clear 取消。",
    filters_none="現在查全部內容。",
    bad_date="看不懂日期 {value}。請寫成 2022、2022-04 或 2022-04-14。",
    bad_day="看不懂日期 {value}。請寫成 2022-04-14。",
    no_source="沒有叫 {value} 的來源。/sources 可以列出全部來源。",
    sources_heading="來源：",
    sources_more="……還有 {count} 個",
    unnamed="（未註明）",
    stats="{articles} 篇文章，{passages} 段引文，{sources} 個來源；{first} 至 {last}，{undated} 篇日期不詳。",
    choose_language="介面語言，以及原文的顯示方式：",
    language_set="好了。",
    original="原文照錄",
    too_long="這個問題太長了，請控制在 {most} 字以內。",
    busy="現在很忙：前面還有 {waiting} 個問題。請過一分鐘再問。",
    slow="用時太久，我放棄了。請再問一次。",
    too_many="一下子問得太多了，請過 {seconds} 秒再問。",
    no_archive="檔案暫時打不開，請稍後再試。",
    fault="我這邊出了差錯。請再問一次；管理員可以在日誌裡看到原因。",
    private="這個機器人只回答受邀請的人。你的編號是 {user}。",
    invited="歡迎，你可以提問了。",
    bad_code="這個邀請已經用過或者過期了，請再要一個。",
    text_only="我只看得懂文字。請輸入問題。",
    indexing="正在編入 {name}：完成 {done} 篇，跳過 {skipped} 篇……",
    indexed="{name}：新增 {added} 篇，更改 {changed} 篇，未變 {unchanged} 篇，跳過 {skipped} 篇。",
    index_failed="{name} 沒有編入：{reason}",
    file_too_big="{name} 太大了：Telegram 最多讓機器人取 {most} MB。",
    removed="已刪除：{ids}",
    not_removed="沒有這篇文章：{ids}",
    reloaded="已重新開啟：{articles} 篇文章。",
    pair="這個連結能讓一個人加入，只能用一次，明天失效：\n{link}",
    feedback_heading="評價：{counts}",
    feedback_none="還沒有人評價。",
)
