import os
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest

from spoki_analytics import SpokiError, UnavailableError
from spoki_analytics.catalogue import operation
from tests.conftest import Answer

TAGS = "/api/1/tags/"


@pytest.fixture
def dripping():
    """A server that sends a byte each 20 ms and never comes to an end; of the head, or of the body."""
    listener = socket.create_server(("127.0.0.1", 0))
    served, stopped = [], threading.Event()

    def drip(connection, head):
        connection.recv(4096)
        with connection:
            try:
                connection.sendall(head)
                while not stopped.wait(0.02):
                    connection.sendall(b"a")
            except OSError:
                pass

    def serve(head):
        def accept():
            try:
                while True:
                    connection, _ = listener.accept()
                    served.append(threading.Thread(target=drip, args=(connection, head), daemon=True))
                    served[-1].start()
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    stopped.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in served:
        thread.join()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n[",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[",
    ],
    ids=["head", "body", "endless-body"],
)
def test_no_drip_holds_a_load(client, dripping, monkeypatch, head):
    monkeypatch.setenv("SPOKI_TIMEOUT", "0.2")
    spoki = client(base_url=dripping(head))
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="took too long to answer"):
        spoki.tags.load()
    assert time.monotonic() - began < 5


def test_the_total_can_be_set_apart(client, dripping, monkeypatch):
    monkeypatch.setenv("SPOKI_TOTAL_TIMEOUT", "0.1")
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    spoki = client(base_url=dripping(b"HTTP/1.1 200 OK\r\nX-Slow: "))
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="took too long"):
        spoki.tags.load()
    assert time.monotonic() - began < 1


def test_no_drip_holds_a_correction_and_its_fate_is_unknown(client, dripping, monkeypatch):
    monkeypatch.setenv("SPOKI_TIMEOUT", "0.2")
    spoki = client(base_url=dripping(b"HTTP/1.1 200 OK\r\nX-Slow: "))
    sent = spoki.session.writes.send(operation("add_service_user"), {}, {"name": "a"}, {})
    assert sent.fate == "unknown"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_refused_connection_is_named_and_costs_no_slot(client):
    spoki = client(base_url=f"http://127.0.0.1:{closed_port()}")
    left = spoki.session.pace.left(operation("list_tags"))
    with pytest.raises(UnavailableError, match="the connection was refused"):
        spoki.tags.load()
    assert spoki.session.pace.left(operation("list_tags")) == left


def test_a_name_that_is_not_there_is_said(client):
    with pytest.raises(UnavailableError, match="its name was not found"):
        client(base_url="http://spoki.invalid").tags.load()


def test_a_proxy_that_is_not_there_is_named(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(UnavailableError, match=r"the proxy does not let it through.*NO_PROXY"):
        client(base_url="http://spoki.invalid").tags.load()


def test_a_connection_that_nobody_takes_is_said(client, monkeypatch):
    monkeypatch.setenv("SPOKI_TIMEOUT", "0.1")
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]  # fill the queue, so that the next one is left hanging
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        with pytest.raises(UnavailableError, match="did not take the connection in time"):
            client(base_url=f"http://127.0.0.1:{address[1]}").tags.load()
        for each in waiting:
            each.close()


def test_a_certificate_that_is_not_trusted_says_what_to_set_and_is_not_tried_again(client, tmp_path):
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", "key.pem", "-out", "cert.pem"], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    tried = []
    with socket.create_server(("localhost", 0)) as listener:

        def shake():
            connection, _ = listener.accept()
            tried.append(connection)
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)
            connection.close()

        thread = threading.Thread(target=shake)
        thread.start()
        with pytest.raises(UnavailableError, match=r"certificate is not trusted.*REQUESTS_CA_BUNDLE"):
            client(base_url=f"https://localhost:{listener.getsockname()[1]}").tags.load()
        thread.join()
    assert len(tried) == 1


def test_what_one_client_could_not_reach_the_next_tries_once(client):
    base_url = f"http://127.0.0.1:{closed_port()}"
    for attempts in (4, 1):
        with pytest.raises(SpokiError) as caught:
            client(base_url=base_url).tags.load()
        assert caught.value.requests == attempts


def test_a_spoki_that_is_back_is_tried_as_often_as_ever(script, client):
    spoki = client()
    spoki.session.pace.reach.lose()
    script[TAGS] = [Answer([]), Answer(b"", 500), Answer(b"", 500), Answer([])]
    spoki.tags.load()
    assert not spoki.session.pace.reach.was_lost_lately()
    spoki.tags.load(refresh=True)
    assert len(script.seen) == 4


def test_the_reports_of_a_command_end_together_when_spoki_is_not_there(tmp_path):
    program = "from spoki_analytics.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "report", "usage", "credit", "campaigns", "--out", str(tmp_path)],
        check=False,
        env={**os.environ, "SPOKI_API_KEY": "k" * 20, "SPOKI_BASE_URL": f"http://127.0.0.1:{closed_port()}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("the connection was refused") == 3
