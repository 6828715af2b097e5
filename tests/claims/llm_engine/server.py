"""A server that speaks the chat-completions protocol over a real socket, and misbehaves as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


class Exchange(BaseHTTPRequestHandler):
    """One request of the client, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    server: "ModelServer"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.take(Asked(self.path, dict(self.headers), body))
        with suppress(ConnectionError):
            answer(self, body)

    def send(self, body: bytes, *, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what was asked is in `ModelServer.asked`."""


Answer = Callable[[Exchange, Json], None]


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: Json

    @property
    def given(self) -> Json:
        """What the model is given to read."""
        return json.loads(self.body["messages"][1]["content"])


@dataclass
class ModelServer(ThreadingHTTPServer):
    """Gives `answers` in turn, the last one ever after."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.daemon_threads = True
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        ThreadingHTTPServer.__init__(self, ("127.0.0.1", 0), Exchange)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def take(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running() -> Iterator[ModelServer]:
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join()


def completion(content: str, **more: Any) -> bytes:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"id": "1", "object": "chat.completion", "choices": [choice]} | more).encode()


def a_claim(quote: str | list[str], *, sentence: int = 0, **given: Any) -> Json:
    """A claim as the model writes it down: own voice, with the quote as its statement, unless given."""
    pieces = [quote] if isinstance(quote, str) else quote
    claim = {"sentence": sentence, "quote": pieces, "statement": " ".join(pieces)}
    return claim | {"speaker": "", "speaker_name": "", "cue": "", "reported_by": []} | given


def claims(*given: Json, tokens: int = 100) -> Answer:
    """Answer with these claims, whatever was asked."""
    content = json.dumps({"claims": given})
    return saying(completion(content, usage={"total_tokens": tokens}))


def saying(body: bytes, **how: Any) -> Answer:
    return lambda exchange, _: exchange.send(body, **how)
