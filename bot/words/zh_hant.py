"""Traditional Chinese."""

from bot.words.en import Wording

TRADITIONAL = Wording(
    name="繁體中文",
    welcome=(
        "想知道什麼，直接問我，用什麼語言都行。我只引用文章庫裡的原文來回答，一字不改，每段都註明來源和日期。"
        "我不會編造：文章裡沒有的，我就說沒有。\n\n"
        "文章庫現有 {articles} 篇文章，來自 {sources} 個來源。更多用法請看 /help。"
    ),
    help=(
        "直接輸入問題；也可以轉傳一段文字，查找相似的文章。\n\n"
        "/ask – 提問；在群組裡用它最穩當\n"
        "/since /until – 只查某日起、某日止發表的文章，例如 /since 2022-04\n"
        "/source – 只查一個來源，例如 /source 名稱\n"
        "/asof – 把某日當作今天，例如 /asof 2022-04-14：不查那天以後的文章，「去年」指 2021 年\n"
        "/clear – 取消所有限制\n"
        "/latest – 最新的文章\n"
        "/sources – 列出所有來源\n"
        "/lang – 介面語言，以及原文用簡體還是繁體顯示\n"
        "/stats – 文章庫裡有什麼\n\n"
        "在群組裡，我只理會 /ask、@我的訊息和對我的回覆。多數群組不讓機器人看到別的訊息，所以用 /ask 最穩當。"
        "在任何聊天裡輸入 @{bot} 加上問題，就能挑一段原文發出去。\n"
        "回覆我的答案，就在同樣的日期和來源範圍內接著問。問題裡提到的日期和來源會用來縮小範圍，按一下按鈕就能取消。\n\n"
        "我不保存你的問題；只有你用按鈕評價時，才會把評價連同問題一起存下來。"
    ),
    commands={
        "ask": "提問",
        "latest": "最新的文章",
        "since": "只查某日起的文章",
        "until": "只查截至某日的文章",
        "source": "只查一個來源",
        "asof": "把某日當作今天",
        "clear": "取消所有限制",
        "sources": "列出所有來源",
        "lang": "語言和簡繁",
        "stats": "文章庫裡有什麼",
        "help": "使用說明",
    },
    admin_help=(
        "管理員：傳送檔案（文字、網頁、JSON、zip 等）即可加入文章庫。\n"
        "/remove 文章編號 – 刪除一篇文章\n"
        "/reload – 重新開啟文章庫\n/pair – 產生一個一次性的邀請連結\n/feedback – 查看大家的評價"
    ),
    not_said="文章庫裡沒有答案。",
    nothing="這個範圍內沒有文章。",
    comes_nearest="最接近的是：",
    outside="不限範圍的話，最接近的是：",
    holds="共收錄 {count} 篇文章。",
    holds_dated="共收錄 {count} 篇文章，發表於 {first} 至 {last}。",
    undated="日期不詳",
    also_in="也見於",
    searched="範圍：{filters}",
    understood="理解為：{said}",
    newest="最新的答案出自 {date} 的文章，已過去 {years} 年。",
    newest_year="最新的答案出自 {date} 的文章，已過去一年。",
    newest_undated="這篇文章日期不詳，不知道說的是什麼時候的情況。",
    latest_heading="最新文章：",
    no_question="請問文章裡會寫到的事：誰、何時、何地、多少。",
    since="{date} 起",
    until="{date} 止",
    as_of="把 {date} 當作今天",
    converted="原文已轉換為{script}",
    repaired="文章的受損文字經過修復",
    similar="相似的文章：",
    nothing_similar="沒有找到相似的文章。",
    changed="這篇文章後來改動過，請重新提問。",
    part="第 {number}/{count} 頁",
    open_article="全文",
    older="較早的",
    newer="較新的",
    without="不限「{filter}」",
    literally="按字面搜尋",
    back="返回",
    why="為何是這段？",
    judge="評價",
    judge_consent="會連同你的問題一起保存：",
    rightly_refused="確實沒有答案",
    right="正確",
    wrong_source="來源不對",
    wrong_date="日期不對",
    not_relevant="不相關",
    open_in_bot="查看文章",
    thanks="謝謝，已經記下。",
    expired="這個按鈕已經過期，請重新提問。",
    not_yours="這些按鈕只有提問的人能用。",
    question_gone="找不到原來的問題了，請重新提問。",
    because="第 {rank} 段，共 {count} 段。得分 {score}：{shares}。可信度 {confidence}%。",
    ask_what="想知道什麼？請把問題寫在 /ask 後面。",
    filters_now="從現在起的範圍：{filters}。用 /clear 取消。",
    filters_none="現在不限範圍，全部都查。",
    bad_date="看不懂「{value}」這個日期。請寫成 2022、2022-04 或 2022-04-14。",
    bad_day="看不懂「{value}」這個日期。請寫成 2022-04-14。",
    no_source="沒有名為「{value}」的來源。用 /sources 查看全部來源。",
    sources_heading="來源：",
    sources_more="……還有 {count} 個",
    unnamed="（未註明）",
    stats="{articles} 篇文章，{passages} 個段落，{sources} 個來源；{first} 至 {last}，{undated} 篇日期不詳。",
    choose_language="介面語言，以及原文的顯示方式：",
    language_set="設定好了。",
    original="按原文顯示",
    too_long="這個問題太長了，請控制在 {most} 字以內。",
    busy="現在很忙，前面還有 {waiting} 個問題。請過一分鐘再問。",
    slow="查了太久，沒有查完。請再問一次。",
    too_many="問得太快了，請過 {seconds} 秒再問。",
    no_archive="文章庫暫時打不開，請稍後再試。",
    fault="我這邊出錯了，請再問一次。管理員能在紀錄檔裡看到原因。",
    private="這個機器人只回答受邀的人。你的 Telegram ID 是 {user}。",
    invited="歡迎，你可以提問了。",
    bad_code="這個邀請已經用過或過期，請再要一個。",
    text_only="我只看得懂文字。請輸入問題。",
    indexing="正在加入 {name}：完成 {done} 篇，略過 {skipped} 篇……",
    indexed="{name}：新增 {added} 篇，更新 {changed} 篇，未變 {unchanged} 篇，略過 {skipped} 篇。",
    index_failed="{name} 沒有加入：{reason}",
    file_too_big="{name} 太大了：Telegram 只讓機器人下載不超過 {most} MB 的檔案。",
    removed="已刪除：{ids}",
    not_removed="沒有這篇文章：{ids}",
    reloaded="已重新開啟：{articles} 篇文章。",
    pair="這個連結可以讓一個人加入，只能用一次，24 小時內有效：\n{link}",
    feedback_heading="評價：{counts}",
    feedback_none="還沒有人評價。",
)
