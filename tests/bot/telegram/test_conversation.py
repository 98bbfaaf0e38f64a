"""Whole conversations with the real bot process, over a strict Bot API server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.telegram.conftest import Chat, data_of, labels, running_bot
from tests.bot.telegram.server import Server, wait_until
from tests.bot.telegram.world import World


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One bot for all the conversations of this module, each in a chat of its own; it may not be refused anything."""
    settings = {
        "CHUCHU_TELEGRAM_ADMINS": "900",
        "CHUCHU_TELEGRAM_GROUP_RATE": "1000",
        "CHUCHU_TELEGRAM_SEND_RATE": "1000",
    }
    with (
        Server(World(per_second=1000, per_group_minute=1000)) as server,
        running_bot(tmp_path_factory.mktemp("bot"), server, settings) as bot,
    ):
        yield server
        assert server.world.refusals == []
        assert "Traceback" not in bot.logged.replace("crash", "")


@pytest.fixture
def world(shared: Server) -> World:
    return shared.world


def test_private_question_is_answered_with_passage_and_citation(world: World) -> None:
    answer = Chat(world, 10).ask("bridge")
    assert "<b>大桥一共花了2.17亿元，比预算少了三百万元。</b>" in answer["html"]
    assert '<a href="https://news.example/bridge?a=1&amp;b=2">「新跃鲤大桥通车」</a>' in answer["html"]
    assert "青岚新闻网 · 2023-05-02" in answer["text"]


def test_undated_article_is_marked(world: World) -> None:
    assert "碧汐日報 · undated" in Chat(world, 11).ask("ferry")["text"]


@pytest.mark.parametrize(
    ("code", "word"),
    [("en", "does not say"), ("zh-hans", "文章库里没有答案"), ("zh-TW", "文章庫裡沒有答案"), ("de", "does not say")],
)
def test_refusal_speaks_the_persons_language(world: World, code: str, word: str) -> None:
    answer = Chat(world, 12, language=code).ask("refuse this")
    assert word in answer["text"]
    assert "refuse this" in answer["text"]


def test_paging_turns_to_other_hits_in_place(world: World) -> None:
    chat = Chat(world, 13)
    answer = chat.ask("page me")
    assert "1/3" in labels(answer)
    chat.press(answer, "›")
    assert "新跃鲤大桥通车" in answer["text"]
    chat.press(answer, "›")
    assert "›" not in labels(answer)
    chat.press(answer, "‹")
    chat.press(answer, "‹")
    assert "答：page me" in answer["text"]


def test_article_opens_at_its_passage_and_leads_back(world: World) -> None:
    chat = Chat(world, 14)
    answer = chat.ask("bridge")
    before = answer["html"]
    chat.press(answer, "Article")
    assert "新桥昨天通车。大桥一共花了" in answer["text"]
    chat.press(answer, "Back")
    assert answer["html"] == before


def test_long_article_has_pages(world: World) -> None:
    chat = Chat(world, 15)
    answer = chat.ask("long")
    chat.press(answer, "Article")
    assert "第0段" in answer["text"]
    chat.press(answer, "›")
    assert "第0段" not in answer["text"]
    assert "Part 2 of" in answer["text"]
    assert "「很长」" in answer["text"]


def test_filters_are_set_used_taken_off_and_cleared(world: World) -> None:
    chat = Chat(world, 16)
    assert "since 2022-04" in chat.ask("/since 2022-04")["text"]
    chat.ask("/source 青岚新闻网")
    answer = chat.ask("where?")
    assert "Searched: since 2022-04 · 青岚新闻网" in answer["text"]
    chat.press(answer, "Without since")
    assert "Searched: 青岚新闻网" in answer["text"]
    assert "答：where?" in answer["text"]
    assert "everything" in chat.ask("/clear")["text"]
    assert "Searched" not in chat.ask("where?")["text"]


