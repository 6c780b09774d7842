"""A model hub on this machine, for tests: one repository, served the way the hub's client asks for it."""

from __future__ import annotations

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "c0ffee" + "0" * 34


class ModelHub:
    """Serves the files of a folder as `repository`; anything else is 404."""

    def __init__(self, repository: str, folder: Path) -> None:
        files = {path.name: path for path in sorted(folder.iterdir())}
        digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
        listing = [
            {"type": "file", "path": name, "size": path.stat().st_size, "oid": digests[name][:40]}
            | {"lfs": {"oid": digests[name], "size": path.stat().st_size, "pointerSize": 130}}
            for name, path in files.items()
        ]
        about = {"id": repository, "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
        pages = {f"/api/models/{repository}/revision/main": about, f"/api/models/{repository}/tree/{COMMIT}": listing}

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                name = path.removeprefix(f"/{repository}/resolve/{COMMIT}/")
                headers = {}
                if path in pages:
                    body = json.dumps(pages[path]).encode()
                elif name in files:
                    body = files[name].read_bytes()
                    headers = {"etag": f'"{digests[name]}"', "x-repo-commit": COMMIT}
                else:
                    headers, body = {"x-error-code": "RepoNotFound"}, b"{}"
                self.send_response(404 if "x-error-code" in headers else 200)
                for header, value in (headers | {"content-length": str(len(body))}).items():
                    self.send_header(header, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> ModelHub:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
