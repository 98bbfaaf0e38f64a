"""A cross-encoder of two layers, made here: its order is arbitrary, and must be the one that is shown."""

from pathlib import Path

import pytest

from retrieval import EncoderError, Settings, index_paths, open_archive
from retrieval.encode import open_encoder
from retrieval.search.reading import Reranker
from retrieval.settings import BUNDLED_MODEL

WORDS = ("[PAD]", "[UNK]", *"桥长三百四十米茶图书馆读者二〇年新春价元村路灯多少吗")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an untrained cross-encoder."""
    import torch
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(7)
    known = list(dict.fromkeys(WORDS))
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(known)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    folder = tmp_path_factory.mktemp("cross")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)  # type: ignore[no-untyped-call]
    config = BertConfig(  # type: ignore[call-arg]  # its fields are read at run time
        vocab_size=len(known), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def archive(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in {
        "bridge": "新桥长三百四十米，四月通车，是全县最长的桥。",
        "tea": "今年春茶每斤八百元，比去年贵了一成。",
        "library": "图书馆去年有三十一万读者，新馆明年开放。",
        "lamps": "村里的路灯全部换成了新的，一共二百盏。",
    }.items():
        (folder / f"{name}.txt").write_text(text)
    target = tmp_path_factory.mktemp("archive")
    index_paths([folder], target, open_encoder(BUNDLED_MODEL, cache=prepared_cache))
    return target


def test_passages_are_judged_between_nothing_and_one(model: Path) -> None:
    judged = Reranker(str(model)).judge("桥多长", ["桥长三百四十米", "春茶", "图书馆"])
    assert len(set(judged)) == 3
    assert all(0 < value < 1 for value in judged)


def test_hits_stand_in_the_order_of_the_judgement(model: Path, archive: Path, prepared_cache: Path) -> None:
    with open_archive(archive, Settings(cache=prepared_cache)) as plain:
        first = [hit.article.id for hit in plain.ask("桥多长？", k=4).hits]
    with open_archive(archive, Settings(cache=prepared_cache, reranker=str(model))) as judging:
        hits = judging.ask("桥多长？", k=4).hits
    judged = Reranker(str(model)).judge("桥多长？", [hit.text for hit in hits])
    assert judged == pytest.approx([hit.explanation["reranker"] for hit in hits])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sorted(first) == sorted(hit.article.id for hit in hits)
    assert first != [hit.article.id for hit in hits]


def test_a_reranker_that_fails_without_a_word_is_one_clear_line(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("sentence_transformers.CrossEncoder", fail)
    with pytest.raises(EncoderError, match="AssertionError"):
        Reranker(str(model))


def test_a_reranker_that_is_not_there_is_one_clear_line(archive: Path, prepared_cache: Path, tmp_path: Path) -> None:
    settings = Settings(cache=prepared_cache, reranker=str(tmp_path / "none"))
    with open_archive(archive, settings) as broken, pytest.raises(EncoderError, match="CHUCHU_RERANKER") as told:
        broken.ask("桥多长？")
    assert "\n" not in str(told.value)
