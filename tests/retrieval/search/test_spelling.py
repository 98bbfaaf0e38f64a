"""Names that are typed otherwise than the archive writes them, and names that are not to be touched."""

import json
from itertools import product
from pathlib import Path

import pytest

from retrieval import Archive, Ask, Settings, index_paths
from retrieval.search import spelling
from retrieval.search.lexicon import russian_syllables
from retrieval.search.spelling import Respelling, respelt
from retrieval.search.when import understand_dates
from tests.fakes import FakeEncoder

NAMES = {
    "镜泊古镇": ("镜波古镇", "静泊古镇", "jingpo guzhen"),
    "醴陵瓷坊": ("礼陵瓷坊", "醴凌瓷坊", "liling cifang"),
    "濮阳凝": ("蒲阳凝", "puyangning"),
    "石墨烯": ("石墨稀", "shimoxi"),
    "翠微湖": ("翠薇湖", "cuiweihu"),
    "鄱阳湖": ("婆阳湖", "poyanghu", "Poyanghu", "po'yanghu"),
}
ASKED = ("{}在哪里？", "{}花了多少钱？", "请问{}今年怎么样？")
ARTICLES = [
    *({"id": name, "text": f"昨日{name}的消息：记者在{name}看到，当地人谈起{name}的今年。"} for name in NAMES),
    {"id": "committee", "text": "国家发展和改革委员会昨日通知，汽油价格每吨上调一百元。"},
    {"id": "health", "text": "世界卫生组织建议，细颗粒物年均浓度不超过五微克。"},
    {"id": "hall", "text": "沄州市场昨日开门，市民在市场里排队买菜。公里数不足的货车要绕行。李喆在市场卖鱼。"},
    {"id": "tea", "text": "春茶开采，县里的茶农说雨水好，一斤能卖三百元，收入比去年多。"},
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("spelling")
    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in ARTICLES), "utf-8")
    index_paths([path], folder / "archive", FakeEncoder())
    return Archive(folder / "archive", Settings(reader="off"), FakeEncoder())


@pytest.mark.parametrize(
    ("name", "typed", "asked"),
    [(name, typed, asked) for name, forms in NAMES.items() for typed, asked in product(forms, ASKED)],
)
def test_a_name_typed_otherwise_is_found_as_the_archive_writes_it(
    archive: Archive, name: str, typed: str, asked: str
) -> None:
    answer = archive.ask(asked.format(typed))
    assert answer.hits[0].article.id == name
    assert answer.understood is not None
    for change in answer.understood.split(" · "):
        before, _, after = change.partition(" → ")
        assert before in asked.format(typed), "what was changed is shown"
        assert after != before
    literal = archive.ask(asked.format(typed), is_literal=True)
    assert literal.understood is None


@pytest.mark.parametrize(
    ("typed", "written", "first"),
    [
        ("发改委上调了多少？", "发展和改革委", "committee"),
        ("世卫组织建议多少？", "世界卫生组织", "health"),
        ("WHO建议多少？", "世界卫生组织", "health"),
    ],
)
def test_a_short_name_is_the_full_one(archive: Archive, typed: str, written: str, first: str) -> None:
    answer = archive.ask(typed)
    assert answer.hits[0].article.id == first
    assert answer.understood is not None
    assert answer.understood.endswith(written)


@pytest.mark.parametrize(
    "question",
    [
        *(asked.format(name) for name, asked in product(NAMES, ASKED)),
        "沄州市长是谁？", "公立医院有几家？", "李杰在哪里？", "李哲在哪里？", "月鄱阳湖怎么样？", "位市民买菜？", "事情怎么样？",
        "法院宣判了什么？", "县里举办什么会？", "How long is the machine?", "Quanti metri sono?", "China", "昨日の市場はどこですか",
    ],
)  # fmt: skip
def test_what_stands_in_the_archive_and_what_is_no_slip_stays(archive: Archive, question: str) -> None:
    days = understand_dates(question, Ask(question).day).phrase
    assert (archive.ask(question).understood or "") == days, "nothing but days is understood"


