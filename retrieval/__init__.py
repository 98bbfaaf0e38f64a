"""Find the passages of an archive of articles that answer a question."""

import logging
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

# What chuchu stands on reports to its makers unless it is asked not to before it is loaded: onnxruntime from 1.29 on
# looks up a server 9 s after its import, and keeps a number for the device in the user's cache. Every way in comes by
# here.
_SILENT = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_SAFETENSORS_CONVERSION": "1",  # transformers has a web service convert models that it downloads
    "DO_NOT_TRACK": "1",
}
if "onnxruntime" in sys.modules and os.environ.get("ORT_DISABLE_TELEMETRY") != "1":
    logging.getLogger(__name__).warning(
        "onnxruntime was imported before retrieval and may send reports to its maker. Import retrieval first, or set "
        "ORT_DISABLE_TELEMETRY=1"
    )
    sys.modules["onnxruntime"].disable_telemetry_events()  # the rest of them; what it has begun goes on
os.environ.update(_SILENT)

from retrieval.archive import Archive, MonthCount, Source, encoder_of, open_archive
from retrieval.encode.encoder import Encoder
from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArticleError,
    ChuchuError,
    EncoderError,
    Fault,
    Message,
    QuestionError,
    SettingsError,
    ShortageError,
    command,
    shortage,
)
from retrieval.origins import IndexReport, Shard, parse_shard
from retrieval.read import Survey
from retrieval.search.conversation import FollowUp
from retrieval.search.differences import differing, missing
from retrieval.search.judge import THRESHOLD
from retrieval.search.question import tidied
from retrieval.search.translations import DictionaryState, state_of_dictionary
from retrieval.search.when import make_filters, parse_day, read_days
from retrieval.settings import EnvSettings, Settings, env_file, read_settings, reason_of, setting_refused
from retrieval.store.location import Location, is_cluster
from retrieval.text import fold
from retrieval.text.language import detect_language
from retrieval.values import (
    Age,
    Answer,
    Article,
    Ask,
    Compared,
    Difference,
    Filters,
    Hit,
    PartAnswer,
    PublishedFrom,
    Refusal,
    RefusalKind,
    Skipped,
    Story,
    Timeline,
)

if TYPE_CHECKING:
    from retrieval.ingest import index_paths, remove_articles
    from retrieval.read import read_articles
    from retrieval.read.walk import changed_files
    from retrieval.upkeep import copy_archive, rebuild_archive
    from retrieval.upkeep.verification import Repaired, repair_archive, repair_prepared, verify_archive, verify_prepared

_WRITING = {
    "changed_files": "read.walk",
    "copy_archive": "upkeep",
    "index_paths": "ingest",
    "read_articles": "read",
    "rebuild_archive": "upkeep",
    "remove_articles": "ingest",
    "Repaired": "upkeep.verification",
    "repair_prepared": "upkeep.verification",
    "verify_prepared": "upkeep.verification",
    "repair_archive": "upkeep.verification",
    "verify_archive": "upkeep.verification",
}
"""What a question starts without, and the modules that have it."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load what writes to an archive when it is first named."""
        if name not in _WRITING:
            raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
        return getattr(import_module(f"retrieval.{_WRITING[name]}"), name)
