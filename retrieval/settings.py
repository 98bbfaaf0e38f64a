"""What can be set: environment variables `CHUCHU_…`, or the same names in a file `.env`."""

from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.encoders import BUNDLED_MODEL
from retrieval.errors import SettingsError


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_", env_file=".env", extra="ignore", frozen=True)

    index: str = Field(default="index", description="folder of the archive")
    model: str = Field(default=BUNDLED_MODEL, description="sentence-transformers model name or folder")
    query_prompt: str | None = Field(default=None, description="prefix of questions; None: the model's own")
    passage_prompt: str | None = Field(default=None, description="prefix of windows; None: the model's own")
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("chuchu"),
        description="where prepared models are kept",
    )
    outlets: Path | None = Field(default=None, description="table of more outlets, as docs/cleaning.md shows it")
    threads: int = Field(default=0, ge=0, description="threads for embedding; 0: as many as cores")


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
