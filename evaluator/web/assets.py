"""Styles, scripts and typefaces under addresses that name their content, so that browsers keep them for good."""

import gzip
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from evaluator.core.errors import NotFound
from evaluator.web.security import public

STATIC = Path(__file__).parent / "static"
FIRST = ("tokens.css", "base.css")  # the rest may use their properties, in any order
WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
FACE = "Be Vietnam Pro"
TWO_COLOURS = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))*),(?:[^(),]|\([^()]*\))*\)")
FOR_GOOD = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__, url_prefix="/assets")


def init_app(app: Flask) -> None:
    """Serve the assets and tell the templates their addresses."""
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """Return the address of a file of ``static/``; ``site.css`` is all style sheets in one."""
    return f"{request.script_root}{bp.url_prefix}/{digest()}/{name}"


@bp.get("/<string:digest>/<path:name>")
@public
def serve(digest: str, name: str) -> ResponseReturnValue:
    """Answer with a file, compressed once per process."""
    del digest  # only names the content: an old page may still ask for an old one
    content, packed = _content(name)
    is_packed = bool(packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(packed if is_packed else content, mimetype=guess_type(name)[0] or "application/octet-stream")
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def digest() -> str:
    """Return a short hash over everything that is served here."""
    seen = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            seen.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    seen.update(" ".join(typefaces()).encode())
    return seen.hexdigest()[:12]


@cache
def typefaces() -> dict[str, Path]:
    """Return the typeface's files by name; empty where its wheel is missing, and the system's face serves."""
    found = find_spec("fontpkg_be_vietnam_pro")
    if found is None or found.origin is None:
        return {}
    folder = Path(found.origin).parent / "files"
    faces = {f"fonts/{weight}.ttf": folder / f"BeVietnamPro-{weight}.ttf" for weight in WEIGHTS}
    return {name: path for name, path in faces.items() if path.exists()}


@cache
def _content(name: str) -> tuple[bytes, bytes]:
    """Return a file and its compressed form (empty where compressing gains nothing).

    Raises:
        NotFound: there is no such file, or it lies outside the folder.
    """
    if name == "site.css":
        content = stylesheet().encode()
    else:
        path = typefaces().get(name) or (STATIC / name).resolve()
        if not path.is_file() or not (name in typefaces() or path.is_relative_to(STATIC)):
            raise NotFound
        content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    return content, packed if len(packed) < len(content) * 0.9 else b""


def stylesheet() -> str:
    """Return all style sheets as one: what the screen needs in one request."""
    folder = STATIC / "css"
    names = [*FIRST, *sorted(path.relative_to(folder).as_posix() for path in folder.glob("components/*.css"))]
    texts = [(folder / name).read_text(encoding="utf-8") for name in (*names, "print.css")]
    return "\n".join([*(_face(name) for name in typefaces()), _by_day(texts[0]), *texts[1:]])


def _by_day(tokens: str) -> str:
    """Return the tokens with the colours of the day alone for browsers before 2024, and as written for the others."""
    by_day = TWO_COLOURS.sub(r"\1", tokens)
    return f"{by_day}\n@supports (color: light-dark(#000, #fff)) {{\n{tokens}}}"


def _face(name: str) -> str:
    weight = WEIGHTS[Path(name).stem]
    return (
        f'@font-face {{ font-family: "{FACE}"; font-weight: {weight}; font-display: swap; '
        f'src: url("{name}") format("truetype"); }}'
    )