def test_what_a_question_was_understood_as_is_shown_and_taken_back(world: World) -> None:
    chat = Chat(world, 40)
    answer = chat.ask("where 去年?")
    assert "Understood: 去年 → 2022" in answer["text"]
    assert "Searched" not in answer["text"]
    follow = chat.ask("and then?", reply_to=answer["message_id"])
    assert "Searched: since 2022 · until 2022" in follow["text"]
    chat.press(answer, "literally")
    assert "Understood" not in answer["text"]
    assert not any("literally" in label for label in labels(answer))


def test_nothing_found_can_be_widened(world: World) -> None:
    chat = Chat(world, 41)
    answer = chat.ask("nothing 去年?")
    assert "has nothing within" in answer["text"]
    assert "It holds 5 articles, from 2022-04-14 to 2023-05-02." in answer["text"]
    assert "Without these limits, this comes nearest:\n「新跃鲤大桥通车」" in answer["text"]
    chat.press(answer, "literally")
    assert "Understood" not in answer["text"]


def test_age_of_an_answer_is_told_with_its_first_passage(world: World) -> None:
    chat = Chat(world, 42)
    answer = chat.ask("latest bridge ferry")
    assert "The newest article that answers is from 2023-05-02, 3 years ago." in answer["text"]
    chat.press(answer, "›")
    assert "newest" not in answer["text"]
    assert "nobody knows when that was so" in chat.ask("latest ferry")["text"]


def test_other_places_of_a_passage_are_named(world: World) -> None:
    answer = Chat(world, 43).ask("reprint ferry")
    assert "also in 「" in answer["text"]
    assert "「新跃鲤大桥通车」 青岚新闻网 · 2023-05-02" in answer["text"]


def test_latest_lists_articles_to_open_within_the_filters(world: World) -> None:
    chat = Chat(world, 44)
    listed = chat.ask("/latest")
    before = listed["html"]
    assert "1. " in listed["text"]
    assert listed["text"].index("新跃鲤大桥通车") < listed["text"].index("2022-04-14")
    chat.press(listed, "1")
    assert "新桥昨天通车。大桥一共花了" in listed["text"]
    chat.press(listed, "Back")
    assert listed["html"] == before
    chat.ask("/source 青岚新闻网")
    assert labels(chat.ask("/latest")) == ["1"]


def test_day_is_kept_shown_and_cleared(world: World) -> None:
    chat = Chat(world, 45)
    assert "is not a day" in chat.ask("/asof 2022-04")["text"]
    assert "as of 2022-12-31" in chat.ask("/asof 2022-12-31")["text"]
    answer = chat.ask("where?")
    assert "Searched: as of 2022-12-31" in answer["text"]
    assert "Searched: as of 2022-12-31" in chat.ask("more?", reply_to=answer["message_id"])["text"]
    assert "新跃鲤大桥通车" not in chat.ask("/latest")["text"]
    chat.press(answer, "Without as of")
    assert "Searched" not in answer["text"]
    chat.ask("/clear")
    assert "Searched" not in chat.ask("where?")["text"]


def test_forwarded_text_is_taken_literally(world: World) -> None:
    origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "X"}
    assert "Understood" not in Chat(world, 46).ask("去年 the bridge was opened", forward_origin=origin)["text"]


def test_older_and_newer_search_beside_the_shown_date(world: World) -> None:
    chat = Chat(world, 17)
    answer = chat.ask("bridge")
    chat.press(answer, "Older")
    assert "until 2023-05-01" in answer["text"]
    chat.press(answer, "Newer")
    assert "since 2023-05-03" in answer["text"]


