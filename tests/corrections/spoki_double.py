"""A stand-in for Spoki that keeps records, counts every write that arrives, and can lose answers.

It is smaller and stricter than the sandbox on purpose: a test sees each request body as it came.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FAMILIES = {
    "contacts": "contacts",
    "tickets": "tickets",
    "lists": "lists",
    "campaigns": "campaigns",
    "custom-fields": "custom_fields",
    "roles": "roles",
    "media": "media",
    "templates": "templates",
    "invitations": "invitations",
    "channel": "channels",
    "external-webhooks": "webhooks",
    "automations": "automations",
    "accounts": "accounts",
}


def contact(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "phone": f"+39333{number:07d}",
        "email": f"c{number}@example.com",
        "first_name": f"First{number}",
        "last_name": "",
        "language": "it",
        "status": "Not Declared",
        "is_blocked": False,
        "created_datetime": "2025-01-01T00:00:00Z",
        "contactfield_set": [],
        "list_set": [],
        "tag_set": [],
        "role_set": [],
        **values,
    }


def ticket(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Ticket {number}",
        "description": None,
        "reference": f"R{number}",
        "status": "Open",
        "priority": "Medium",
        "created_datetime": "2025-01-01T00:00:00Z",
        "contact": {"id": 1, "phone": "+393330000001"},
        "owner": None,
        **values,
    }


class Double:
    """Records by family and id, every write in ``writes``; ``lose`` says which answers are lost after the deed."""

    def __init__(self) -> None:
        self.records: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in FAMILIES.values()}
        self.writes: list[tuple[str, str, Any]] = []
        self.reads: list[str] = []
        self.peers: list[Any] = []
        self.queries: list[dict[str, str]] = []
        self.lose: Callable[[str, str], bool] = lambda method, path: False
        self.refuse: Callable[[str, str], tuple[int, Any] | None] = lambda method, path: None
        self.sync_errors: list[Any] = []
        self.next_id = 5000
        self._lock = threading.Lock()
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                double._handle(self)

            do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names that http.server looks for

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(self, family: str, *rows: dict[str, Any]) -> None:
        self.records[family] |= {row["id"]: row for row in rows}

    def state(self) -> dict[str, Any]:
        return deepcopy(self.records)

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length", 0))
        text = handler.rfile.read(length)
        if len(text) < length:  # whoever asked was killed between head and body: no server carries that out
            handler.close_connection = True
            return
        body = json.loads(text) if text else None
        query = dict(parse_qsl(parts.query))
        path = parts.path.removeprefix("/api/1/").strip("/").split("/")
        handler.close_connection = False  # like a server that keeps connections open although it was asked not to
        self.peers.append(handler.client_address)
        with self._lock:
            is_write = handler.command != "GET" or path[-1] == "clone"
            if is_write:
                self.writes.append((handler.command, parts.path, body))
                self.queries.append(query)
            else:
                self.reads.append(parts.path)
            refused = self.refuse(handler.command, parts.path)
            status, answer = refused or self._answer(handler.command, path, query, body)
            if is_write and self.lose(handler.command, parts.path):
                handler.close_connection = True
                handler.connection.close()
                return
        content = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _answer(self, method: str, path: list[str], query: dict[str, str], body: Any) -> tuple[int, Any]:
        family, rest = FAMILIES[path[0]], path[1:]
        rows = self.records[family]
        if not rest:
            return (200, self._listing(family, query)) if method == "GET" else (201, self._create(family, body))
        if not rest[0].isdigit():
            return getattr(self, f"_{rest[0]}")(body)
        number = int(rest[0])
        if number not in rows:
            return 404, {"detail": "Not found."}
        if len(rest) > 1:
            return self._act(family, rows[number], rest[1].replace("-", "_"), method, body)
        if method == "PATCH":
            self._patch(family, rows[number], body)
        if method == "DELETE":
            del rows[number]
            self._leave(family, number)
            return 204, None
        return 200, self._shown(family, rows[number])

    def _listing(self, family: str, query: dict[str, str]) -> dict[str, Any]:
        rows = [self._shown(family, row) for row in self.records[family].values()]
        for name in ("phone", "email"):
            if name in query:
                rows = [row for row in rows if row[name] == query[name]]
        return {"count": len(rows), "next": None, "previous": None, "results": rows}

    def _shown(self, family: str, row: dict[str, Any]) -> dict[str, Any]:
        if family == "lists":
            members = [c for c in self.records["contacts"].values() if any(x["id"] == row["id"] for x in c["list_set"])]
            return {**row, "contacts_count": len(members)}
        return row

    def _create(self, family: str, body: Any) -> dict[str, Any]:
        self.next_id += 1
        row = {"id": self.next_id, **body}
        if family == "tickets":
            row = ticket(self.next_id, created_datetime=datetime.now(UTC).isoformat())
        if family == "campaigns":
            row["created_datetime"] = datetime.now(UTC).isoformat()
        self.records[family][self.next_id] = row
        self._patch(family, row, body)
        return {**row, "secret": "whsec-1"} if family == "webhooks" else row

    def _patch(self, family: str, row: dict[str, Any], body: dict[str, Any]) -> None:
        for name, value in body.items():
            if name == "custom_fields":
                kept = {entry["visual_code"]: entry for entry in row["contactfield_set"]}
                for code, text in value.items():
                    kept[f"%%{code}%%"] = {"visual_code": f"%%{code}%%", "value": text}
                row["contactfield_set"] = list(kept.values())
            elif family == "tickets" and name == "contact_phone":
                row["contact"] = {"id": 1, "phone": value}
            elif family == "campaigns" and name == "lists":
                row["lists"] = [{"id": each} for each in value]
            elif family == "campaigns" and name == "automation":
                row["automation"] = {"id": value}
            else:
                row[name] = value

    def _leave(self, family: str, number: int) -> None:
        if family == "lists":
            for row in self.records["contacts"].values():
                row["list_set"] = [each for each in row["list_set"] if each["id"] != number]

    def _sync(self, body: dict[str, Any]) -> tuple[int, Any]:
        return 200, self._upsert(body, self._phones())

    def _sync_all(self, body: list[dict[str, Any]]) -> tuple[int, Any]:
        assert len(body) <= 500
        phones = self._phones()
        for item in body:
            self._upsert(item, phones)
        return 200, {"errors": self.sync_errors} if self.sync_errors else {}

    def _phones(self) -> dict[str, dict[str, Any]]:
        return {row["phone"].lstrip("+"): row for row in self.records["contacts"].values()}

    def _upsert(self, item: dict[str, Any], phones: dict[str, dict[str, Any]]) -> dict[str, Any]:
        assert re.fullmatch(r"\+\d{8,15}", item["phone"]), item
        row = phones.get(item["phone"].lstrip("+"))
        if row is None:
            self.next_id += 1
            row = contact(self.next_id, email=None, first_name="", phone=item["phone"])
            self.records["contacts"][self.next_id] = phones[item["phone"].lstrip("+")] = row
        self._patch("contacts", row, {name: value for name, value in item.items() if name != "phone"})
        return row

    def _add_service_user(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.next_id += 1
        user = {"email": f"u{self.next_id}@example.com", "firstname": body["name"], "is_service": True}
        self.records["roles"][self.next_id] = {"id": self.next_id, "role": body["role"], "user": user}
        return 201, self.records["roles"][self.next_id]

    def _act(self, family: str, row: dict[str, Any], act: str, method: str, body: Any) -> tuple[int, Any]:
        if family == "lists":
            return 200, self._of_list(row, act, body)
        match act:
            case "add_operator":
                row["role_set"] = [*row["role_set"], {"user": {"email": body["email"]}}]
            case "remove_operator":
                row["role_set"] = [role for role in row["role_set"] if role["user"]["email"] != body["email"]]
            case "update_role":
                row["role"] = body["role"]
            case "clone":
                return 200, self._create(family, {**{k: v for k, v in row.items() if k != "id"}, "name": "Copy"})
            case "set_primary":
                for each in self.records[family].values():
                    each["is_primary"] = each is row
            case "expands":
                row["expands"] = body["expands"] if method == "POST" else row.get("expands", [])
                return 200, row["expands"]
        return 200, {"generate_private_key": {"value": "pk-super-secret-1"}, "rotate_secret": {"secret": "w"}}.get(
            act, {}
        )

    def _of_list(self, row: dict[str, Any], act: str, body: Any) -> Any:
        if act == "remove_all_contacts":
            self._leave("lists", row["id"])
        if act == "remove_contacts":
            for each in self.records["contacts"].values():
                if any(each[name] in body.get(f"{name}s", ()) for name in ("id", "phone", "email")):
                    each["list_set"] = [one for one in each["list_set"] if one["id"] != row["id"]]
        if act == "sync_contacts":
            assert len(body["contacts"]) <= 500
            for item in body["contacts"]:
                member = self._upsert(item, self._phones())
                if row["id"] not in [each["id"] for each in member["list_set"]]:
                    member["list_set"] = [*member["list_set"], {"id": row["id"]}]
            return {"errors": self.sync_errors}
        return {}
