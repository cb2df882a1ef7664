"""The child that sets type: reads a folder, writes out.pdf in it, and can do little else.

Run as a script by ``press``, isolated from our code, our settings and our environment. The texts it sets come from
strangers: they arrive as JSON and are never markup; typst reads only below its own folder and has no package to fetch.
"""

import json
import resource
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Set ``main.typ`` of the folder into ``out.pdf``, within the limits of ``job.json``."""
    job = json.loads((folder / "job.json").read_text("utf-8"))
    memory = job["memory_mb"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_s"], job["cpu_s"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["output_mb"] * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    import typst  # noqa: PLC0415 - after the limits, so that they hold for the library too

    typst.Compiler(
        str(folder / "main.typ"),
        root=str(folder),
        font_paths=job["font_paths"],
        ignore_system_fonts=not job["system_fonts"],
        package_path=str(folder),
        package_cache_path=str(folder),
    ).compile(output=str(folder / "out.pdf"), format="pdf", pdf_standards=job["standards"], timestamp=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
