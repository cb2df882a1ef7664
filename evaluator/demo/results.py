"""What a demonstration leaves in a folder: the summary, the book in every format, the papers."""

import json
import time
from pathlib import Path

from flask import current_app

from evaluator.compendium import queries as compendium
from evaluator.compendium.builders import BUILDERS, build
from evaluator.council import evidence
from evaluator.council import queries as sessions
from evaluator.council.models import Council
from evaluator.council.papers import making
from evaluator.council.records import facts as records
from evaluator.council.register import queries as register
from evaluator.demo.play import Play
from evaluator.papers.certificate import certificates_pdf
from evaluator.papers.docx import docx
from evaluator.papers.kinds import PaperKind
from evaluator.papers.minutes import minutes
from evaluator.papers.pdf import pdf

FILES = {"pdf": "compendium.pdf", "docx": "compendium.docx", "epub": "compendium.epub", "html": "site/index.html"}


def write(play: Play, folder: Path) -> None:
    """Write everything a demonstration has produced; what each took is added to the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    edition = compendium.published_edition(play.book)
    for name, path in FILES.items():
        began = time.perf_counter()
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(build(edition, name))
        play.seconds[f"build {BUILDERS[name].extension}"] = round(time.perf_counter() - began, 2)
    council = sessions.maybe_of(play.round.code)
    for held in sessions.sessions_of(council)[:1] if council is not None else ():
        began = time.perf_counter()
        paper = minutes(records.minutes_of(held, register.entry(held.council, PaperKind.MINUTES, str(held.number))))
        (folder / "minutes.docx").write_bytes(docx(paper))
        (folder / "minutes.pdf").write_bytes(pdf(paper))
        play.seconds["minutes"] = round(time.perf_counter() - began, 2)
        began = time.perf_counter()
        (folder / "evidence.zip").write_bytes(evidence.bundle(held))
        play.seconds["evidence"] = round(time.perf_counter() - began, 2)
    if council is not None:
        began = time.perf_counter()
        _result_papers(council, folder)
        play.seconds["result papers"] = round(time.perf_counter() - began, 2)
    summary = json.dumps(play.summary(), ensure_ascii=False, indent=1)
    (folder / "summary.json").write_text(summary + "\n", encoding="utf-8")


def _result_papers(council: Council, folder: Path) -> None:
    """Write the submission letter, the decision and all certificates."""
    for kind, name in ((PaperKind.SUBMISSION, "submission"), (PaperKind.DECISION, "decision")):
        given, recipe = making.facts_of(council, kind), making.RECIPES[kind]
        (folder / f"{name}.docx").write_bytes(recipe.docx(given))
        (folder / f"{name}.pdf").write_bytes(recipe.pdf(given))
    issued = [given for _, given in making.certificates(council, base_url=current_app.config["EVALUATOR"].base_url)]
    if issued:
        (folder / "certificates.pdf").write_bytes(certificates_pdf(tuple(issued)))
