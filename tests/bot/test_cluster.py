import json
from pathlib import Path
from uuid import uuid4

import pytest

from tests.bot.test_cli import ARTICLE, Chuchu, failed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chuchu(prepared_cache: Path, milvus_server: str, tmp_path_factory: pytest.TempPathFactory) -> Chuchu:
    """The commands with an archive in a cluster, which two shards made."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "articles").mkdir()
    for name in ("bridge", "ferry"):
        (folder / "articles" / f"{name}.txt").write_text(ARTICLE.replace("新桥", name), "utf-8")
    made = Chuchu(prepared_cache, folder)
    made.environment |= {"CHUCHU_INDEX": milvus_server, "CHUCHU_MILVUS_PREFIX": f"t{uuid4().hex[:12]}"}
    added = [made.json("index", str(folder / "articles"), "--shard", shard)["added"] for shard in ("1/2", "2/2")]
    assert sum(added) == 2
    return made


def test_the_commands_work_on_an_address(chuchu: Chuchu) -> None:
    answer = chuchu.json("ask", "大桥全长多少米？")
    assert "三百四十米" in answer["hits"][0]["text"]
    assert chuchu.json("stats")["articles"] == 2
    assert chuchu.json("sources") == [
        {"name": "沄江晚报", "articles": 2, "first": "2023-03-14T09:12", "last": "2023-03-14T09:12"}
    ]
    assert "老船工" in chuchu("show", "ferry.txt").stdout
    assert "nothing is wrong" in chuchu("verify").stdout
    assert "大桥全长三百四十米" in chuchu("chat", stdin="大桥全长多少米？\n").stdout
    assert chuchu.environment["CHUCHU_INDEX"] in chuchu("doctor").stdout


def test_copy_and_eval(chuchu: Chuchu, tmp_path: Path) -> None:
    address, folder = chuchu.environment["CHUCHU_INDEX"], str(tmp_path / "copy")
    assert chuchu.json("copy", "--from", address, "--to", folder)["added"] == 2
    question = {
        "id": "q",
        "question": "大桥全长多少米？",
        "articles": ["bridge.txt", "ferry.txt"],
        "answers": ["三百四十米"],
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(question), "utf-8")
    for place in (address, folder):
        assert chuchu.json("eval", str(tmp_path / "questions.jsonl"), "--index", place)["success@1"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "--rebuild"), "CHUCHU_MILVUS_PREFIX"),
        (("index", "{folder}/articles", "--shard", "3/2"), "--shard 3/2"),
        (("show", "nowhere.txt"), "has no article nowhere.txt"),
        (("ask", "大桥多长？", "--index", "http://127.0.0.1:1"), "http://127.0.0.1:1 does not answer"),
        (("copy", "--from", "{folder}/nowhere", "--to", "{folder}/there"), "chuchu index"),
    ],
)
def test_wrong_input_gets_one_line_that_says_what(chuchu: Chuchu, arguments: tuple[str, ...], said: str) -> None:
    done = chuchu(*(argument.format(folder=chuchu.folder) for argument in arguments), CHUCHU_MILVUS_TIMEOUT="1")
    assert said in failed(done)


def test_remove(chuchu: Chuchu) -> None:
    assert "removed bridge.txt" in chuchu("remove", "bridge.txt").stdout
    assert chuchu.json("stats")["articles"] == 1
