"""Configuration: arguments first, then environment (``SPOKI_*``), then ``.env``, then the system keyring."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic import ValidationError as PydanticValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from spoki_analytics.errors import AuthenticationError, UsageError, warn
from spoki_analytics.limits import KEYRING_SECONDS, within
from spoki_analytics.origin import is_spoki, origin_notice
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext

DEFAULT_BASE_URL = "https://api.spoki.com"
KEYRING_SERVICE = "spoki_analytics"
CONNECT_TIMEOUT = 5.0
"""Longest wait for a connection in seconds; the system itself asks again after 1 and 3 seconds."""


class Settings(BaseSettings):
    """Everything that can be configured, frozen once read.

    Each field ``name`` is read from the environment variable ``SPOKI_NAME`` or from a ``.env`` file in the
    working directory. ``api_key`` is a secret: it never shows in a repr, a log or an error.
    """

    model_config = SettingsConfigDict(
        env_prefix="SPOKI_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    api_key: SecretStr | None = Field(None, description="The account's API key.")
    account: int | None = Field(
        None, ge=1, description="Id of the account that the key belongs to; not set: the only one that the key sees."
    )
    base_url: str = Field(DEFAULT_BASE_URL, description="Origin of the API.")
    cache_dir: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("spoki_analytics"), description="Where answers are cached."
    )
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("spoki_analytics"),
        description="Where rates in use, locks and the journal of corrections live.",
    )
    list_minutes: float = Field(5, ge=0, description="Life of cached lists other than reports, in minutes.")
    default_rate: int = Field(60, ge=1, description="Requests per minute where Spoki documents no rate.")
    rate_window: float = Field(60, gt=0, description="Length of the rate window in seconds; 60 except in tests.")
    allow_stale: bool = Field(False, description="Serve expired data, labelled stale, when Spoki does not answer.")
    timeout: float = Field(30, gt=0, description="Seconds to wait for the next bytes of an answer.")
    total_timeout: float | None = Field(
        None, gt=0, description="Seconds that an answer may take in all, drop by drop; not set: twice SPOKI_TIMEOUT."
    )
    max_attempts: int = Field(4, ge=1, description="Attempts for one read, the first included.")
    max_retry_after: float = Field(120, ge=0, description="Longest Retry-After in seconds that is waited for.")
    max_pages: int = Field(20_000, ge=1, description="Pages after which a listing is taken to be endless.")
    writes: bool = Field(False, description="Allow corrections to be applied.")
    journal_masked: bool = Field(
        False, description="Keep no values in the journal of corrections; another session can then not undo or resume."
    )
    timezone: str | None = Field(
        None, description="IANA time zone in which days given by the user are cut; not set: the account's own."
    )
    region: str | None = Field(
        None, description="Country of phone numbers that come without a country code; not set: the account's own."
    )
    campaign_counters: Literal["exclusive", "cumulative"] | None = Field(
        None, description="What a campaign's message counters mean; not set: decided from the campaigns themselves."
    )
    naive_timezone: str = Field("UTC", description="IANA time zone of date-times that come without an offset.")

    @field_validator("base_url")
    @classmethod
    def _origin_only(cls, value: str) -> str:
        try:
            parts = urlsplit(value.strip())
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # its text quotes the address, in which a password may stand
            usable = False
        if not usable:
            raise ValueError(gettext("must be an origin such as https://api.spoki.com"))
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(gettext("must be a bare origin, without user, query or fragment"))
        if parts.path.rstrip("/") not in ("", "/api/1"):
            raise ValueError(gettext("must be a bare origin, without a path"))
        return f"{parts.scheme}://{parts.netloc}".lower()

    @field_validator("cache_dir", "data_dir")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("timezone", "naive_timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return None if value is None else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(gettext("must be an IANA time zone such as Europe/Rome")) from None

    @field_validator("region")
    @classmethod
    def _country_code(cls, value: str | None) -> str | None:
        code = value.strip().upper() if value else value
        if code and not re.fullmatch(r"[A-Z]{2}", code):
            raise ValueError(gettext("must be a country code of two letters such as IT"))
        return code

    @field_validator("campaign_counters", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("api_key")
    @classmethod
    def _one_printable_word(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value().strip() if value else ""
        if not text:
            return None
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError(gettext("must be one word of printable ASCII characters"))
        return SecretStr(text)

    def __getstate__(self) -> NoReturn:
        raise TypeError(gettext("Settings hold a key and cannot be pickled."))

    @property
    def fingerprint(self) -> str:
        """Name of this key and origin that reveals neither: first 16 hex digits of a keyed hash."""
        key = self.require_key().encode()
        return hashlib.blake2b(self.base_url.encode(), key=hashlib.blake2b(key).digest(), digest_size=8).hexdigest()

    @property
    def demo(self) -> bool:
        """Whether data comes from anything but Spoki itself."""
        return not is_spoki(self.base_url)

    @property
    def origin_notice(self) -> str:
        """What a page must say of the origin of its data; empty for Spoki itself."""
        return origin_notice(self.base_url, self.api_key.get_secret_value() if self.api_key else None)

    @property
    def timeouts(self) -> tuple[float, float]:
        """Seconds to wait for a connection, and for the next bytes of an answer."""
        return min(self.timeout, CONNECT_TIMEOUT), self.timeout

    @property
    def longest_answer(self) -> float:
        """Seconds that an answer may take in all."""
        return self.total_timeout or 2 * self.timeout

    def require_key(self) -> str:
        """The API key in clear.

        Raises:
            AuthenticationError: No key was given, set or stored.
        """
        if self.api_key is None:
            raise AuthenticationError(
                gettext("No API key found."),
                advice=gettext("Set SPOKI_API_KEY, or store it once with `spoki-analytics login`."),
            )
        return self.api_key.get_secret_value()


def load_settings(**given: object) -> Settings:
    """Settings from arguments (``None`` means not given), environment, ``.env`` and, for the key, the keyring.

    A ``.env`` may lie in somebody else's folder. Where the key does not stand in that very file, it neither chooses to
    which foreign address the key goes nor switches writes on, and the account that it names is not that of a sandbox.

    Raises:
        UsageError: A value is not acceptable (the message names the setting, never the value), or an origin other than
            Spoki's comes from a ``.env`` without the key.
    """
    if isinstance(key := given.pop("api_key", None), str):
        key = SecretStr(key)  # at once: a traceback with local variables must not show it
    chosen = {name: value for name, value in {**given, "api_key": key}.items() if value is not None}
    problems = ""
    try:
        settings = Settings(**chosen)  # type: ignore[arg-type]
    except PydanticValidationError as invalid:
        problems = "; ".join(
            f"{_named('.'.join(map(str, problem['loc'])), chosen)}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in invalid.errors(include_input=False)
        )
    except UnicodeDecodeError:
        problems = gettext("the file .env is not in UTF-8")
    except RuntimeError:  # of pathlib and platformdirs, for a user id that no system knows, in a container
        problems = gettext("there is no home folder: set SPOKI_CACHE_DIR and SPOKI_DATA_DIR, or HOME")
    if problems:  # raised out here, as the context of the error would hold the values
        raise UsageError(gettext("Wrong configuration: {problems}.", problems=problems))
    return _with_stored_key(_within_trust(settings, chosen))


def _named(setting: str, chosen: Mapping[str, Any]) -> str:
    """A setting as whoever gave it wrote it: an argument, or else a variable."""
    return argument(setting) if setting in chosen else f"SPOKI_{setting.upper()}"


def stored_key(base_url: str) -> str | None:
    """The key that ``spoki-analytics login`` stored for this origin, or None (also where there is no keyring)."""
    import keyring

    try:
        return within(KEYRING_SECONDS, lambda: keyring.get_password(KEYRING_SERVICE, base_url))
    except TimeoutError as problem:
        warn(gettext("The system keyring was left alone: {problem}. Set SPOKI_API_KEY instead.", problem=problem))
        return None
    except Exception:  # a backend of another package, which may raise what it likes
        return None


def _with_stored_key(settings: Settings) -> Settings:
    """The settings with the key of the keyring where they have none: one is stored for each origin."""
    if settings.api_key is None and (stored := stored_key(settings.base_url)):
        return settings.model_copy(update={"api_key": SecretStr(stored)})
    return settings


def _within_trust(settings: Settings, chosen: Mapping[str, Any]) -> Settings:
    """The settings less what a ``.env`` may not decide for a key that it does not hold."""
    file = DotEnvSettingsSource(Settings)()
    has_key = settings.api_key is not None
    if settings.api_key == SecretStr(str(file.pop("api_key", "")).strip()):
        return settings
    decided = set(file) - set(EnvSettingsSource(Settings)()) - set(chosen)
    if has_key and "base_url" in decided and settings.demo:
        raise _foreign_origin(settings.base_url)
    if "account" in decided and settings.demo:  # of a real account, where a sandbox or another origin was chosen since
        settings = settings.model_copy(update={"account": None})
    if "writes" in decided and settings.writes:
        warn(gettext("SPOKI_WRITES in the file .env does not count, as the API key does not stand there."))
        return settings.model_copy(update={"writes": False})
    return settings


def _foreign_origin(origin: str) -> UsageError:
    return UsageError(
        gettext("The file .env would send an API key that does not stand in it to {origin}.", origin=origin),
        advice=gettext(
            "If that is meant, confirm it by {base_url} or in the environment, or write the key into the same file.",
            base_url=argument("base_url", origin),
        ),
    )
