import json
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.encode import open_encoder
from retrieval.encode.sentence_transformers import SentenceTransformersEncoder, open_quietly
from retrieval.errors import EncoderError
from retrieval.search.reading import Reranker
from tests.reaching import watch, why_not

pytestmark = pytest.mark.slow  # importing torch alone takes seconds


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> SentenceTransformersEncoder:
    return SentenceTransformersEncoder(str(tiny_model))


def test_rows_are_units_in_float32(tiny: SentenceTransformersEncoder) -> None:
    vectors = tiny.encode_passages(["one river", "two bridge three", ""])
    assert vectors.shape == (3, 16) == (3, tiny.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert tiny.encode_queries([]).shape == tiny.encode_passages([]).shape == (0, 16)


def test_prompts_are_the_models_own_or_the_given(tiny: SentenceTransformersEncoder, tiny_model: Path) -> None:
    bare = SentenceTransformersEncoder(str(tiny_model), query_prompt="", passage_prompt="")
    np.testing.assert_allclose(tiny.encode_queries(["one"]), bare.encode_queries(["ask: one"]), atol=1e-6)
    np.testing.assert_allclose(tiny.encode_passages(["one"]), bare.encode_queries(["tell: one"]), atol=1e-6)
    assert np.abs(tiny.encode_passages(["one"]) - bare.encode_passages(["one"])).max() > 1e-3


def test_identity_follows_weights_and_prompts(
    tiny: SentenceTransformersEncoder, tiny_model: Path, tmp_path: Path
) -> None:
    assert SentenceTransformersEncoder(str(tiny_model)).identity == tiny.identity
    assert SentenceTransformersEncoder(str(tiny_model), query_prompt="").identity != tiny.identity
    from sentence_transformers import SentenceTransformer

    other = SentenceTransformer(str(tiny_model))
    folder = tmp_path / tiny_model.name
    next(iter(other.parameters())).data += 1
    other.save(str(folder))
    assert SentenceTransformersEncoder(str(folder)).identity != tiny.identity


def test_any_folder_is_opened_with_it(tiny_model: Path, tiny: SentenceTransformersEncoder, tmp_path: Path) -> None:
    opened = open_encoder(str(tiny_model), cache=tmp_path)
    assert opened.identity == tiny.identity
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"it is no sentence-transformers model.*CHUCHU_MODEL=…") as caught:
        SentenceTransformersEncoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_name_that_cannot_be_downloaded_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match=r"nobody/nothing: no such folder, and no download") as caught:
        SentenceTransformersEncoder("nobody/nothing")
    assert "\n" not in str(caught.value)


MODULE = "import pathlib\npathlib.Path({ran!r}).touch()\nclass Own:\n    pass\n"


def change(path: Path, **values: Any) -> None:
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**known, **values}), "utf-8")


