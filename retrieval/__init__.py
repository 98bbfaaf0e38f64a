"""Find the passages of an archive of articles that answer a question."""

from retrieval.archive import Archive, Source, encoder_of, open_archive
from retrieval.articles.draft import Skipped
from retrieval.building import index_paths, remove_articles
from retrieval.encoders import Encoder
from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArticleError,
    ChuchuError,
    EncoderError,
    QuestionError,
    SettingsError,
)
from retrieval.index.faults import Fault
from retrieval.maintenance import Repaired, repair_archive, verify_archive
from retrieval.rebuilding import rebuild_archive
from retrieval.report import IndexReport
from retrieval.search.question import make_filters, parse_day
from retrieval.settings import Settings, read_settings
from retrieval.values import Age, Answer, Article, Filters, Hit, Refusal, RefusalKind

__all__ = [
    "Age",
    "Answer",
    "Archive",
    "ArchiveDamagedError",
    "ArchiveError",
    "ArchiveLockedError",
    "ArchiveMismatchError",
    "ArchiveMissingError",
    "Article",
    "ArticleError",
    "ChuchuError",
    "Encoder",
    "EncoderError",
    "Fault",
    "Filters",
    "Hit",
    "IndexReport",
    "QuestionError",
    "Refusal",
    "RefusalKind",
    "Repaired",
    "Settings",
    "SettingsError",
    "Skipped",
    "Source",
    "encoder_of",
    "index_paths",
    "make_filters",
    "open_archive",
    "parse_day",
    "read_settings",
    "rebuild_archive",
    "remove_articles",
    "repair_archive",
    "verify_archive",
]
