"""What people do in chats besides asking plainly: groups, replies, edits, pictures, buttons; each as Telegram sends it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.telegram.conftest import Chat, data_of, labels, running_bot
from tests.bot.telegram.fakes import ARTICLES
from tests.bot.telegram.server import Server, wait_until
from tests.bot.telegram.world import BOT, Json, World

_SETTINGS = {"ADMINS": "900", "GROUP_RATE": "1000", "SEND_RATE": "1000", "NEWS_EVERY": "0.2"}
_BRIDGE = ARTICLES["bridge"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One bot for all of this module, each test in chats of its own; it may not be refused anything."""
    settings = {f"CHUCHU_TELEGRAM_{name}": value for name, value in _SETTINGS.items()}
    with (
        Server(World(per_second=1000, per_group_minute=1000)) as server,
        running_bot(tmp_path_factory.mktemp("bot"), server, settings) as bot,
    ):
        server.folder = bot.folder  # type: ignore[attr-defined]  # where the fake archive looks for what arrives
        yield server
        assert server.world.refusals == []
        assert "Traceback" not in bot.logged


@pytest.fixture
def world(shared: Server) -> World:
    return shared.world


def _rows(message: Json) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


def _inline(world: World, user: int, text: str) -> Json:
    number = world.inline(user, text)
    wait_until(world, lambda: world.inlines[number] is not None)
    return world.inlines[number] or {}


# who is heard

_ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


@pytest.mark.parametrize(
    ("chat", "sender", "posted_as"),
    [
        (-301, _ANONYMOUS, {"id": -301, "type": "supergroup", "title": "G"}),
        (-302, _CHANNEL, {"id": -999, "type": "channel", "title": "C"}),
    ],
)
def test_who_posts_as_a_chat_is_heard_and_anybody_there_may_press(
    world: World, chat: int, sender: Json, posted_as: Json
) -> None:
    group = Chat(world, chat, user=5)
    number = world.say(chat, "/ask bridge", 5, **{"from": sender, "sender_chat": posted_as})
    answer = group.answer_to(number)
    assert "2.17亿元" in answer["text"]
    assert group.press_data(answer, data_of(answer, "Article"), user=7) == ""
    assert "新桥昨天通车" in answer["text"]


def test_other_bots_are_not_heard(world: World) -> None:
    other = {"id": 77, "is_bot": True, "first_name": "R", "username": "other_bot"}
    number = world.say(-303, "/ask bridge", 5, **{"from": other})
    Chat(world, -303, user=5).ask("/ask ferry")
    assert Chat(world, -303).answers_to(number) == []


def test_language_follows_the_question_where_telegram_names_none(world: World) -> None:
    for number, (text, said) in enumerate(
        [
            ("refuse 桥有多长呢", "文章库里没有答案"),
            ("refuse 橋有多長呢", "文章庫裡沒有答案"),
            ("refuse this", "does not say"),
        ]
    ):
        chat = 310 + number
        sender = {"id": chat, "is_bot": False, "first_name": "P"}
        assert said in Chat(world, chat).ask(text, **{"from": sender})["text"]


def test_language_follows_the_text_that_is_replied_to(world: World) -> None:
    group, posted_as = Chat(world, -305, user=5), {"id": -305, "type": "supergroup", "title": "G"}
    claim = group.say("桥上昨天发现了外星人的飞船，专家说不清楚。")
    answer = group.ask("/ask", reply_to=claim, **{"from": _ANONYMOUS, "sender_chat": posted_as})
    assert answer["text"].startswith("有 1 家媒体这样报道")


@pytest.mark.parametrize(
    "more", [{"new_chat_members": [BOT]}, {"group_chat_created": True}, {"text": "/start@chuchu_bot"}]
)
def test_group_reads_how_to_ask_there(world: World, more: Json) -> None:
    group = Chat(world, -306, user=5)
    greeting = group.answer_to(world.say(-306, more.pop("text", None), 5, language="zh-hans", **more))
    assert greeting["text"].startswith("发 /ask 加上问题")
    assert "直接问我" not in greeting["text"]
    joined = world.say(-306, None, 5, new_chat_members=[{"id": 8, "is_bot": False, "first_name": "P"}])
    group.ask("/ask bridge")
    assert group.answers_to(joined) == [], "others are not greeted"


