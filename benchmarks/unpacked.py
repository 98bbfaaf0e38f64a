"""Bundled weights → a Hugging Face model folder that sentence-transformers loads: BERT in float32, Unigram pieces."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.bundled import Bundle, Specials
from retrieval.encode.onnx import CONTROLS, SPACES, TILDE, TILDE_KEPT
from retrieval.encode.prepare import PROMPTS

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}


def unpack(bundle: Bundle, folder: Path) -> None:
    """Write the model into an existing folder."""
    from safetensors.numpy import save_file

    save_file(_tensors(bundle), folder / "model.safetensors", metadata={"format": "pt"})
    _json(folder / "config.json", _config(bundle))
    _json(folder / "tokenizer.json", tokenizer(bundle))
    _json(folder / "tokenizer_config.json", _tokenizer_config(bundle))
    _json(folder / "modules.json", _modules())
    _json(folder / "sentence_bert_config.json", {"max_seq_length": bundle.shape.positions, "do_lower_case": False})
    _json(folder / "config_sentence_transformers.json", {"prompts": PROMPTS, "similarity_fn_name": "cosine"})
    (folder / "1_Pooling").mkdir()
    _json(
        folder / "1_Pooling/config.json",
        {"word_embedding_dimension": bundle.shape.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _tensors(bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    hidden = bundle.shape.hidden
    tensors: dict[str, NDArray[np.float32]] = {
        f"embeddings.{to}.weight": bundle.tensor(f"emb.{name}").reshape(-1, hidden) for name, to in _EMBEDDINGS.items()
    }
    names = {"emb.ln": "embeddings.LayerNorm"} | {
        f"l{layer}.{name}": f"encoder.layer.{layer}.{to}"
        for layer in range(bundle.shape.layers)
        for name, to in _LAYER.items()
    }
    # never used for pooling over tokens, but BertModel expects a pooler
    tensors |= {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for name, to in names.items():
        bias, weight = bundle.tensor(f"{name}.b"), bundle.tensor(f"{name}.w")
        tensors[f"{to}.bias"] = bias
        tensors[f"{to}.weight"] = weight if len(weight) == len(bias) else weight.reshape(len(bias), -1)
    return tensors


def _config(bundle: Bundle) -> dict[str, Any]:
    shape = bundle.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": bundle.specials.pad,
        "hidden_act": "gelu",
        "dtype": "float32",
    }


def _modules() -> list[dict[str, Any]]:
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return [
        {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for index, (path, kind) in enumerate(kinds)
    ]


def _named(bundle: Bundle) -> dict[str, str]:
    specials: Specials = bundle.specials
    ids = {"bos_token": specials.bos, "eos_token": specials.eos, "pad_token": specials.pad, "unk_token": specials.unk}
    return {name: bundle.pieces[index] for name, index in ids.items()}


def _tokenizer_config(bundle: Bundle) -> dict[str, Any]:
    named = _named(bundle)
    return named | {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "cls_token": named["bos_token"],
        "sep_token": named["eos_token"],
        "model_max_length": bundle.shape.positions,
    }


def tokenizer(bundle: Bundle) -> dict[str, Any]:
    """Describe the tokenizer as `tokenizer.json` does."""
    specials, pieces = bundle.specials, bundle.pieces
    begin, end = pieces[specials.bos], pieces[specials.eos]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": index, "content": pieces[index], "special": True}
            | dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
            for index in (specials.bos, specials.pad, specials.eos, specials.unk)
        ],
        "normalizer": {"type": "Sequence", "normalizers": _normalizers()},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special(begin), _sequence("A"), _special(end)],
            "pair": [_special(begin), _sequence("A"), _special(end), _special(end), _sequence("B"), _special(end)],
            "special_tokens": {
                name: {"id": name, "ids": [index], "tokens": [name]}
                for name, index in ((begin, specials.bos), (end, specials.eos))
            },
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram",
            "unk_id": specials.unk,
            "vocab": list(zip(pieces, bundle.scores.tolist(), strict=True)),
            "byte_fallback": False,
        },
    }


def _special(name: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": 0}}


def _sequence(name: str) -> dict[str, Any]:
    return {"Sequence": {"id": name, "type_id": 0}}


def _normalizers() -> list[dict[str, Any]]:
    def replace(pattern: dict[str, str], content: str) -> dict[str, Any]:
        return {"type": "Replace", "pattern": pattern, "content": content}

    return [
        replace({"Regex": CONTROLS}, ""),
        replace({"Regex": SPACES}, " "),
        replace({"String": TILDE}, TILDE_KEPT),
        {"type": "NFKC"},
        replace({"String": TILDE_KEPT}, TILDE),
        replace({"Regex": " +"}, " "),
        {"type": "Strip", "strip_left": True, "strip_right": True},
    ]