NEWS = (
    {"id": "storm", "text": "颱風「蓑雀」昨日登陆沄州，全市停电二十万户，渡口停航。"},
    {"id": "mayor", "text": "袁启明昨日当选沄州市长，他说先修桥。"},
    {"id": "cook", "text": "褚青梨昨日第三次夺冠，评委说她的米糕最软。另一位选手也做米糕。"},
    {"id": "watch", "text": "铜罗盘直径十一厘米，估价九十万元，昨日追回。沄州白鹭桥收费站表示不收费。"},
)


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("台风梭雀停电多少户？", "梭雀 → 蓑雀"),
        ("储青梨第几次夺冠？", "储青梨 → 褚青梨"),
        ("铜罗盘值多少钱？", None),
        ("袁启民什么时候当选？", "袁启民 → 袁启明"),
        ("bailuqiao shoufei duoshao", "bailuqiao → 白鹭桥 · shoufei → 收费 · duoshao → 多少"),
        ("shibu shoufei duoshao", "shoufei → 收费 · duoshao → 多少"),
    ],
)
def test_names_between_marks_behind_rare_family_names_and_words_that_ask(
    tmp_path: Path, question: str, understood: str | None
) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in NEWS), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(reader="off"), FakeEncoder()) as archive:
        assert archive.ask(question).understood == understood


def test_respellings_are_put_where_they_were_typed() -> None:
    changes = [Respelling(0, "甲", "乙乙"), Respelling(3, "ding", "丁")]
    assert respelt("甲和丙ding吗", changes) == "乙乙和丙丁吗"


def test_what_is_no_writing_spells_no_name(tmp_path: Path) -> None:
    misread = [{"text": f"\ufffd{n}\ufffd脆威湖".ljust(30, "\ufffd") * 9} for n in range(30)]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, [*ARTICLES, *misread])), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(reader="off"), FakeEncoder()) as archive:
        answer = archive.ask("cuiweihu在哪里？")
    assert answer.understood == "cuiweihu → 翠微湖"
    assert answer.hits[0].article.id == "翠微湖"


def test_syllables_are_read_as_russian_writes_them() -> None:
    written = russian_syllables()
    for name, characters in [
        ("пекин", ""),
        ("чэн", "成"),
        ("ду", "都"),
        ("сы", "四"),
        ("чуань", "川"),
        ("цзин", "京"),
        ("хуэй", "徽"),
    ]:
        assert all(each in written.get(name, "") for each in characters), name
    assert "люй" in written
    assert "пекин" not in written
    assert any(
        "青" in first and "岚" in last
        for first, last in (read for read in spelling._syllabic("Цинлане") if len(read) == 2)
    )


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("Cầu Bạch Lộ thu phí bao nhiêu?", "Bạch Lộ → 白鹭"),
        ("Сколько стоит проезд по мосту Байлу?", "Байлу → 白鹭"),
        ("Сколько стоит проезд по мосту в Юньчжоу?", "Юньчжоу → 沄州"),
        ("¿Cuánto cuesta el puente Bailu?", "Bailu → 白鹭"),
        ("cau Bach Lo thu phi bao nhieu?", None),
        ("Ai là Chủ Tịch Hội Đồng?", None),
    ],
)
def test_chinese_names_are_read_as_other_languages_write_them(
    tmp_path: Path, question: str, understood: str | None
) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in NEWS), "utf-8")
    index_paths([path], tmp_path / "index", FakeEncoder())
    with Archive(tmp_path / "index", Settings(reader="off"), FakeEncoder()) as archive:
        assert archive.ask(question).understood == understood


def test_a_month_of_another_language_is_no_name_by_sound(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    texts = ("两桥距离三公里。", "两站距离不远。", "白鹭大桥通车。")
    path.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), "utf-8")
    index_paths([path], tmp_path / "index", FakeEncoder())
    with Archive(tmp_path / "index", Settings(reader="off"), FakeEncoder()) as archive:
        understood = archive.ask("Apa yang terjadi di Bailu, Juli?").understood or ""
        assert "Bailu → 白鹭" in understood
        assert "距离" not in understood