def test_who_names_the_bot_and_asks_nothing_reads_how_to_ask(world: World) -> None:
    group = Chat(world, -309, user=5)
    photo = group.say(None, photo=[{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}])  # type: ignore[arg-type]
    for more in ({}, {"reply_to": photo}):
        assert "/ask" in group.ask("@chuchu_bot", **more)["text"]
    silent = group.say("/other@chuchu_bot2 @chuchu_bot")
    group.ask("/ask bridge")
    assert group.answers_to(silent) == []


_RICH = {
    "blocks": [
        {"type": "heading", "text": "bridge", "size": 1},
        {"type": "paragraph", "text": ["大桥一共", {"type": "bold", "text": ["花了"]}, "多少钱"]},
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "ferry"}]}]},
        {"type": "table", "cells": [[{"text": "a"}, {"text": "b"}]]},
        {"type": "divider"},
    ]
}


def test_rich_messages_and_polls_are_read(world: World) -> None:
    group = Chat(world, -307, user=5)
    rich = group.say(None, rich_message=_RICH)  # type: ignore[arg-type]  # it has no text
    assert "2.17亿元" in group.ask("/ask", reply_to=rich)["text"]
    poll = {"id": "1", "question": "bridge 多少钱？", "options": [], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    asked = group.say(None, poll=poll | {"allows_revoting": False, "members_only": False})  # type: ignore[arg-type]
    assert "2.17亿元" in group.ask("/ask", reply_to=asked)["text"]


def test_who_writes_to_a_channel_is_answered_in_their_own_topic(world: World) -> None:
    topic = {"topic_id": 77, "user": {"id": 5, "is_bot": False, "first_name": "P"}}
    Chat(world, -308, user=5).ask("/ask bridge", direct_messages_topic=topic)
    sent = [given for name, given in world.calls if name == "sendMessage" and int(given["chat_id"]) == -308]
    assert [given["direct_messages_topic_id"] for given in sent] == ["77"]


def test_typing_is_shown_in_the_topic(world: World) -> None:
    Chat(world, -304, user=5).ask("/ask slow question", message_thread_id=17, is_topic_message=True)
    signs = [given for name, given in world.calls if name == "sendChatAction" and int(given["chat_id"]) == -304]
    assert signs
    assert {int(given["message_thread_id"]) for given in signs} == {17}


# claims: never "reported" without an article that has it


def _forwarded(world: World, chat: int, text: str) -> str:
    origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "X"}
    return str(Chat(world, chat).ask(text, forward_origin=origin)["text"])


_TEXT = _BRIDGE.text
_INVENTED = [
    f"{_TEXT}桥面随后裂开，交通中断。",
    _TEXT.replace("2.17", "3.17"),
    _TEXT.replace("两千人", "九千人"),
    "bridge\n" + _TEXT.replace("昨天通车", "通车昨天取消"),
    "bridge\n" + _TEXT.replace("新桥", "老桥"),
    "bridge\n" + _TEXT.replace("通车", "没有通车"),
    "bridge 外星人昨天在桥上降落。",
]


@pytest.mark.parametrize("text", _INVENTED)
def test_invention_is_not_vouched_for(world: World, text: str) -> None:
    said = _forwarded(world, 320, text)
    assert said.startswith("No article has this as it stands.")
    assert "Reported" not in said


def test_what_stands_in_an_article_is_reported_by_its_outlets(world: World) -> None:
    text = "新躍鯉大橋通車\n" + _TEXT.replace("。", "！\n")
    said = _forwarded(world, 321, text)
    assert said.startswith("Reported by 1: 青岚新闻网.")
    differing = _forwarded(world, 322, text.replace("2.17", "3.17"))
    assert "Not there: 3.17" in differing


