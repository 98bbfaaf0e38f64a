"""A reading room over a small archive, hostile articles included."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.live_archive import LiveArchive, Workers
from bot.settings import WebSettings
from bot.telegram.state import Ratings
from bot.web.pages import Room
from bot.web.site import build
from retrieval import Archive, Settings, index_paths
from tests.fakes import FakeEncoder

BRIDGE = (
    "跃鲤大桥昨天通车。\n大桥一共花了2.17亿元，比预算多出三百万元。通车当天有两千人走过，最早上桥的是一位退休船工。\n"
    "老桥不拆，改成步行桥。"
)
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u202e]]>{{ 7*7 }}"
RECORDS: list[dict[str, str]] = [
    {"id": "news/bridge.txt", "title": "跃鲤大桥通车", "text": BRIDGE, "source": "青岚新闻网", "author": "佘望舒"}
    | {"published": "2023-05-02", "url": "https://news.example/bridge?a=1&b=2"},
    {
        "id": "copy",
        "title": "大桥通车了",
        "text": BRIDGE + "\n本报将继续关注。",
        "source": "临澜日报",
        "published": "2023-05-03",
    },
    {
        "id": "ferry",
        "title": "渡輪開航",
        "text": "單程票三百二十元。渡輪每日兩班，清晨六時開出頭班。",
        "source": "碧汐日報",
    },
    {"id": f"../{EVIL}", "title": EVIL, "source": EVIL, "author": EVIL, "url": "javascript:alert(1)"}
    | {"text": f"恶意的渔港消息：{EVIL}渔港今天停了三百条船，明天开港。"},
    {
        "id": "old",
        "title": "旧闻",
        "text": "水库去年蓄水一亿方，今年还要多些。",
        "source": "青岚新闻网",
        "published": "2021-01",
    },
]

RoomMaker = Callable[..., Room]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("room")
    (place / "articles.jsonl").write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in RECORDS), "utf-8")
    index_paths([place / "articles.jsonl"], place / "archive", FakeEncoder())
    return place / "archive"


@pytest.fixture
def rooms(folder: Path, tmp_path: Path) -> Iterator[RoomMaker]:
    """Make reading rooms with settings of their own."""
    made: list[Room] = []

    def make(**settings: object) -> Room:
        web = WebSettings.model_validate({"per_minute": 100_000, "state": tmp_path / "state", **settings})
        opener = partial(Archive, folder, Settings(reader="off"), FakeEncoder())
        made.append(Room(LiveArchive(folder, opener, Workers(2, 50, 30)), web, Ratings(web.state)))
        return made[-1]

    yield make
    for room in made:
        room.archive.close()


@pytest.fixture
def reader(rooms: RoomMaker) -> TestClient:
    """A browser without scripts and without cookies."""
    return client_of(rooms())


def client_of(room: Room, host: str = "127.0.0.1") -> TestClient:
    return TestClient(build(room, host), base_url="http://127.0.0.1:8350", follow_redirects=False)
