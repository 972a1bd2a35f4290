"""Cleaning of HTML before it is published: what a page may hold is listed, everything else goes."""

from __future__ import annotations

import re

import nh3

TAGS = nh3.ALLOWED_TAGS | {"section", "footer"}
ATTRIBUTES = {
    "*": {"class", "id", "role", "aria-label"},
    "a": {"href"},
    "div": {"tabindex"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# A page needs nothing from the network, so that pictures are in it and links stay in it.
_ADDRESSES = {
    "src": re.compile(r"data:image/(svg\+xml|png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*"),
    "href": re.compile(r"#[\w.:-]*"),
}


def safe_html(html: str) -> str:
    """The HTML without scripts, styles, event handlers, forms, frames and foreign addresses."""
    return _cleaner.clean(html)


def _address_kept(_tag: str, attribute: str, value: str) -> str | None:
    pattern = _ADDRESSES.get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_address_kept, url_schemes={"data"}, link_rel=None
)