def own_module(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    modules[0]["type"] = "own.Own"
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")


def own_pooling(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    modules[1]["type"] = "own.Own"
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")


def own_architecture(folder: Path) -> None:
    automatic = {"AutoConfig": "own.Own", "AutoModel": "own.Own"}
    change(folder / "config.json", model_type="own", architectures=["Own"], auto_map=automatic)


def own_model(folder: Path) -> None:
    change(folder / "config.json", auto_map={"AutoModel": "own.Own", "AutoConfig": "own.Own"})


def own_tokenizer(folder: Path) -> None:
    change(folder / "tokenizer_config.json", tokenizer_class="Own", auto_map={"AutoTokenizer": ["own.Own", "own.Own"]})


def own_activation(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    kind = modules[0]["type"].rpartition(".")[0].removesuffix("transformer")
    dense = {"idx": len(modules), "name": "dense", "path": "9_Dense", "type": f"{kind}dense.Dense"}
    (folder / "modules.json").write_text(json.dumps([*modules, dense]), "utf-8")
    (folder / "9_Dense").mkdir()
    change(folder / "9_Dense" / "config.json", in_features=16, out_features=4, bias=True, activation_function="own.Own")


class Payload:
    """What a pickle calls when it is loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


def own_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Payload(folder / "ran"), protocol=2))


OWN = [own_module, own_pooling, own_architecture, own_model, own_tokenizer, own_activation, own_weights]


@pytest.mark.parametrize("spoil", OWN, ids=lambda each: each.__name__)
@pytest.mark.parametrize("make", [SentenceTransformersEncoder, Reranker])
def test_code_that_a_folder_brings_is_never_run(
    spoil: Callable[[Path], None], make: Callable[[str], object], tiny_model: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    spoil(folder)
    (folder / "own.py").write_text(MODULE.format(ran=str(folder / "ran")), "utf-8")
    monkeypatch.setattr(sys, "stdin", None)  # nobody is asked either
    monkeypatch.chdir(folder)
    try:
        make(str(folder))
    except EncoderError as error:
        assert "\n" not in str(error)  # noqa: PT017 what need not be refused may be passed over
    assert not (folder / "ran").exists()
    assert "own" not in sys.modules


def test_a_folder_with_its_own_modules_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    own_module(tmp_path / "model")
    with pytest.raises(EncoderError, match=r"own\.Own.*CHUCHU_MODEL=…"):
        SentenceTransformersEncoder(str(tmp_path / "model"))


def put_into_cache(folder: Path, cache: Path, name: str, *absent: str) -> None:
    """Lay a model down as the hub's client does, some files known not to be there."""
    place = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(folder, place / "snapshots" / "0abc")
    for path in (place / "refs" / "main", *(place / ".no_exist" / "0abc" / file for file in absent)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("0abc" if path.name == "main" else "", "utf-8")


REASON = why_not()
OPENED = """
import shutil, sys
from retrieval.encode.sentence_transformers import SentenceTransformersEncoder
from retrieval.search.reading import Reranker
for kind in ("folder", "downloaded"):
    encoder = SentenceTransformersEncoder(sys.argv[1])
    assert encoder.encode_queries(["one"]).shape == (1, 16)
    Reranker(sys.argv[2])
    if kind == "folder":
        shutil.rmtree("some")
"""


@pytest.mark.skipif(REASON is not None, reason=str(REASON))
def test_what_is_there_is_not_looked_up(tiny_model: Path, tmp_path: Path) -> None:
    hub, cross = tmp_path / "hub", tmp_path / "some" / "cross"
    shutil.copytree(tiny_model, tmp_path / "some" / "tiny")
    shutil.copytree(tiny_model, cross, ignore=shutil.ignore_patterns("modules.json", "1_Pooling", "*transformers.json"))
    change(cross / "config.json", architectures=["BertForSequenceClassification"], num_labels=1, id2label={"0": "a"})
    for folder in (tmp_path / "some").iterdir():  # what names a model of the hub
        (folder / "README.md").write_text("---\nbase_model: nobody/nothing\n---\n", "utf-8")
        change(folder / "config.json", _name_or_path="nobody/nothing")
    put_into_cache(tmp_path / "some" / "tiny", hub, "some/tiny")
    put_into_cache(cross, hub, "some/cross", "modules.json", "config_sentence_transformers.json")
    names = ("some/tiny", "some/cross")  # of folders first, which look like names of the hub, then of what it sent
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": ":".join(sys.path),
        "HF_HUB_CACHE": str(hub),
    }
    done = watch([sys.executable, "-c", OPENED, *names], environment, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.reached == []


def test_what_another_program_downloaded_is_asked_for(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    put_into_cache(tiny_model, tmp_path, "some/known")
    put_into_cache(tiny_model, tmp_path, "some/unknown")
    for name in ("modules.json", "config_sentence_transformers.json"):
        (tmp_path / "models--some--unknown" / "snapshots" / "0abc" / name).unlink()
    asked: list[tuple[str, dict[str, Any]]] = []

    def make(name: str, **options: Any) -> str:
        asked.append((name, options))
        if name == "some/known" and options:
            raise OSError("not whole")
        return name

    for name in ("some/unknown", "some/known", "a b/c?d"):
        assert open_quietly(make, name) == name
    assert asked == [
        ("some/unknown", {}),
        ("some/known", {"local_files_only": True}),
        ("some/known", {}),
        ("a b/c?d", {}),
    ]
