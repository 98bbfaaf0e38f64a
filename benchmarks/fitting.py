"""What the scripts over XQuAD share: their options, its titles in two halves, and an archive with its insides open.

XQuAD (CC BY-SA 4.0): Artetxe, Ruder & Yogatama, On the cross-lingual transferability of monolingual representations
(2020).
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval import read_settings
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Encoder, Vectors
from retrieval.evaluation import Question
from retrieval.evaluation.questions import Paragraph
from retrieval.search.translations import Translations
from retrieval.store import read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import Derived, Indexes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "xquad"


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive's parts, and its questions as vectors of shape (n, dim)."""

    catalogue: Catalogue
    indexes: Indexes
    translations: Translations
    vectors: Vectors


@contextmanager
def opened(folder: Path, encoder: Encoder, questions: Sequence[Question]) -> Iterator[Opened]:
    """Open the archive in `folder` and embed the questions as it would."""
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        manifest = read_manifest(folder, catalogue)
        calibrated = CalibratedEncoder(encoder, Calibration.from_json(manifest["calibration"]))
        vectors = calibrated.encode_queries([question.question for question in questions])
        with closing(Derived(folder, manifest)) as derived:
            translations = Translations.open(read_settings().cache)
            yield Opened(catalogue, derived.at(catalogue), translations, vectors)


def options(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of `--data` and `--work`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with xquad.zh.json and xquad.en.json")
    parser.add_argument("--work", type=Path, help="folder to keep the archives in, for the next run")
    return parser


@contextmanager
def workplace(kept: Path | None) -> Iterator[Path]:
    """Yield the folder to keep archives in, or one for this run."""
    with tempfile.TemporaryDirectory() as folder:
        yield kept or Path(folder)


def halves_of(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Deal the titles in turn, so that neither half is about one field alone."""
    titles = list(dict.fromkeys(title_of(paragraph.id) for paragraph in paragraphs))
    first = set(titles[::2])
    return (
        [paragraph for paragraph in paragraphs if title_of(paragraph.id) in first],
        [paragraph for paragraph in paragraphs if title_of(paragraph.id) not in first],
    )


def title_of(article_id: str) -> str:
    """Return the title that a paragraph's id begins with."""
    return article_id.rpartition("/")[0]