def test_what_is_reported_or_found_nowhere_lists_nothing_else(world: World) -> None:
    reported = _forwarded(world, 323, _TEXT)
    assert "Similar" not in reported
    assert reported.count("「新跃鲤大桥通车」") == 1
    nowhere = _forwarded(world, 324, "refuse 外星人昨天在月球上召开了第三次代表大会。")
    assert "•" not in nowhere


@pytest.mark.parametrize("said", ["/ask", "@chuchu_bot", "/ask 真的吗？"])
def test_reply_checks_a_message_and_its_buttons_ask_for_it_again(world: World, said: str) -> None:
    group = Chat(world, -330, user=5)
    claim = group.say(_TEXT)
    answer = group.ask(said, reply_to=claim)
    assert answer["text"].startswith("Reported by 1: 青岚新闻网.")
    group.press(answer, "Older")
    assert "until 2023-05-01" in answer["text"]
    assert answer["text"].startswith("Reported by 1"), "it is still this text that is asked for"
    group.press(answer, "Rate")
    assert "stored" in group.press(answer, "Right")


def test_quote_and_caption_are_checked(world: World) -> None:
    group, claim = Chat(world, -331, user=5), _TEXT.split("。")[1] + "。"
    photo = group.say(
        "", caption=f"bridge {claim}", photo=[{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    )
    assert "Reported" not in group.ask("/ask", reply_to=photo)["text"], "the word in front stands nowhere"
    quote = {"text": f"{claim}bridge", "position": 0}
    assert group.ask(
        "/ask", external_reply={"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"}}, quote=quote
    )
    caption = world.say(
        -331, None, 5, caption="/ask bridge", photo=[{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    )
    assert "2.17亿元" in group.answer_to(caption)["text"]
    assert "2.17亿元" in group.ask("@chuchu_bot桥bridge多少钱")["text"]


# how an answer looks


def test_answer_is_short_first_and_has_two_rows_of_buttons(world: World) -> None:
    chat = Chat(world, 340)
    answer = chat.ask("page me")
    assert answer["html"].startswith("<b>答：page me。</b>\n「回声」 回声报 · 2024-01-02\n<blockquote expandable>")
    assert _rows(answer) == [["1/3", "›"], ["Article", "More…"]]
    before = answer["html"]
    chat.press(answer, "More")
    assert {"Why this?", "Rate this", "Older", "Newer", "Share"} <= set(labels(answer))
    chat.press(answer, "Back")
    assert _rows(answer) == [["1/3", "›"], ["Article", "More…"]]
    assert answer["html"] == before


@pytest.mark.parametrize(
    "question", ["bridge", "refuse bridge", "nothing 去年?", "latest ferry", "evil", "reprint ferry 去年", "hello"]
)
def test_nothing_is_slanted(world: World, question: str) -> None:
    chat = Chat(world, 341, language="zh-hans")
    answer = chat.ask(question)
    assert "<i>" not in answer["html"]
    if answer.get("reply_markup"):
        assert len(_rows(answer)) <= 2


def test_article_marks_the_passage_and_leads_to_the_original(world: World) -> None:
    chat = Chat(world, 342)
    answer = chat.ask("bridge")
    chat.press(answer, "Article")
    assert "<b>大桥一共花了2.17亿元，比预算少了三百万元。</b>" in answer["html"]
    urls = [button["url"] for row in answer["reply_markup"]["inline_keyboard"] for button in row if "url" in button]
    assert urls == [_BRIDGE.url]
    chat.press(answer, "Share")
    posted = list(world.messages[342].values())[-1]
    assert "大桥一共花了2.17亿元" in posted["text"]
    assert f"「新跃鲤大桥通车」 青岚新闻网 · 2023-05-02\n{_BRIDGE.url}" in posted["text"]
    query = posted["reply_markup"]["inline_keyboard"][0][0]["switch_inline_query"]
    results = _inline(world, 342, query)["results"]
    assert [result["input_message_content"]["message_text"] for result in results] == [posted["html"]]


def test_newer_then_older_keeps_one_of_them_and_what_the_person_set(world: World) -> None:
    chat = Chat(world, 343)
    chat.ask("/since 2020")
    answer = chat.ask("bridge")
    chat.press(answer, "Newer")
    assert "Searched: since 2023-05-03" in answer["text"]
    chat.press(answer, "Older")
    assert "Searched: since 2020 · until 2023-05-01" in answer["text"]


# filters as people write them


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("/since 2022年4月", "since 2022-04"),
        ("/since：２０２２－０４", "since 2022-04"),
        ("/until 2022年4月", "until 2022-04"),
        ("／since 2022/4/14", "since 2022-04-14"),
        ("/since二〇二二年四月", "since 2022-04-01"),
        ("/source 青嵐新聞網", "青岚新闻网"),
        ("/source：青岚 新闻网", "青岚新闻网"),
        ("/asof 2022年4月14日", "as of 2022-04-14"),
    ],
)
def test_filters_are_read_in_any_notation(world: World, given: str, said: str) -> None:
    chat = Chat(world, 344)
    chat.ask("/clear")
    assert f"I search: {said}." in chat.ask(given)["text"]


def test_last_year_is_counted_from_today(world: World) -> None:
    chat, year = Chat(world, 345), time.localtime().tm_year - 1
    assert f"since {year}-01-01" in chat.ask("/since 去年")["text"]
    assert f"until {year}-12-31" in chat.ask("/until last year")["text"]


def test_timezone_is_set_by_name_by_hours_and_with_buttons(world: World) -> None:
    chat = Chat(world, 346)
    assert "not a timezone" in chat.ask("/tz Mars/Olympus")["text"]
    assert "Timezone: +14" in chat.ask("/tz +14")["text"]
    east = chat.ask("/tz")["text"].partition("Today is ")[2][:10]
    west = chat.ask("/tz -12")["text"].partition("Today is ")[2][:10]
    assert west < east, "26 hours apart it is never the same day"
    assert "Timezone: Asia/Shanghai" in chat.ask("/tz 上海")["text"]
    menu = chat.ask("/tz new  york")
    assert {"✓ New York", "Los Angeles"} <= set(labels(menu))
    menu = chat.ask("/tz ASIA/shanghai")
    assert "ASIA/shanghai" in menu["text"]
    assert chat.press(menu, "Tokyo") == "Done."
    assert "Timezone: Asia/Tokyo" in menu["text"]


# what is sent that is no question


def test_what_cannot_be_read_is_said_once(world: World) -> None:
    chat = Chat(world, 350)
    photo = {"photo": [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]}
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
        "type": "regular",
    }
    pinned = world.message(350, "pinned", 350)
    sent = [
        world.say(350, None, 350, pinned_message=pinned),
        world.say(350, None, 350, message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
    ]
    sent += [world.say(350, None, 350, media_group_id="7", **photo) for _ in range(8)]
    sent += [world.say(350, None, 350, sticker=sticker) for _ in range(60)]
    chat.ask("bridge")
    answers = [answer["text"] for number in sent for answer in chat.answers_to(number)]
    assert answers == ["I can only read text. Please type a question."]
    assert chat.answers_to(sent[0]) == chat.answers_to(sent[1]) == []


# edits


def test_edited_question_is_answered_again_in_place(world: World) -> None:
    chat = Chat(world, 360)
    number = chat.say("bridge")
    answer = chat.answer_to(number)
    before = len(world.messages[360])
    world.edit(360, number, "ferry")
    wait_until(world, lambda: "單程票" in answer["text"])
    chat.press(answer, "Newer") if "Newer" in labels(answer) else None
    world.edit(360, number, "echo then")
    wait_until(world, lambda: "答：echo then" in answer["text"])
    assert len(world.messages[360]) == before, "nothing new is sent"
    chat.press(answer, "Older")
    assert "答：echo then" in answer["text"]


def test_edit_that_makes_a_question_of_a_message_is_answered(world: World) -> None:
    group = Chat(world, -361, user=5)
    number = group.say("how much was the bridge")
    world.edit(-361, number, "/ask bridge")
    assert "2.17亿元" in group.answer_to(number)["text"]


# lists


def test_sources_have_buttons_that_list_what_is_newest_of_one(world: World) -> None:
    chat = Chat(world, 370)
    listed = chat.ask("/sources")
    before = listed["text"]
    assert before.startswith("Sources:\n1. 青岚新闻网 · 2")
    chat.press(listed, "1")
    assert "Newest:\n1. 「新跃鲤大桥通车」" in listed["text"]
    assert "Searched: 青岚新闻网" in listed["text"]
    chat.press(listed, "1")
    assert "新桥昨天通车" in listed["text"]
    chat.press(listed, "Back")
    chat.press(listed, "Back")
    assert listed["text"] == before


# inline mode


def test_typing_one_question_counts_once_and_refusals_say_so(world: World) -> None:
    refused = _inline(world, 380, "refuse bridge")
    assert "does not say" in refused["button"]
    result = refused["results"][0]
    assert result["title"].startswith("The archive does not say")
    posted = result["input_message_content"]["message_text"]
    assert posted.startswith("<b>refuse bridge\n</b>The archive does not say.")
    answered = _inline(world, 381, "bridge")["results"][0]["input_message_content"]["message_text"]
    assert answered.startswith("<b>bridge\n"), "what is posted says what was asked"


# admins


def test_article_that_an_admin_opens_can_be_removed_there(world: World) -> None:
    chat = Chat(world, 900)
    answer = chat.ask("bridge")
    chat.press(answer, "Article")
    chat.press(answer, "Remove")
    assert "Remove the article bridge" in answer["text"]
    chat.press(answer, "Back")
    assert "新桥昨天通车" in answer["text"]
    chat.press(answer, "Remove")
    chat.press(answer, "Yes")
    assert answer["text"] == "Removed: bridge"
    other = Chat(world, 390)
    shown = other.ask("bridge")
    key: Any = data_of(shown, "Article")
    other.press(shown, "Article")
    assert "Remove" not in labels(shown)
    assert "expired" in other.press_data(shown, key.replace("a.", "r.", 1) + ".yes")


def test_indexing_does_not_hold_back_the_admins_chat(world: World) -> None:
    chat = Chat(world, 900)
    sent = world.send_file(900, "slow.txt", "一\n二".encode())
    answer = chat.ask("bridge")
    assert "2.17亿元" in answer["text"]
    assert not any("2 added" in each["text"] for each in chat.answers_to(sent))
    wait_until(world, lambda: any("2 added" in each["text"] for each in chat.answers_to(sent)))


def test_file_that_is_skipped_is_named_as_it_was_sent_and_why_in_the_admins_language(world: World) -> None:
    chat = Chat(world, 900)
    world.files["empty"] = ("documents/empty", b"")
    document = {"file_id": "empty", "file_unique_id": "e", "file_name": "空.txt", "file_size": 0}
    sent = world.say(900, None, 900, language="zh-hans", document=document)
    wait_until(world, lambda: any("跳过 1 篇" in each["text"] for each in chat.answers_to(sent)))
    assert chat.answers_to(sent)[0]["text"].splitlines()[1] == "空.txt：空文件"


def test_file_that_telegram_has_no_more_is_reported(world: World) -> None:
    chat = Chat(world, 900)
    document = {"file_id": "gone", "file_unique_id": "gone", "file_name": "gone.txt", "file_size": 5}
    before = len(world.refusals)
    sent = world.say(900, None, 900, document=document)
    wait_until(world, lambda: any("could not be fetched" in each["text"] for each in chat.answers_to(sent)))
    del world.refusals[before:]  # that it has not is what is tried here


# standing questions


def _arrives(folder: Path, *lines: str) -> None:
    with (folder / "arrived").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _announced(world: World, chat: int) -> list[str]:
    with world.lock:
        mine = [each for each in world.messages[chat].values() if each["from"]["is_bot"]]
        return [each["text"] for each in mine if "New about" in each["text"]]


def test_new_stories_are_announced_in_one_message_and_once(shared: Server, world: World) -> None:
    chat, folder = Chat(world, 395), shared.folder  # type: ignore[attr-defined]
    assert "What shall I look out for" in chat.ask("/watch")["text"]
    _arrives(folder, "typhoon before")
    menu = chat.ask("/watch typhoon every hour")
    assert "I look out for: typhoon." in menu["text"]
    assert "✓ at most once an hour" in labels(menu)
    _arrives(folder, "typhoon one", "something else", "typhoon two")
    wait_until(world, lambda: _announced(world, 395))
    text = _announced(world, 395)[0]
    assert text.startswith("New about “typhoon”:\n1. 「回声」")
    assert "答：typhoon one。" in text
    assert "答：typhoon two。" in text
    assert "before" not in text
    assert "else" not in text
    news = list(world.messages[395].values())[-1]
    chat.press(news, "2")
    assert "typhoon two" in news["text"]
    _arrives(folder, "typhoon three")
    time.sleep(1)
    assert len(_announced(world, 395)) == 0, "the message shows the article, and within the hour there is no other"
    chat.press(menu, "✕ typhoon")
    assert "I look out for nothing here." in menu["text"]


@pytest.mark.parametrize(
    ("refusal", "stays"),
    [("message thread not found", True), ("can't parse entities", True), ("chat not found", False)],
)
def test_a_refused_announcement_ends_none_but_those_of_a_chat_that_is_gone(
    shared: Server, world: World, refusal: str, stays: bool
) -> None:
    number = -397 - len(refusal)
    world.admins.add((number, 6))
    chat, before = Chat(world, number, user=6), len(world.refusals)
    chat.ask(f"/watch {refusal}", message_thread_id=9, is_topic_message=True)
    world.refused_once[number] = f"Bad Request: {refusal}"
    _arrives(shared.folder, f"{refusal} happened")  # type: ignore[attr-defined]
    if stays:
        wait_until(world, lambda: _announced(world, number))
    else:
        wait_until(world, lambda: number not in world.refused_once)
        time.sleep(0.5)
    assert (refusal in chat.ask("/watch")["text"]) is stays
    del world.refusals[before:]  # they are what is tried here


def test_in_groups_admins_alone_set_what_is_announced(shared: Server, world: World) -> None:
    world.admins.add((-396, 6))
    member, admin = Chat(world, -396, user=5), Chat(world, -396, user=6)
    assert "only admins" in member.ask("/watch flood")["text"]
    menu = admin.ask("/watch flood", message_thread_id=9, is_topic_message=True)
    assert "only admins" in member.press_data(menu, data_of(menu, "✕ flood"), user=5)
    anonymous = {"from": _ANONYMOUS, "sender_chat": {"id": -396, "type": "supergroup", "title": "G"}}
    assert "I look out for: storm." in member.ask("/watch storm，每天", **anonymous)["text"]
    _arrives(shared.folder, "flood and storm")  # type: ignore[attr-defined]
    wait_until(world, lambda: _announced(world, -396))
    assert _announced(world, -396)[0].count("flood and storm") == 1
    assert [each["thread"] for each in world.messages[-396].values() if "New about" in each.get("text", "")] == [9]


def test_commands_without_what_they_want_say_what_that_is(world: World) -> None:
    chat = Chat(world, 398)
    for command in ("/timeline", "/watch"):
        assert command in chat.ask(command)["text"]
    assert "/ask" in Chat(world, -399, user=5).ask("/ask")["text"]
