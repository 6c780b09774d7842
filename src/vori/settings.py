"""What can be set, all by environment variables that begin with VORI_ (or a .env file in the working folder)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

OFFLINE = "offline"
OFF = "off"


def default_home() -> Path:
    """/var/lib/vori for root (the database's own user must be able to reach it), ~/.local/share/vori for others."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/vori")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "vori"


class Settings(BaseSettings):
    """Read once, by the composition root, and handed on."""

    model_config = SettingsConfigDict(env_prefix="VORI_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home)
    """Folder for everything VORI keeps: database, recordings, models."""

    host: str = "127.0.0.1"
    """Address the gateway listens on. One-person mode serves loopback addresses only."""

    port: int = 8674
    """Port of the gateway; 0 takes a free one."""

    database_url: str = ""
    """PostgreSQL ≥ 15 to use instead of the embedded one: postgresql://user:password@host:port/name."""

    eventlog_url: str = "postgres:"
    """Engine of the event log. `postgres:` keeps it in the database; kafka://host:port,…?option=value uses Kafka."""

    livefeed_url: str = "postgres:"
    """Engine of the live feed. `postgres:` uses LISTEN / NOTIFY; redis://host:port/number a Redis, that database."""

    end_after_closed_s: float = Field(default=300.0, ge=0)
    """A meeting whose audio streams have all been closed for so long is over; 0: never by itself."""

    end_after_silence_s: float = Field(default=1800.0, ge=0)
    """A meeting in which nothing was said for so long is over; 0: never by itself."""

    speech_model: str = "base"
    """What finds words. `base` is the packaged Whisper; a hub's name or a path to a CTranslate2 folder another one;
    https://host/v1#name a model behind an OpenAI-compatible URL."""

    speech_key: SecretStr = SecretStr("")
    """The key for such a URL, when it wants one."""

    speech_draft_s: float = Field(default=3.0, ge=0)
    """With such a URL: seconds of speech from one draft to the next, since each is a request; 0: no drafts."""

    extractor: str = OFFLINE
    """What finds tickets. `offline` needs no key and no network; anthropic:model, openai:model, or https://host/v1#model
    behind an OpenAI-compatible URL ask a language model, with `offline` behind it."""

    extractor_key: SecretStr = SecretStr("")
    """The key for such a model."""

    extractor_tokens: int = Field(default=2_000_000, ge=0)
    """Tokens that a workspace may have such a model read and write in a day (UTC); 0: no limit."""

    extractor_usd: float = Field(default=5.0, ge=0)
    """US dollars that it may cost in a day, where the model's price is known; 0: no limit."""

    analytics_master: str = "local[2]"
    """Where Spark runs: local[2] on two cores of this machine, spark://host:port on a cluster; `off`: no analytics."""

    analytics_memory: str = "640m"
    """The heap of Spark's driver, as Java writes it: 640m, 2g."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe log lines shown."""

    log_format: Literal["console", "json"] = "console"
    """How log lines are written."""
