"""What can be set: environment variables `CHUCHU_…`, or the same names in a file `.env`."""

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_MODEL = "intfloat/multilingual-e5-small"


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_", env_file=".env", extra="ignore", frozen=True)

    index: str = Field("index", description="folder of the archive")
    model: str = Field(DEFAULT_MODEL, description="sentence-transformers model name or folder")
    query_prompt: str | None = Field(None, description="prefix of questions; None: the model's own")
    passage_prompt: str | None = Field(None, description="prefix of windows; None: the model's own")
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("chuchu"),
        description="where prepared models are kept",
    )
    threads: int = Field(0, ge=0, description="threads for embedding; 0: as many as cores")
