"""A name that an archive explains is found in either of its forms, and nothing that it does not explain exactly."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Archive, Settings, index_paths
from retrieval.search.terms import Abbreviation, abbreviations, with_both
from tests.fakes import FakeEncoder

NAMES = {
    "岚发集团": ("青岚县发展投资集团有限公司", "昨天，{full}（以下简称“{short}”）揭牌，来了三百人。"),
    "松茶所": ("松塘县茶叶研究所", "{full}(简称{short})去年培育了两个品种。"),
    "沄轨": ("沄州市轨道交通集团", "{full}（下称{short}）说，二号线明年动工。"),
    "碧港局": ("碧汐港務局", "{full}（以下簡稱「{short}」）表示，渡輪照常開航。"),
    "BHLT": ("Bixi Harbour Light Trust", "The {full} (hereinafter the {short}) was founded by three keepers."),
    "QWTA": ("Qinglan Wujian Tea Association", "The {full} ({short}) met in May."),
    "LXZ": ("临澜县水文站", "据{full}（{short}）通报，水位在涨。{full}说还会再涨。"),
}
FACTS = {
    name: (f"{full}的新仓库建在{place}街东头。", f"{name}的旧码头卖给了{place}街三位渔民。")
    if full[0] > "\u3400"
    else (f"The {full} keeps its warehouse in Street {place}.", f"{name} sold the old pier to three from {place}.")
    for place, (name, (full, _)) in zip("东西南北甲乙丙", NAMES.items(), strict=True)
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("names")
    records = []
    for name, (full, explained) in NAMES.items():
        in_full, in_short = FACTS[name]
        records += [
            {"id": f"{name} explained", "text": explained.format(full=full, short=name)},
            {"id": f"{name} in full", "text": in_full},
            {"id": f"{name} in short", "text": in_short},
        ]
    records += [{"id": f"noise {n}", "text": f"第{n}户人家说，县里的集团去年卖了{n}斤茶叶和鱼。"} for n in range(40)]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in records), "utf-8")
    index_paths([folder / "a.jsonl"], folder / "archive", FakeEncoder())
    with Archive(folder / "archive", Settings(), FakeEncoder()) as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_of_the_one_form_is_found_by_the_other(archive: Archive, name: str) -> None:
    full = NAMES[name][0]
    is_english = full.isascii() and "The" in NAMES[name][1]
    asked = ("{}: where is the warehouse?", "Who bought the old pier of {}?") if is_english else (
        "{}的新仓库在哪里？", "{}的旧码头卖给了谁？",
    )  # fmt: skip
    by_short, by_full = (archive.ask(each, k=10) for each in (asked[0].format(name), asked[1].format(full)))
    for answer, wanted in ((by_short, f"{name} in full"), (by_full, f"{name} in short")):
        assert answer.understood == f"{name} = {full}"
        words = {hit.article.id: hit.explanation["words"] for hit in answer.hits}
        assert max(words, key=lambda each: words[each]) == wanted, "the words decide, the vectors of the test do not"
    literal = archive.ask(asked[0].format(name), is_literal=True)
    assert literal.understood is None


def test_names_are_found_also_where_what_has_no_date_is_looked_for_besides(archive: Archive) -> None:
    for since in ("2020", "2020-01-01"):
        assert archive.ask("沄轨的新仓库在哪里？", since=since, k=10).hits


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("公司在哪里？", "沄州船运有限公司（以下简称公司）昨天开业。"),
        ("管委会在哪里？", "青岚县茶区管委会（以下简称管委会）昨天开会。"),
        ("办法说了什么？", "《青岚县燃放管理办法》（以下简称《办法》）已公布。"),
        ("甲方是谁？", "青岚县第三小学（以下简称甲方）与他签约。"),
        ("Where is the XYZ?", "The Harbour Light Trust (XYZ) met."),
        ("Where is the trust?", "The Harbour Light Trust (hereinafter the trust) met."),
        ("岚发集团在哪里？", "青岚县发展投资集团（以下简称岚发集团）与岚埠发达集团（以下简称岚发集团）合并。"),
        ("LXZ说了什么？", "昨天上午临澜县水文站（LXZ）通报，水位在涨。"),
        ("岚发集团和青岚县发展投资集团是一家吗？", "青岚县发展投资集团（以下简称岚发集团）昨天揭牌。"),
        ("开发商要做什么？", "买家与开发商青岚江湾置业有限公司（以下简称“开发商”）签了合同。"),
        ("公司亏了多少？", "青岚县发展投资集团有限公司（以下简称公司）去年亏损。"),
    ],
)
def test_what_is_not_explained_exactly_stays_as_it_is(question: str, text: str) -> None:
    assert abbreviations(question, [text]) == []


WORDS = st.lists(st.from_regex(r"[A-Z][a-z]{3,7}", fullmatch=True), min_size=3, max_size=6)


@given(WORDS, st.sampled_from(["of", "and the", "for"]), st.sampled_from(["Yesterday ", "By the ", "in the "]))
def test_letters_are_the_initials_of_words_in_any_number(words: list[str], little: str, ahead: str) -> None:
    full = f"{words[0]} {little} {' '.join(words[1:])}"
    letters = "".join(word[0] for word in words)
    found = abbreviations(f"Where is {letters}?", [f"{ahead}{full} ({letters}) said so."])
    assert found == [Abbreviation(letters, full)]


@given(st.text("青嵐岚縣县發发展投資资集團团松塘茶葉叶研究所", min_size=5, max_size=14), st.data())
def test_a_short_name_has_the_characters_of_the_full_one_in_order(full: str, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(range(len(full))), min_size=2, max_size=len(full) - 2))
    short = "".join(full[place] for place in sorted(kept))
    for found in abbreviations(short, [f"昨天，{full}（以下简称{short}）揭牌。"]):
        assert full.endswith(found.full)
        assert found.short == short
        both = with_both(f"{short}在哪里？", [found])
        assert both == f"{short}({found.full})在哪里？"
