"""What can be set: environment variables `CHUCHU_…`, or the same names in a file `.env`."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.encoders import BUNDLED_MODEL
from retrieval.errors import SettingsError


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_", env_file=".env", extra="ignore", frozen=True)

    index: str = Field(default="index", min_length=1, description="folder of the archive, or address of a cluster")
    model: str = Field(default=BUNDLED_MODEL, description="sentence-transformers model name or folder")
    query_prompt: str | None = Field(default=None, description="prefix of questions; None: the model's own")
    passage_prompt: str | None = Field(default=None, description="prefix of windows; None: the model's own")
    reranker: str | None = Field(
        default=None, description="sentence-transformers CrossEncoder, name or folder; None: off"
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


def read_settings() -> Settings:
    """Read the settings from the environment and `.env`.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"CHUCHU_{'_'.join(map(str, first['loc'])).upper()}"
        raise SettingsError(
            f"{name} is {first['input']!r}: {first['msg']}. Set it to another value, or unset it."
        ) from error
