"""What can be set about the reading room: `CHUCHU_WEB_…` in the environment or in the user's `.env`."""

from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from retrieval import EnvSettings, Message, setting_refused

_NO_ADDRESS = Message("it is no address such as https://news.example")


class WebSettings(EnvSettings):
    """The settings of one reading room."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_WEB_", extra="ignore", frozen=True)

    token: SecretStr | None = Field(default=None, min_length=16, description="what readers must know to be let in")
    url: str | None = Field(default=None, description="address at which readers reach it, such as https://news.example")
    per_minute: float = Field(default=120, gt=0, description="requests a minute of one address")
    queue: int = Field(default=200, ge=1, description="questions that may wait; the next ones are asked to come back")
    workers: int = Field(default=0, ge=0, description="questions answered at the same time; 0: as many as cores")
    timeout: float = Field(default=30, gt=0, description="seconds that one question may take once its turn has come")
    state: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("chuchu") / "web",
        description="folder of what readers rated",
    )

    @field_validator("url")
    @classmethod
    def _base(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(_NO_ADDRESS)
        return value.rstrip("/")


def read_web_settings() -> WebSettings:
    """Read the settings from the environment and from `env_file()`.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    try:
        return WebSettings()
    except ValidationError as error:
        raise setting_refused(error, "CHUCHU_WEB_") from None
