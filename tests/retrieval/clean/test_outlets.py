from pathlib import Path

import pytest

from retrieval.clean import Outlets, host_of, load_outlets
from retrieval.errors import SettingsError


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


@pytest.mark.parametrize("name", ["人民网", "人民網", "People's Daily Online", " 人民网 "])
def test_one_outlet_has_one_name(outlets: Outlets, name: str) -> None:
    found = outlets.named(name)
    assert found is not None
    assert found.name == "人民网"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://politics.people.com.cn/n1/2020/0225/c1.html", "人民网"),
        ("https://www.bbc.co.uk/news/1", "BBC"),
        ("people.com.cn", "人民网"),
        ("http://paper.people.com.cn/rmrb", "人民日报"),
        ("https://notpeople.com.cn/", None),
        ("not a url", None),
        ("http://[broken", None),
    ],
)
def test_an_address_names_its_outlet(outlets: Outlets, url: str, name: str | None) -> None:
    found = outlets.at(url)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("name", ["云岭新闻网", "山城週報", "Alder Valley Gazette", "西浜新聞", "云岭广播电视台"])
def test_unknown_outlets_are_told_by_their_endings(outlets: Outlets, name: str) -> None:
    assert outlets.looks_like_one(name)


@pytest.mark.parametrize("name", ["张三", "人民公园", "报", "The bridge", ""])
def test_other_words_are_no_outlets(outlets: Outlets, name: str) -> None:
    assert not outlets.looks_like_one(name)


def test_every_outlet_and_domain_stands_once() -> None:
    outlets = load_outlets()
    names = [outlet.name for outlet in outlets]
    domains = [domain for outlet in outlets for domain in outlet.domains]
    assert len(names) == len(set(names)) >= 50
    assert len(domains) == len(set(domains))


def test_a_users_table_adds_and_replaces(tmp_path: Path) -> None:
    table = tmp_path / "outlets.toml"
    table.write_text(
        '[[outlet]]\nname = "人民网"\ndomains = ["people.example"]\nsince = 1999\n\n[[outlet]]\nname = "云岭新闻网"\naliases = ["云岭网"]\n',
        encoding="utf-8",
    )
    outlets = load_outlets(table)
    found = [outlets.at("https://people.example/1"), outlets.named("雲嶺網"), outlets.named("BBC")]
    assert [outlet.name for outlet in found if outlet] == ["人民网", "云岭新闻网", "BBC"]
    assert outlets.at("http://people.com.cn/1") is None


@pytest.mark.parametrize(
    "text", ["[[outlet]]\nsince = 1999\n", "not toml at all [", '[[outlet]]\nname = "a"\nsince = "x"\n']
)
def test_a_table_of_another_form_is_the_users_mistake(tmp_path: Path, text: str) -> None:
    table = tmp_path / "outlets.toml"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"outlets\.toml"):
        load_outlets(table)


def test_a_missing_table_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml cannot be read: No such file or directory\."):
        load_outlets(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("url", "host"), [("https://www.a.example:80/x", "a.example"), ("a.example/x", "a.example"), ("", "")]
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
