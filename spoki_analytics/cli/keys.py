"""``spoki-analytics login`` and ``logout``: the API key in the system keyring."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from spoki_analytics.cli.asking import ask_accounts
from spoki_analytics.cli.exits import say
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.errors import UsageError
from spoki_analytics.limits import KEYRING_SECONDS, within
from spoki_analytics.settings import KEYRING_SERVICE, Settings, load_settings, stored_key
from spoki_analytics.wording.messages import gettext, ngettext, noop

_EPILOG = """\
\b
Examples:
  spoki-analytics login                     asks for the key, hidden
  pass show spoki | spoki-analytics login   reads it from a pipe

\b
The key is kept in the system keyring (macOS Keychain, Windows Credential Manager, Secret Service), one
for each SPOKI_BASE_URL. SPOKI_API_KEY, in the environment or in a .env file, takes precedence over it.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=_EPILOG)(login)
    app.command()(logout)


def login(
    check: Annotated[bool, typer.Option("--check/--no-check", help="Ask Spoki first whether the key is right.")] = True,
    verbose: Verbose = False,
) -> None:
    """Store an API key in the system keyring."""
    settings = load_settings(api_key=_given_key())
    if check:
        seen = ask_accounts(settings).accounts or 0
        typer.echo(
            ngettext(
                "Spoki accepts the key; it sees {count} account.",
                "Spoki accepts the key; it sees {count} accounts.",
                seen,
            )
        )
    _store(settings)
    stored = noop("Stored the key …{end} for {origin} in the system keyring.")
    typer.echo(gettext(stored, end=settings.require_key()[-4:], origin=settings.base_url))
    if source := overriding_source():
        say(gettext("Note: {source} holds a key too, and takes precedence over the stored one.", source=source))


def logout() -> None:
    """Remove the stored API key from the system keyring."""
    base_url = load_settings().base_url
    if stored_key(base_url) is None:
        typer.echo(gettext("No key is stored for {origin}.", origin=base_url))
        return
    import keyring
    import keyring.errors

    try:
        within(KEYRING_SECONDS, lambda: keyring.delete_password(KEYRING_SERVICE, base_url))
    except (keyring.errors.KeyringError, TimeoutError) as problem:
        raise _no_keyring(str(problem)) from None
    typer.echo(gettext("Removed the key for {origin} from the system keyring.", origin=base_url))


def overriding_source() -> str | None:
    """Where a key stands that takes precedence over the keyring: the environment, or ``.env``."""
    if Settings(_env_file=None).api_key is not None:  # type: ignore[call-arg]
        return gettext("the environment (SPOKI_API_KEY)")
    return ".env (SPOKI_API_KEY)" if Settings().api_key is not None else None  # type: ignore[call-arg]


def _given_key() -> str:
    """The key from a hidden prompt, or the first line of a pipe."""
    text = str(typer.prompt(gettext("API key"), hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline()
    if not text.strip():
        raise UsageError(
            gettext("No key was given."), advice=gettext("Type it when asked, or send it on standard input.")
        )
    return text.strip()


def _store(settings: Settings) -> None:
    """Store the key for its origin; no local variable holds it, as tracebacks may show them."""
    import keyring
    import keyring.errors

    failure = ""
    try:
        within(
            KEYRING_SECONDS,
            lambda: keyring.set_password(KEYRING_SERVICE, settings.base_url, settings.require_key()),
        )
    except (keyring.errors.KeyringError, RuntimeError, OSError) as problem:
        failure = type(problem).__name__
    if failure:  # raised out here, as the context of the error would lead to the key
        raise _no_keyring(failure)
    if stored_key(settings.base_url) != settings.require_key():
        raise _no_keyring(gettext("it did not keep the key"))


def _no_keyring(why: str) -> UsageError:
    return UsageError(
        gettext("This machine has no usable keyring ({why}).", why=why),
        advice=gettext("Set SPOKI_API_KEY in the environment, or write SPOKI_API_KEY=... in a private file .env."),
    )
