import pytest

from spoki_analytics.api.transport import joined


@pytest.mark.parametrize(
    ("url", "link", "target"),
    [
        ("https://api.spoki.com/a/", "http://api.spoki.com/a/?page=2", "https://api.spoki.com/a/?page=2"),
        ("https://api.spoki.com/a/", "http://api.spoki.com:80/a/?page=2", "https://api.spoki.com/a/?page=2"),
        ("https://api.spoki.com:8443/a/", "http://api.spoki.com:8443/a/", "https://api.spoki.com:8443/a/"),
        ("https://api.spoki.com/a/", "//api.spoki.com/b/", "https://api.spoki.com/b/"),
        ("http://127.0.0.1:1/a/", "http://127.0.0.1:1/a/?page=2", "http://127.0.0.1:1/a/?page=2"),
    ],
)
def test_a_link_in_plain_http_on_the_same_host_is_followed_by_https(url, link, target):
    assert joined(url, link) == target


@pytest.mark.parametrize(
    "link",
    [
        "http://api.spoki.com.evil.com/a/",
        "http://api.spoki.com:8080/a/",
        "http://user:pw@api.spoki.com/a/",
        "ftp://api.spoki.com/a/",
        "http://[",
    ],
)
def test_any_other_link_stays_what_it_is_and_is_refused_later(link):
    assert joined("https://api.spoki.com/a/", link) == link