def test_reply_to_an_answer_keeps_its_filters(world: World) -> None:
    chat = Chat(world, 18)
    first = chat.ask("bridge")
    chat.press(first, "Older")
    second = chat.ask("and then?", reply_to=first["message_id"])
    assert "until 2023-05-01" in second["text"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/since soon", "not a date"),
        ("/asof yesterday", "not a day"),
        ("/source nobody", "No source"),
        ("/ask", "What do you want"),
    ],
)
def test_wrong_arguments_are_explained(world: World, command: str, words: str) -> None:
    assert words in Chat(world, 19).ask(command)["text"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/start", "5 articles from 2 sources"),
        ("/help", "/since"),
        ("/sources", "青岚新闻网 · 2"),
        ("/stats", "9 passages"),
        ("/nonsense", "/since"),
    ],
)
def test_commands(world: World, command: str, words: str) -> None:
    assert words in Chat(world, 20).ask(command)["text"]


def test_language_and_script_are_chosen_with_buttons(world: World) -> None:
    chat = Chat(world, 21)
    menu = chat.ask("/lang")
    chat.press(menu, "繁體中文")
    assert chat.press_data(menu, "s.-.0.traditional") == "設定好了。"
    assert {"✓ 繁體中文", "✓ 繁體"} <= set(labels(menu))
    answer = chat.ask("bridge")
    assert "大橋一共花了2.17億元" in answer["text"]
    assert "原文已轉換為繁體" in answer["text"]
    assert "「新跃鲤大桥通车」" in answer["text"], "a citation stays in the source's own words"


def test_judging_stores_the_question_and_says_so(world: World) -> None:
    chat = Chat(world, 22)
    answer = chat.ask("bridge cost")
    chat.press(answer, "Rate")
    assert any("Stores your question" in label for label in labels(answer))
    assert "stored" in chat.press(answer, "Right")
    assert "Rate this" in labels(answer)
    assert "Right 1" in Chat(world, 900).ask("/feedback")["text"]


def test_refusal_can_be_called_right_where_all_was_searched(world: World) -> None:
    chat = Chat(world, 47)
    refused = chat.ask("refuse this")
    chat.press(refused, "Rate")
    assert "The archive does not say" in labels(refused)
    assert "stored" in chat.press(refused, "The archive does not say")
    for question in ("bridge", "refuse 去年"):
        answer = chat.ask(question)
        chat.press(answer, "Rate")
        assert "The archive does not say" not in labels(answer)


def test_why_is_said_in_words(world: World) -> None:
    chat = Chat(world, 23)
    notice = chat.press(chat.ask("bridge"), "Why")
    assert "It has some of the words you asked with" in notice
    assert "I am quite sure" in notice
    assert not re.search(r"\d\.\d|%|window", notice)


def test_forwarded_text_lists_similar_articles(world: World) -> None:
    origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "X"}
    answer = Chat(world, 24).ask("bridge and ferry", forward_origin=origin)
    assert answer["text"].startswith("No article has this as it stands.\nSimilar articles:\n• 「")
    assert "• 「新跃鲤大桥通车」 青岚新闻网 · 2023-05-02" in answer["text"]
    assert "• 「渡輪開航」" in answer["text"]


def test_group_is_answered_only_when_asked(world: World) -> None:
    group = Chat(world, -100, user=5)
    silent = [group.say("just talking"), group.say("hello @someone_else"), group.say("/stats@other_bot")]
    silent += [group.say("/ask@other_bot what"), group.say("/asking what")]
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    mentioned = group.ask("@chuchu_bot bridge?", entities=mention)
    assert "2.17亿元" in mentioned["text"]
    assert "答：what" in group.ask("/ask@chuchu_bot what")["text"]
    assert "答：more" in group.ask("more", reply_to=mentioned["message_id"])["text"]
    assert [group.answers_to(number) for number in silent] == [[]] * len(silent)


def test_only_the_asker_uses_the_buttons(world: World) -> None:
    group = Chat(world, -101, user=6)
    answer = group.ask("/ask bridge")
    before = dict(answer)
    assert "person who asked" in group.press_data(answer, data_of(answer, "Article"), user=7)
    assert answer == before


