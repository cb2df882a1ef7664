"""The page on which anybody checks a certificate: it says what is published, and nothing else."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from evaluator.council.papers import queries
from evaluator.council.papers.forms import CheckForm
from evaluator.papers.certificate import grouped
from evaluator.web.request import now
from evaluator.web.security import public

bp = Blueprint("certificates", __name__, url_prefix="/certificates", template_folder="templates")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Ask for the code of a certificate."""
    typed = "".join(each for each in request.args.get("code", "") if each.isalnum())[:40].upper()
    if typed:
        return redirect(url_for(".show", code=typed), 303)
    return render_template("papers/check.html", form=CheckForm())


@bp.get("/<code:code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Say whether a certificate is genuine, and what is published of it."""
    found = queries.checked(code, now=now())
    g.brand_context = found.unit
    return render_template("papers/checked.html", found=found, code=grouped(found.code))
