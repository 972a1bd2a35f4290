"""Where the key of an ordered report is found, by whichever process runs it: a job never holds the key itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic_settings import DotEnvSettingsSource

from spoki_analytics.errors import AuthenticationError
from spoki_analytics.settings import Settings, load_settings, stored_key
from spoki_analytics.wording.messages import gettext

Source = Literal["settings", "environment", "folder", "keyring"]


@dataclass(frozen=True)
class KeyReference:
    """Says where an API key is, never what it is.

    Attributes:
        source: ``settings`` looks where every client looks (``SPOKI_API_KEY``, ``.env``, keyring), ``environment`` in
            the variable ``name``, ``folder`` in the file ``.env`` of the folder ``name``, ``keyring`` under the
            origin ``name``.
        name: Of the variable, the folder or the origin; empty for ``settings``.
        fingerprint: Of the key for which the report was ordered, so that no other account is shown in its place;
            empty when whoever ordered it has no key.
    """

    source: Source = "settings"
    name: str = ""
    fingerprint: str = ""

    def settings(self, options: Mapping[str, Any]) -> Settings:
        """The settings of a job in this process: its options, and the key from where it is said to be.

        Raises:
            AuthenticationError: There is no key, or not the one for which the report was ordered.
        """
        settings = load_settings(**options, api_key=None if self.source == "settings" else self._key())
        if self.fingerprint not in ("", settings.fingerprint):
            raise AuthenticationError(
                gettext("The API key of this process is not the one for which the report was ordered."),
                advice=gettext("Order the report with the key of its account, or say where that key is."),
            )
        return settings

    def _key(self) -> str:
        if self.source == "environment":
            key = os.environ.get(self.name)
        elif self.source == "folder":
            key = DotEnvSettingsSource(Settings, env_file=Path(self.name) / ".env")().get("api_key")
        else:
            key = stored_key(self.name)
        if not key:
            raise AuthenticationError(
                gettext("There is no API key where the report looks for it: {name}.", name=self.name)
            )
        return key


def refer_to_key(settings: Settings) -> KeyReference:
    """The reference to the key of these settings, for a process that finds it as every client does."""
    return KeyReference(fingerprint=settings.fingerprint if settings.api_key else "")
