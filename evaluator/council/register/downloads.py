"""Handing out a paper as a file."""

from flask import Response

from evaluator.core.errors import NotFound
from evaluator.papers.paper import Paper

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def as_paper(paper: Paper, kind: str, name: str) -> Response:
    """Return a paper as .docx or PDF.

    Raises:
        NotFound: it is made in no such format.
    """
    from evaluator.papers.docx import docx  # noqa: PLC0415 - loads python-docx, which only a download needs
    from evaluator.papers.pdf import pdf  # noqa: PLC0415 - beside it

    writers = {"docx": docx, "pdf": pdf}
    if kind not in writers:
        raise NotFound
    return as_file(writers[kind](paper), kind, name)


def as_file(content: bytes, kind: str, name: str) -> Response:
    """Return bytes as a download of that name."""
    response = Response(content, mimetype=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
