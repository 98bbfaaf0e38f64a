"""Find the passages of an archive of articles that answer a question."""

from retrieval.archive import Archive, Source, encoder_of, index_paths, open_archive, remove_articles
from retrieval.articles.draft import Skipped
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
from retrieval.indexing import IndexReport
from retrieval.settings import Settings
from retrieval.values import Answer, Article, Filters, Hit

__all__ = [
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
    "EncoderError",
    "Filters",
    "Hit",
    "IndexReport",
    "QuestionError",
    "Settings",
    "SettingsError",
    "Skipped",
    "Source",
    "encoder_of",
    "index_paths",
    "open_archive",
    "remove_articles",
]
