"""The web application as it was built: what may be kept for ever is, the rest is asked for anew each time."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from vori.errors import NotFound

SITE = Path(__file__).parent / "site"
"""Where `make up` puts the built pages; they are in the wheel."""
HASHED = "_next/static/"
KEPT = "public, max-age=31536000, immutable"
ANEW = "no-cache"
INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the site, and the policy under which a browser runs it."""

    file: Path
    policy: str = ""


def read_site(folder: Path) -> dict[str, Page]:
    """Every file by its path under `folder`; none where the pages were not built."""
    return {
        path.relative_to(folder).as_posix(): Page(path, policy(path.read_bytes()) if path.suffix == ".html" else "")
        for path in folder.rglob("*")
        if path.is_file()
    }


def policy(html: bytes) -> str:
    """Content-Security-Policy of a page: everything from here, and of scripts in it just those that were built in."""
    found = {base64.b64encode(hashlib.sha256(script).digest()).decode() for script in INLINE.findall(html)}
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in sorted(found))])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    )


def routes(site: dict[str, Page]) -> APIRouter:
    """To be put last: it answers whatever no other route does."""
    router = APIRouter()

    @router.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def page(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            raise NotFound(f"There is nothing at /{path}.", remedy="/docs lists what there is.", code="no_such_route")
        if not site:
            raise NotFound("The pages aren't built here.", remedy="Build them: `make pages`. The API is at /docs.")
        if f"{path}/index.html" in site and not path.endswith("/"):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{quote(path)}/{query}", 308)
        found = site.get(path) or site.get(f"{path}index.html")
        if found is None:
            return _file("404.html", site["404.html"], 404)
        return _file(path, found)

    return router


def _file(path: str, page: Page, status: int = 200) -> FileResponse:
    headers = {"cache-control": KEPT if path.startswith(HASHED) else ANEW, "x-content-type-options": "nosniff"}
    if page.policy:
        headers["content-security-policy"] = page.policy
    return FileResponse(page.file, status, headers=headers)
