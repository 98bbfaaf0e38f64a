"""What can be set: environment variables `CHUCHU_…`, or the same names in a file `.env` of the user's."""

import functools
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.errors import Message, SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_log = logging.getLogger(__name__)
_OURS = re.compile(rb"^\s*(export\s+)?[\"']?chuchu_", re.IGNORECASE | re.MULTILINE)
_MOST_BYTES = 1 << 20


class EnvSettings(BaseSettings):
    """Settings from environment variables, and from the file `env_file()`.

    Raises:
        SettingsError: that file cannot be read.
    """

    def __init__(self, **values: Any) -> None:
        if "_env_file" not in values:
            values["_env_file"] = env_file()
        try:
            super().__init__(**values)
        except (OSError, UnicodeError) as error:
            raise SettingsError(
                "{path} cannot be read: {error}. Write it in UTF-8, or name another in CHUCHU_ENV_FILE",
                path=values["_env_file"],
                error=error,
            ) from error


BUNDLED_MODEL = "intfloat/multilingual-e5-small"
"""The model whose weights come with the installation."""


class Settings(EnvSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_", extra="ignore", frozen=True)

    index: str = Field(default="index", min_length=1, description="folder of the archive, or address of a cluster")
    model: str = Field(default=BUNDLED_MODEL, description="sentence-transformers model name or folder")
    query_prompt: str | None = Field(default=None, description="prefix of questions; None: the model's own")
    passage_prompt: str | None = Field(default=None, description="prefix of windows; None: the model's own")
    reranker: str | None = Field(
        default=None, description="sentence-transformers CrossEncoder, name or folder; None: off"
    )
    reader: Literal["on", "off"] = Field(
        default="on", description="whether the best hits are read together with the question"
    )
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="confidence below which the answer is a refusal; None: the fitted one"
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("chuchu"),
        description="where prepared models are kept",
    )
    outlets: Path | None = Field(default=None, description="table of more outlets, as docs/cleaning.md shows it")
    threads: int = Field(default=0, ge=0, description="threads for embedding; 0: as many as cores")
    milvus_token: SecretStr | None = Field(default=None, description="`user:password`, or an API key")
    milvus_database: str = Field(default="", description="database of the Milvus server; empty: its default one")
    milvus_prefix: str = Field(
        default="chuchu", pattern="^[A-Za-z_][A-Za-z0-9_]*$", description="what the collections' names begin with"
    )
    milvus_timeout: float = Field(default=30, gt=0, description="seconds to wait for a server that is away")
    milvus_consistency: Literal["Strong", "Session", "Bounded", "Eventually"] = Field(
        default="Strong", description="what a reader sees: all that was reported as done, or what is seconds old"
    )
    milvus_vectors: str = Field(default="AUTOINDEX", description="type of the vector index of a new archive")


def env_file() -> Path | None:
    """Return the file that settings are read from: CHUCHU_ENV_FILE, or `.env` in the user's configuration folder.

    None if there is neither. One in the current folder could name a server, and a folder is often somebody else's:
    it is not read, and standard error names it, once.

    Raises:
        SettingsError: CHUCHU_ENV_FILE names no file that can be read.
    """
    if named := os.environ.get("CHUCHU_ENV_FILE"):
        try:
            path = Path(named).expanduser()
            path.open("rb").close()
        except (OSError, RuntimeError) as error:  # ~name of nobody is no home
            raise SettingsError(
                "CHUCHU_ENV_FILE is {named!r}, which cannot be read: {reason}. Name another file, or unset it",
                named=named,
                reason=getattr(error, "strerror", None) or str(error),
            ) from error
        return path
    own = platformdirs.user_config_path("chuchu") / ".env"
    _name_foreign(own)
    try:
        # without a home it would lie below the current folder
        return own if own.is_absolute() and own.is_file() else None
    except PermissionError:  # HOME is another user's, as in a service
        return None


@functools.cache
def _name_foreign(own: Path) -> None:
    """Say how to use a `.env` with settings of ours that lies in the current folder, if it is not the user's own."""
    here = Path(".env")
    try:
        if not here.is_file() or (own.exists() and here.samefile(own)):
            return
        with here.open("rb") as file:
            is_ours = _OURS.search(file.read(_MOST_BYTES))
    except OSError:
        return
    if is_ours:
        _log.warning(
            ".env in this folder is not read, for it may be anybody's and name a server. If you wrote it, put "
            "CHUCHU_ENV_FILE=.env before the command, or move it to %s",
            own,
        )


def read_settings() -> Settings:
    """Read the settings from the environment and from `env_file()`.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(
            "{name} is {value!r}: {reason}. Set it to another value, or unset it.",
            name=variable_of(first, "CHUCHU_"),
            value=first["input"],
            reason=reason_of(first),
        ) from error


def setting_refused(error: ValidationError, prefix: str) -> SettingsError:
    """Return what is wrong with settings of which some are secret: the variable and why, without its value."""
    first = error.errors()[0]
    return SettingsError(
        "{name}: {reason}. Set it to another value, or unset it.",
        name=variable_of(first, prefix),
        reason=reason_of(first),
    )


def variable_of(fault: "ErrorDetails", prefix: str) -> str:
    """Return the name of the environment variable that a fault of a setting is in."""
    return f"{prefix}{'_'.join(map(str, fault['loc']))}".upper()


def reason_of(fault: "ErrorDetails") -> Message:
    """Return why pydantic does not take a value, as a clause that can be said in other languages."""
    context = fault.get("ctx", {})
    if isinstance(error := context.get("error"), ValueError):
        return Message(str(error))
    if template := _REASONS.get(fault["type"]):
        return Message(template, **context)
    return Message(fault["msg"])


_REASONS = {
    "greater_than": "it must be more than {gt:g}",
    "greater_than_equal": "it must be at least {ge:g}",
    "less_than_equal": "it must be at most {le:g}",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_parsing": "it must be a number",
    "bool_parsing": "it must be yes or no",
    "string_too_short": "it must have at least {min_length} characters",
    "too_short": "it must have at least {min_length} characters",
    "string_too_long": "it must have at most {max_length} characters",
    "string_pattern_mismatch": "it must have the form {pattern}",
    "literal_error": "it must be one of: {expected}",
    "missing": "it is missing",
    "string_type": "it must be text",
    "tuple_type": "it must be a list",
    "list_type": "it must be a list",
    "model_type": "it must be a JSON object",
    "json_invalid": "it is not JSON",
    "date_type": "it must be a day such as 2022-04-14",
    "date_parsing": "it must be a day such as 2022-04-14",
    "date_from_datetime_parsing": "it must be a day such as 2022-04-14",
    "date_from_datetime_inexact": "it must be a day such as 2022-04-14",
}
"""What pydantic refuses a value for, by its name of the reason."""
