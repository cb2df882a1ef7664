"""Style sheets, scripts and typefaces: named by their content, so that browsers may keep them for good."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory, url_for

from evaluator.web.security import public

bp = Blueprint("assets", __name__)

KEEP = 365 * 24 * 3600
FACES = {400: "BeVietnamPro-Regular", 500: "BeVietnamPro-Medium", 600: "BeVietnamPro-SemiBold", 700: "BeVietnamPro-Bold"}


def init_app(app: Flask) -> None:
    """Let templates name assets, and let browsers keep them."""
    static = Path(app.static_folder or "")
    digests: dict[str, str] = {}

    def asset(name: str) -> str:
        """Return the address of a file under static/ with a digest of its content."""
        if name not in digests or app.debug or app.testing:
            digests[name] = hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=digests[name])

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args:
            response.cache_control.public = True
            response.cache_control.max_age = KEEP
            response.cache_control.immutable = True
        return response

    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(bp)


def face_folder() -> Path | None:
    """Return where the wheel of Be Vietnam Pro keeps its files, None when it is not installed."""
    spec = find_spec("fontpkg_be_vietnam_pro")
    if spec is None or spec.origin is None:
        return None
    found = next(Path(spec.origin).parent.rglob("BeVietnamPro-Regular.ttf"), None)
    return found.parent if found else None


@bp.get("/assets/faces/<int:weight>.ttf")
@public
def face(weight: int) -> Response:
    """Send a weight of the typeface; pages fall back to the reader's own when there is none."""
    folder = face_folder()
    if folder is None or weight not in FACES:
        abort(404)
    response = send_from_directory(folder, f"{FACES[weight]}.ttf", mimetype="font/ttf", max_age=KEEP)
    response.cache_control.immutable = True
    return response
