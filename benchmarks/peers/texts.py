"""What the systems get: the sample archive's articles, cleaned, and XQuAD where it is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environment import ROOT
from retrieval import encoder_of, index_paths, open_archive, read_settings
from retrieval.evaluation.questions import Squad, read_squad

XQUAD = ROOT.parent / "shared" / "data" / "xquad"


@dataclass(frozen=True, slots=True)
class PeerQuestion:
    """A question and the articles that answer it."""

    question: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """A file of JSON lines {"id", "text"}, its length in characters, and questions by the name of their row."""

    texts: Path
    characters: int
    asked: dict[str, list[PeerQuestion]]


def sample(folder: Path, most: int) -> Set:
    """Return the sample archive, cleaned by chuchu once for all systems, with its answerable questions."""
    paths, archive = ROOT / "examples" / "archive", folder / "cleaned"
    ids = index_paths([paths], archive, encoder_of(read_settings())).added
    with open_archive(str(archive)) as opened:
        found = [opened.article(article) for article in ids]
    lines = (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    asked = [PeerQuestion(record["question"], tuple(record["articles"])) for record in records if record["articles"]]
    texts = [(article.id, article.text) for article in found if article]
    return _written(folder / "sample.jsonl", texts, {"sample questions": drawn(asked, most)})


def xquad(folder: Path, most: int, data: Path = XQUAD) -> Set | None:
    """Return XQuAD's Chinese paragraphs with its Chinese and English questions; None where it is not there."""
    if not (data / "xquad.zh.json").exists():
        return None
    chinese, english = (read_squad(data / f"xquad.{language}.json") for language in ("zh", "en"))
    asked = {"XQuAD-zh": drawn(_asked(chinese), most), "English over XQuAD-zh": drawn(_asked(english), most)}
    return _written(folder / "xquad.jsonl", [(part.id, part.text) for part in chinese.paragraphs], asked)


def drawn(asked: list[PeerQuestion], most: int) -> list[PeerQuestion]:
    """Return at most so many of the questions, from all of the set."""
    step = max(1, -(-len(asked) // most))
    return asked[::step]


def _asked(found: Squad) -> list[PeerQuestion]:
    return [PeerQuestion(item.question, item.articles) for item in found.questions]


def _written(path: Path, texts: Iterable[tuple[str, str]], asked: dict[str, list[PeerQuestion]]) -> Set:
    texts = list(texts)
    path.write_text("\n".join(json.dumps({"id": article, "text": text}) for article, text in texts), "utf-8")
    return Set(path, sum(len(text) for _, text in texts), asked)
