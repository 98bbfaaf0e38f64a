"""The bot process when its server, its archive or itself fails: every question is answered once in the end."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.telegram.conftest import Chat, StartBot, labels
from tests.bot.telegram.server import TOKEN, Server, wait_until

pytestmark = pytest.mark.slow


def _ask_many(server: Server, chats: range, text: str = "question") -> list[tuple[Chat, int]]:
    return [(chat, chat.say(f"{text} {chat.number}")) for chat in (Chat(server.world, number) for number in chats)]


def _answered_once(server: Server, asked: list[tuple[Chat, int]], seconds: float = 30) -> None:
    wait_until(server.world, lambda: all(chat.answers_to(number) for chat, number in asked), seconds)
    for chat, number in asked:
        answers = chat.answers_to(number)
        assert len(answers) == 1
        assert f"question {chat.number}" in answers[0]["text"]


def test_calls_that_fail_are_made_again(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        server.faults.extend(["500", "502", "close", "nonsense", "429", "slow", "500"])
        asked = _ask_many(server, range(1, 9))
        _answered_once(server, asked)
        assert not server.faults
    assert "trying again" in bot.logged
    assert TOKEN not in bot.logged
    assert "question" not in bot.logged


def test_polls_that_fail_are_made_again(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        server.poll_faults.extend(["500", "nonsense", "close", "429"])
        asked = _ask_many(server, range(1, 3))
        wait_until(server.world, lambda: len(server.poll_faults) < 4)
        asked += _ask_many(server, range(3, 5))
        _answered_once(server, asked)
        wait_until(server.world, lambda: not server.poll_faults, 30)
        _answered_once(server, _ask_many(server, range(5, 7)))
    assert "fetching updates failed" in bot.logged
    assert TOKEN not in bot.logged


def test_server_that_goes_away_and_comes_back(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        before = _ask_many(server, range(1, 4))
        _answered_once(server, before)
        before += _ask_many(server, range(11, 13), "slow question")
        wait_until(server.world, lambda: any(name == "sendChatAction" for name, _ in server.world.calls))
        server.stop()
        failures = "fetching updates failed", "sendMessage failed (NetworkError); trying again"
        wait_until(server.world, lambda: all(failure in bot.logged for failure in failures), 60)
        during = _ask_many(server, range(4, 8))
        server.start()
        _answered_once(server, before + during)
        last = Chat(server.world, 1).ask("question 1")
        before[0][0].press(last, "›")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_restart_in_the_middle_loses_and_repeats_nothing(server: Server, start_bot: StartBot, number: int) -> None:
    asked = []
    with start_bot() as bot:
        bot.end()
        bot.environment["FAKE_DELAY"] = "0.1"
        bot.start()
        asked = _ask_many(server, range(1, 21))
        wait_until(server.world, lambda: sum(len(chat.answers_to(each)) for chat, each in asked) >= 3)
        bot.end(number)
        asked += _ask_many(server, range(21, 25))
        bot.start()
        _answered_once(server, asked)
        assert bot.end() == 0


def test_file_whose_indexing_was_killed_is_indexed_after_the_restart(server: Server, start_bot: StartBot) -> None:
    with start_bot(admins="1") as bot:
        chat, sent = Chat(server.world, 1), server.world.send_file(1, "slow.txt", "一\n二".encode())
        assert "Indexing" in chat.answer_to(sent)["text"]
        bot.end(signal.SIGKILL)
        bot.start()
        wait_until(server.world, lambda: any("2 added" in answer["text"] for answer in chat.answers_to(sent)), 30)


def test_sigterm_answers_what_was_begun(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        asked = _ask_many(server, range(1, 2), "slow question")
        wait_until(server.world, lambda: any(name == "sendChatAction" for name, _ in server.world.calls))
        assert bot.end() == 0
        _answered_once(server, asked, 0.5)


def test_news_is_announced_once_over_kills(server: Server, start_bot: StartBot) -> None:
    with start_bot(news_every="0.1") as bot:
        chats = [Chat(server.world, number) for number in range(1, 9)]
        for chat in chats:
            chat.ask("/watch news every week")
        bot.end(signal.SIGKILL)
        (bot.folder / "arrived").write_text("news\n", "utf-8")
        for _ in range(3):  # killed as soon as the first chats have heard of it
            before = _news(server)
            bot.start()
            wait_until(server.world, lambda before=before: _news(server) > before or _news(server) == 8, 60)  # type: ignore[misc]
            bot.end(signal.SIGKILL)
        bot.start()
        wait_until(server.world, lambda: _news(server) >= 7, 60)
        chats[0].ask("question 1")
    heard = [
        sum("New about" in each.get("text", "") for each in server.world.messages[n].values()) for n in range(1, 9)
    ]
    assert max(heard) == 1, "none hears it twice; of one whose message was on its way it cannot be known"
    assert sum(heard) >= 5


def _news(server: Server) -> int:
    with server.world.lock:
        chats = [chat for number, chat in server.world.messages.items() if 0 < number < 9]
        return sum("New about" in each.get("text", "") for chat in chats for each in chat.values())


def test_invitation_counts_whatever_was_written_before(server: Server, start_bot: StartBot) -> None:
    with start_bot(users="1", admins="1") as _:
        admin, guest = Chat(server.world, 1), Chat(server.world, 3)
        link = admin.ask("/pair")["text"].partition("start=")[2].strip()
        assert "invited people only" in guest.ask("hello?")["text"]
        assert "Welcome" in guest.ask(f"/start {link}")["text"]
        assert "答：question" in guest.ask("question")["text"]


@pytest.mark.parametrize("notice", ["migrate_to_chat_id", "migrate_from_chat_id"])
def test_group_that_becomes_a_supergroup_stays_known(server: Server, start_bot: StartBot, notice: str) -> None:
    with start_bot(chats="-7", users="1") as bot:
        group, new = Chat(server.world, -7, user=5), Chat(server.world, -1007, user=5)
        assert "2.17亿元" in group.ask("/ask bridge")["text"]
        group.ask("/since 2022")
        silent = new.say("/ask bridge")
        if notice == "migrate_to_chat_id":
            server.world.say(-7, None, 5, migrate_to_chat_id=-1007)
        else:
            server.world.say(-1007, None, 5, migrate_from_chat_id=-7)
        assert "Searched: since 2022" in new.ask("/ask bridge")["text"]
        bot.end()
        bot.start()
        again = new.say("/ask bridge")
        wait_until(server.world, lambda: new.answers_to(again), 60)
        assert new.answers_to(silent) == []


def test_typing_one_question_inline_does_not_exhaust_the_limit(server: Server, start_bot: StartBot) -> None:
    with start_bot(per_user="3") as _:
        world, typed = server.world, "how much was the bridge"
        for end in range(12, len(typed) + 1):
            number = world.inline(1, typed[:end])
            wait_until(world, lambda number=number: world.inlines[number] is not None)  # type: ignore[misc]
            assert (world.inlines[number] or {})["results"], typed[:end]
        number = world.inline(1, "something else")
        wait_until(world, lambda: world.inlines[number] is not None)
        refused = world.inlines[number] or {}
        assert refused["results"] == []
        assert int(refused["cache_time"]) == 0, "it is not kept for a minute that there was nothing"
        assert "That is a lot at once" in refused["button"]


def test_buttons_work_after_a_restart(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        chat = Chat(server.world, 1)
        answer = chat.ask("question")
        bot.end()
        bot.start()
        chat.press(answer, "›")
        assert "2/3" in labels(answer)
        assert "大桥" in answer["text"]


def test_old_buttons_say_that_they_expired(server: Server, start_bot: StartBot) -> None:
    with start_bot(keep_days="0.00001") as _:
        chat = Chat(server.world, 1)
        answer = chat.ask("question")
        time.sleep(1)  # 0.00001 days are 0.864 seconds
        assert "expired" in chat.press(answer, "›")


def test_what_was_asked_too_long_ago_is_not_answered(server: Server, start_bot: StartBot) -> None:
    with start_bot(oldest="3600") as _:
        chat = Chat(server.world, 1)
        old = chat.say("question 1", date=time.time() - 7200)
        _answered_once(server, [(chat, chat.say("question 1", date=time.time() - 1800))])
        assert chat.answers_to(old) == []


def test_floods_are_told_to_wait_once(server: Server, start_bot: StartBot) -> None:
    with start_bot(per_user="6", per_chat="6") as _:
        chat = Chat(server.world, 1)
        numbers = [chat.say(f"question {number}") for number in range(10)]
        wait_until(server.world, lambda: sum(len(chat.answers_to(number)) for number in numbers) == 3)
        other = Chat(server.world, 2).ask("question 2")
        assert "question 2" in other["text"]
        answers = [answer["text"] for number in numbers for answer in chat.answers_to(number)]
        assert sum("答：" in text for text in answers) == 2
        assert sum("That is a lot at once" in text for text in answers) == 1


def test_full_queue_says_how_many_are_before(server: Server, start_bot: StartBot) -> None:
    with start_bot(queue="1", workers="1") as _:
        first, second, third = _ask_many(server, range(1, 4), "slow question")
        texts = [chat.answer_to(number)["text"] for chat, number in (first, second, third)]
        assert sum("I am busy: 2 before you" in text for text in texts) == 1, "one waits, one is answered"


def test_question_that_takes_too_long_is_given_up(server: Server, start_bot: StartBot) -> None:
    with start_bot(timeout="0.3") as _:
        assert "took too long" in Chat(server.world, 1).ask("slow question")["text"]


def test_only_the_invited_may_ask(server: Server, start_bot: StartBot) -> None:
    with start_bot(users="1", admins="1") as _:
        admin, stranger = Chat(server.world, 1), Chat(server.world, 2)
        assert "invited people only. Your number is 2" in stranger.ask("question")["text"]
        link = admin.ask("/pair")["text"].partition("start=")[2].strip()
        guest, late = Chat(server.world, 3), Chat(server.world, 4)
        assert "Welcome" in guest.ask(f"/start {link}")["text"]
        assert "答：question" in guest.ask("question")["text"]
        assert "used up" in late.ask(f"/start {link}")["text"]
        number = server.world.inline(2, "bridge")
        wait_until(server.world, lambda: server.world.inlines[number] is not None)
        assert (server.world.inlines[number] or {})["results"] == []


def test_group_limit_of_telegram_is_kept(server: Server, start_bot: StartBot) -> None:
    server.world.per_group_minute = 5
    with start_bot(group_rate="600") as _:
        group = Chat(server.world, -5, user=1)
        asked = [(group, group.say(f"/ask question {-5}")) for _ in range(6)]
        private = _ask_many(server, range(1, 3))
        _answered_once(server, private)
        wait_until(server.world, lambda: server.world.refusals)
        server.world.per_group_minute = 50
        _answered_once(server, asked, 20)
    assert ("sendMessage", 429, "Too Many Requests: retry after 3") in server.world.refusals


def test_broken_updates_do_not_stop_the_others(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        broken: list[object] = [{}, {"message_id": 1}, [], "x", None, {"chat": 1, "date": "soon"}]
        for body in broken:
            server.world.push("message", body)
            server.world.push("callback_query", body)
        _answered_once(server, _ask_many(server, range(1, 3)))
    assert "cannot be read and is skipped" in bot.logged


def test_second_bot_with_the_same_token_is_named(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        _answered_once(server, _ask_many(server, range(2, 3)))
        for _ in range(50):  # until one meets a poll of the bot's, which pauses between two
            urllib.request.urlopen(f"{server.url}/bot{TOKEN}/getUpdates?timeout=0", timeout=5).close()  # noqa: S310 loopback
            if "another process polls with the same token" in bot.logged:
                break
            time.sleep(0.1)
        assert "another process polls with the same token" in bot.logged
        _answered_once(server, _ask_many(server, range(1, 2)))


def test_wrong_token_ends_in_one_line(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        bot.end()
        bot.environment["CHUCHU_TELEGRAM_TOKEN"] = "1:wrong"  # noqa: S105 it is
        bot.start()
        assert bot.process
        assert bot.process.wait(20) != 0
    assert "Telegram does not know this CHUCHU_TELEGRAM_TOKEN" in bot.logged


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _get(url: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, body, {name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310 loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def _is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_webhook_takes_only_what_telegram_sends(server: Server, start_bot: StartBot) -> None:
    port, monitor = free_port(), free_port()
    settings = {"webhook": f"http://127.0.0.1:{port}", "listen": f"127.0.0.1:{port}", "monitor": f"127.0.0.1:{monitor}"}
    with start_bot(**settings) as bot:
        wait_until(server.world, lambda: server.world.webhook["url"])
        _answered_once(server, _ask_many(server, range(1, 6)))
        url = server.world.webhook["url"]
        message = server.world.message(9, "question 9", 9)
        update = json.dumps({"update_id": 1, "message": message}).encode()
        content, secret = {"Content_Type": "application/json"}, "X_Telegram_Bot_Api_Secret_Token"
        assert _get(url, update, **content)[0] == 403
        assert _get(url, update, **content, **{secret: "guess"})[0] == 403
        assert _get(f"http://127.0.0.1:{port}/", update, **content)[0] == 404
        assert TOKEN.partition(":")[2] not in url
        assert _get(f"http://127.0.0.1:{monitor}/healthz") == (200, "ok\n")
        measured = _get(f"http://127.0.0.1:{monitor}/metrics")[1]
        assert 'chuchu_questions_total{from="private"} 5' in measured
        assert "chuchu_archive_articles 5" in measured
        during = _ask_many(server, range(11, 14))
        bot.end()
        bot.start()
        _answered_once(server, during)
        assert Chat(server.world, 9).answers_to(message["message_id"]) == []
        wait_until(server.world, lambda: _is_listening(port))  # what the journal kept is answered before
        given = {secret: server.world.webhook["secret_token"]}
        assert [_get(url, update, **content, **given)[0] for _ in range(3)] == [200] * 3
        _answered_once(server, [(Chat(server.world, 9), message["message_id"])])
        _answered_once(server, _ask_many(server, range(15, 17)))
        assert len(Chat(server.world, 9).answers_to(message["message_id"])) == 1


def test_archive_that_goes_and_comes_back(server: Server, start_bot: StartBot) -> None:
    with start_bot() as bot:
        chat, catalogue = Chat(server.world, 1), bot.folder / "catalogue.sqlite"
        catalogue.unlink()
        assert "cannot be read at the moment" in chat.ask("question")["text"]
        catalogue.touch()
        assert "答：question" in chat.ask("question")["text"]
    assert "there is no archive in" in bot.logged


def test_many_chats_at_once_get_their_own_answers(server: Server, start_bot: StartBot) -> None:
    server.world.per_second = 1000
    with start_bot(send_rate="1000") as _, ThreadPoolExecutor(4) as people:
        asked = list(people.map(lambda number: _ask_many(server, range(number, number + 1))[0], range(1, 101)))
        _answered_once(server, asked)
    assert server.world.refusals == []
