"""The press: typst in a child process with little memory, little time, no network habits and one folder."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evaluator.core.errors import Unavailable
from evaluator.core.text import N_
from evaluator.papers.words import printable

log = logging.getLogger(__name__)

TYPESETTER = Path(__file__).with_name("typesetter.py")
MEMORY_MB = 4096  # address space, most of it reserved and never touched; a book of 300 entries lives in a tenth
CPU_SECONDS = 120
OUTPUT_MB = 256


def print_pdf(template: Path, data: dict[str, Any], *, system_fonts: bool = False) -> bytes:
    """Return the PDF/UA-1 that the typst template makes of the data, the same bytes for the same data.

    The template reads the data as ``json("data.json")``; no text of it is ever read as markup.

    Raises:
        Unavailable: the child ran out of its limits or refused; its words go to the log, not to the reader.
    """
    with tempfile.TemporaryDirectory(prefix="press-") as name:
        folder = Path(name)
        (folder / "main.typ").write_bytes(template.read_bytes())
        (folder / "data.json").write_text(json.dumps(_printable(data), ensure_ascii=False), "utf-8")
        (folder / "job.json").write_text(
            json.dumps(
                {
                    "memory_mb": MEMORY_MB,
                    "cpu_s": CPU_SECONDS,
                    "output_mb": OUTPUT_MB,
                    "font_paths": _font_paths(),
                    "system_fonts": system_fonts,
                    "standards": "ua-1",
                }
            ),
            "utf-8",
        )
        try:
            subprocess.run(  # noqa: S603 - our own interpreter and our own script, no shell
                [sys.executable, "-I", str(TYPESETTER), name],
                cwd=name,
                env={"PATH": "/usr/bin:/bin", "TMPDIR": name},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=CPU_SECONDS * 2,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode("utf-8", "replace")
            log.warning("typesetting failed", extra={"template": template.name, "said": said[-500:]})
            raise Unavailable(N_("The document could not be set. Nothing was changed; please try again.")) from error
        return (folder / "out.pdf").read_bytes()


def _printable(value: Any) -> Any:
    """Return plain data with every text of it fit to be set."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value


def _font_paths() -> list[str]:
    """Return the folder of Be Vietnam Pro; without it typst's own faces serve, which have all Vietnamese letters."""
    spec = find_spec("fontpkg_be_vietnam_pro")
    if spec is None or spec.origin is None:
        return []
    return [str(Path(spec.origin).parent / "files")]