def test_button_pressed_again_and_again_changes_its_message_once(world: World) -> None:
    chat = Chat(world, 49)
    answer = chat.ask("page me")
    data = data_of(answer, "›")
    presses = [world.press(chat.number, answer["message_id"], data) for _ in range(4)]
    wait_until(world, lambda: all(world.callbacks[each] is not None for each in presses))
    assert "2/3" in labels(answer)
    edits = [given for name, given in world.calls if name.startswith("edit") and int(given["chat_id"]) == chat.number]
    assert len(edits) == 1


def test_button_of_another_chat_tells_nothing(world: World) -> None:
    mine, theirs = Chat(world, 25), Chat(world, 26)
    secret = data_of(mine.ask("bridge secret"), "Article")
    other = theirs.ask("hello")
    assert "expired" in theirs.press_data(other, secret)
    assert "secret" not in other["text"]


@pytest.mark.parametrize(
    "data", ["", "x", "h.AAAA.0", "h.AAAA.999999", "z.1.1", "v.x.0.right", "a." + "x" * 50, "l.-.0.klingon"]
)
def test_forged_buttons_are_acknowledged(world: World, data: str) -> None:
    chat = Chat(world, 27)
    assert chat.press_data(chat.ask("hello"), data) in {"This button has expired. Please ask again.", "Done."}


def test_inline_lists_citations_and_leads_to_the_article(world: World) -> None:
    number = world.inline(30, "bridge")
    wait_until(world, lambda: world.inlines[number] is not None)
    result = (world.inlines[number] or {})["results"][0]
    assert result["title"] == "新跃鲤大桥通车"
    assert result["description"].startswith("青岚新闻网 · 2023-05-02 — 大桥一共花了")
    assert "2.17亿元" in result["input_message_content"]["message_text"]
    url = result["reply_markup"]["inline_keyboard"][0][0]["url"]
    opened = Chat(world, 30).ask("/start " + url.partition("start=")[2])
    assert "新桥昨天通车。大桥一共花了" in opened["text"]


def test_article_opened_by_a_link_has_pages_to_turn(world: World) -> None:
    number = world.inline(48, "long")
    wait_until(world, lambda: world.inlines[number] is not None)
    result = (world.inlines[number] or {})["results"][0]
    chat, url = Chat(world, 48), result["reply_markup"]["inline_keyboard"][0][0]["url"]
    opened = chat.ask("/start " + url.partition("start=")[2])
    assert labels(opened) == ["›", "Share"]
    assert "第0段" in opened["text"]
    chat.press(opened, "›")
    assert labels(opened) == ["‹", "›", "Share"]
    assert "Part 2 of" in opened["text"]
    chat.press(opened, "‹")
    assert "Part 1 of" in opened["text"]


def test_only_the_last_inline_query_is_searched_for(world: World) -> None:
    numbers = [world.inline(31, text) for text in ("新", "新桥", "新桥多", "新桥多少钱")]
    wait_until(world, lambda: world.inlines[numbers[-1]] is not None)
    assert [world.inlines[number] is not None for number in numbers[1:]] == [False, False, True]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("crash", "went wrong on my side"),
        ("locked", "cannot be read at the moment"),
        ("x" * 3000, "too long"),
        ("hello", "Ask me about what the articles report"),
    ],
)
def test_faults_are_told_kindly(world: World, question: str, words: str) -> None:
    assert words in Chat(world, 32).ask(question)["text"]


@pytest.mark.parametrize("name", ["evil", "emoji", "evil emoji"])
def test_hostile_articles_are_shown_within_the_rules(world: World, name: str) -> None:
    chat = Chat(world, 33)
    answer = chat.ask(name)
    chat.press(answer, "Article")
    chat.press(answer, "Back")
    assert "<script>" not in answer["html"]
    assert "javascript:" not in answer["html"]


def test_admin_indexes_a_file_whatever_its_name(world: World, tmp_path: Path) -> None:
    number = world.send_file(900, "../../etc/passwd\x00.txt", "一\n二\n三".encode())
    chat = Chat(world, 900)
    wait_until(world, lambda: any("3 added" in answer["text"] for answer in chat.answers_to(number)))
    assert "Removed: bridge" in chat.ask("/remove bridge")["text"]
    assert "no article nobody" in chat.ask("/remove nobody")["text"]
    assert "5 articles" in chat.ask("/reload")["text"]


def test_others_are_told_nothing_of_what_admins_can(world: World) -> None:
    chat = Chat(world, 34)
    assert "/remove" not in chat.ask("/help")["text"]
    assert chat.ask("/remove bridge")["text"] == chat.ask("/unknown")["text"]
    sent = world.send_file(34, "x.txt", b"text")
    assert "only read text" in chat.answer_to(sent)["text"]


def test_menu_is_set_in_both_languages(world: World) -> None:
    wait_until(world, lambda: "zh" in world.commands)
    assert world.commands["zh"][0] == {"command": "ask", "description": "提问"}
    assert {"latest", "asof"} < {each["command"] for each in world.commands["zh"]}
    assert world.commands[""] == world.commands["en"]


def test_a_question_that_leans_on_the_one_before_is_completed(world: World) -> None:
    chat = Chat(world, 610, language="zh-hans")
    first = chat.ask("跃鲤大桥有多长？")
    assert "跃鲤大桥花了多少钱" in chat.ask("花了多少钱？")["text"], "the archive repeats what it was asked"
    assert "接着问：跃鲤大桥" in chat.ask("花了多少钱？")["text"]
    assert "接着问" not in chat.ask("台风")["text"], "a topic stands by itself"
    replied = {name: first[name] for name in ("message_id", "date", "chat", "from", "text")}
    followed = chat.ask("花了多少钱？", reply_to_message=replied)
    assert "接着问：跃鲤大桥" in followed["text"], "a reply leans on the answer that it replies to"


def test_an_edited_question_leans_on_the_one_before_it_and_later_ones_on_what_they_did(world: World) -> None:
    chat = Chat(world, 612, language="zh-hans")
    chat.ask("跃鲤大桥有多长？")
    asked = chat.say("花了几元？")
    leaning = chat.answer_to(asked)
    topic = chat.say("渡輪幾點開出頭班？")
    chat.answer_to(topic)
    world.edit(612, asked, "花了多少钱？")
    wait_until(world, lambda: "跃鲤大桥花了多少钱" in leaning["text"])
    assert "接着问：跃鲤大桥" in leaning["text"], "not 渡輪, which was asked later"
    assert "接着问：渡輪" in chat.ask("为什么？")["text"], "what was edited is not asked last"
    world.edit(612, topic, "青岚县图书馆有几层？")
    assert "接着问：渡輪" in chat.ask("谁说的？")["text"], "what is completed keeps what it took"


def test_a_message_that_becomes_a_question_leans_on_the_one_before_it(world: World) -> None:
    chat = Chat(world, 613, language="zh-hans")
    chat.ask("跃鲤大桥有多长？")
    said = chat.say("/help")
    chat.ask("渡輪幾點開出頭班？")
    world.edit(613, said, "花了多少钱？")
    wait_until(world, lambda: any("接着问：跃鲤大桥" in each["text"] for each in chat.answers_to(said)))


def test_what_is_asked_again_within_other_limits_is_not_asked_last(world: World) -> None:
    chat = Chat(world, 614, language="zh-hans")
    first = chat.ask("跃鲤大桥有多长？")
    chat.ask("渡輪幾點開出頭班？")
    chat.press(first, "更多")
    chat.press(first, "较早的")
    assert "接着问：渡輪" in chat.ask("为什么？")["text"]


def test_in_a_group_only_a_reply_leans_on_an_answer(world: World) -> None:
    chat = Chat(world, -611, user=611, language="zh-hans")
    chat.ask("/ask 跃鲤大桥有多长？")
    assert "接着问" not in chat.ask("/ask 花了多少钱？")["text"]
