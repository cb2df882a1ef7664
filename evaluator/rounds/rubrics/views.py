"""Pages on which a secretary makes a rubric, part by part, tries it and saves a version."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid, NotFound
from evaluator.core.text import N_, Sentence
from evaluator.policy import Action
from evaluator.rounds import presets
from evaluator.rounds.rubrics import queries, trial
from evaluator.rounds.rubrics import service as rubrics
from evaluator.rounds.rubrics.forms import SETTINGS, NewRubricForm, PartForm, TomlForm, TrialForm
from evaluator.rounds.rubrics.words import ADD_NAMES, KIND_NAMES, LIST_HINTS, LIST_NAMES
from evaluator.rules import rubric_document, rubric_parts, rubric_words
from evaluator.rules.amounts import Figure
from evaluator.rules.fields import Document, Problem
from evaluator.rules.rubric import Rubric
from evaluator.rules.rubric_checks import problems
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import me, now

bp = Blueprint("rubrics", __name__, url_prefix="/rubrics", template_folder="templates")

PRESET, SAVED = "preset-", "saved-"
NOT_UTF_8 = N_("The file is not UTF-8 text. Save it as UTF-8, then send it again.")


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the rubrics of the house and the presets."""
    return render_template(
        "rubrics/index.html", rubrics=queries.newest_first(me()), presets=presets.rubrics().values(), form=TomlForm()
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Begin a rubric."""
    policy.require(me(), Action.RUBRIC_EDIT)
    form = NewRubricForm(request.form)
    form.start.choices = _starts()
    if request.method == "GET":
        form.start.data = request.args.get("start", "")
        form.title.data = dict(form.start.choices).get(form.start.data, "") if form.start.data else ""
    if form.is_sent:
        with form.showing_errors(), transaction():
            if form.start.data:
                document = _document(form.start.data)
                code = rubrics.copy(document, form.title.data or "", by=me(), now=now()).code
            else:
                code = rubrics.create(form.title.data or "", form.rows(), by=me(), now=now()).code
        if form.is_good:
            return redirect(url_for(".show", code=code), 303)
    return render_template("rubrics/new.html", form=form), form.status


def _starts() -> list[tuple[str, str]]:
    saved = [(f"{SAVED}{rubric.code}", rubric.title) for rubric, _number in queries.newest_first(me())]
    shipped = [(f"{PRESET}{preset.key}", preset.title) for preset in presets.rubrics().values()]
    return [("", _("Nothing: I write the criteria below")), *saved, *shipped]


def _document(start: str) -> Document:
    if start.startswith(PRESET):
        return presets.rubric(start.removeprefix(PRESET))
    return queries.get(start.removeprefix(SAVED), actor=me()).draft


@bp.post("/import")
def bring_in() -> ResponseReturnValue:
    """Take a rubric in from a TOML file."""
    policy.require(me(), Action.RUBRIC_EDIT)
    form = TomlForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            code = rubrics.bring_in(_text(request.files.get("file")), by=me(), now=now()).code
        if form.is_good:
            flash(_("The rubric was taken in."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("rubrics/import.html", form=form), form.status


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show a rubric with its parts, its mistakes and its versions."""
    saved = queries.get(code, actor=me())
    rubric = rubrics.rubric_of(saved)
    wrong = problems(rubric)
    return render_template(
        "rubrics/show.html",
        saved=saved,
        rubric=rubric,
        highest=_("no bound") if rubric.highest is None else str(Figure(rubric.highest)).replace(".", ","),
        lists=[_part_list(name, rubric, wrong) for name in rubric_parts.LISTS],
        wrong=[(problem, _page_of(problem.place, code)) for problem in wrong],
        floors=rubric_words.floor_words(rubric),
        versions=queries.versions(saved),
        form=ConfirmForm(),
    )


def _page_of(place: str, code: str) -> str:
    """Return the page on which a mistake at this place is mended."""
    found = re.match(r"([a-z]+)\[([0-9]+)\]", place)
    if found:
        return url_for(".change", code=code, place=f"{found[1]}.{found[2]}")
    return url_for(".settings", code=code) if place in SETTINGS else url_for(".show", code=code, _anchor=place)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as a list shows it."""

    place: str
    words: tuple[str, ...]
    aside: str
    wrong: tuple[Sentence, ...]
    inner: "tuple[PartList, ...]" = ()


@dataclass(frozen=True, slots=True)
class PartList:
    """One list of parts with what may be added to it."""

    place: str
    name: str
    hint: str
    add: str
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[PartRow, ...]
    wrong: tuple[Sentence, ...]


def _part_list(name: str, rubric: Rubric, wrong: list[Problem], place: str = "") -> PartList:
    place = place or name
    found = getattr(rubric, name) if place == name else _gates_at(rubric, place)
    return PartList(
        place=place,
        name=say(LIST_NAMES[name]),
        hint=say(LIST_HINTS[name]),
        add=say(ADD_NAMES[name]),
        kinds=tuple((kind, say(KIND_NAMES[name, kind])) for kind in rubric_parts.kinds(place)),
        rows=tuple(_row(name, f"{place}.{number}", each, rubric, wrong) for number, each in enumerate(found)),
        wrong=tuple(problem.problem for problem in wrong if problem.place == _bracketed(place)),
    )


def _gates_at(rubric: Rubric, place: str) -> Any:
    found: Any = rubric
    for step in place.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    return found


def _row(name: str, place: str, each: Any, rubric: Rubric, wrong: list[Problem]) -> PartRow:
    here = _bracketed(place)
    inner = (_part_list("gates", rubric, wrong, f"{place}.gates"),) if hasattr(each, "gates") else ()
    mistakes = tuple(
        problem.problem
        for problem in wrong
        if problem.place == here or (problem.place.startswith(f"{here}.") and f"{here}.gates" not in problem.place)
    )
    words, aside = _words(name, each, rubric)
    return PartRow(place, words, aside, mistakes, inner)


def _bracketed(place: str) -> str:
    """Return a place as problems write it: criteria[2].bands."""
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in place.split(".")).lstrip(".")


def _words(name: str, each: Any, rubric: Rubric) -> tuple[tuple[str, ...], str]:
    """Return a part in words and what stands beside it."""
    match name:
        case "criteria":
            return (each.label, say(rubric_words.criterion_words(each, KIND_NAMES[name, each.kind]))), each.code
        case "steps":
            return tuple(map(say, rubric_words.step_words(each))), ""
        case "gates":
            return tuple(map(say, rubric_words.gate_words(rubric, each)[:1])), ""
        case "classes":
            return tuple(map(say, rubric_words.class_words(rubric, each)[:1])), ""
        case "caps":
            return (say(rubric_words.cap_words(rubric, each)),), ""
        case "ties":
            return (say(rubric_words.tie_words(rubric, each)),), ""
    return (each.label,), getattr(each, "code", "")


@bp.route("/<code:code>/settings", methods=["GET", "POST"])
def settings(code: str) -> ResponseReturnValue:
    """Change what concerns the rubric as a whole."""
    policy.require(me(), Action.RUBRIC_EDIT)
    saved = queries.get(code, actor=me())
    form = PartForm.of(Rubric, rubrics.rubric_of(saved), _sent(), saved.draft, only=SETTINGS)
    if request.method == "GET":
        form.version.data = str(saved.version)
    if form.is_sent:
        typed = dict.fromkeys(SETTINGS) | form.document(None, "")
        with form.showing_errors(), transaction():
            rubrics.settle(saved, typed, read_version=form.read_version, by=me(), now=now())
        if form.is_good:
            return redirect(url_for(".show", code=code), 303)
    return render_template("rubrics/part.html", form=form, saved=saved, title=_("The rubric as a whole")), form.status


@bp.route("/<code:code>/parts/<code:place>", methods=["GET", "POST"])
def change(code: str, place: str) -> ResponseReturnValue:
    """Change one part, or add one to a list when ``place`` names a list."""
    policy.require(me(), Action.RUBRIC_EDIT)
    saved = queries.get(code, actor=me())
    found = _part(saved.draft, place)
    is_new = isinstance(found, list)
    kind_name = request.args.get("kind", "") if is_new else found.get("kind", "")
    kind = rubric_parts.kinds(place).get(kind_name)
    if kind is None:
        raise NotFound
    part: Document | None = None if is_new else found
    form = PartForm.of(kind, rubrics.rubric_of(saved), _sent(), part)
    if request.method == "GET":
        form.version.data = str(saved.version)
    if form.is_sent:
        with form.showing_errors(), transaction():
            typed = {**_begin(kind), **form.document(part, kind_name)} if is_new else form.document(part, kind_name)
            rubrics.put_part(saved, place, typed, read_version=form.read_version, by=me(), now=now())
        if form.is_good:
            if request.form.get("again"):
                return redirect(url_for(".change", code=code, place=place, kind=kind_name), 303)
            return redirect(url_for(".show", code=code, _anchor=_list_of(place)), 303)
    mistakes = [] if is_new else _mistakes(saved, place)
    title = say(KIND_NAMES[_list_of(place), kind_name])
    page = render_template("rubrics/part.html", form=form, saved=saved, title=title, is_new=is_new, mistakes=mistakes)
    return page, form.status


def _sent() -> Any:
    """Return what was sent; nothing at all while the page is only looked at, so that boxes keep their ticks."""
    return request.form if request.method == "POST" else None


def _begin(kind: type) -> Document:
    """Return what a new part has besides what is typed: a key to be made, gates to be added later."""
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]  # parts are dataclasses
    return ({"key": ""} if "key" in names else {}) | ({"gates": []} if "gates" in names else {})


def _list_of(place: str) -> str:
    names = [step for step in place.split(".") if not step.isdigit()]
    return "gates" if names[-1] == "gates" else names[0]


def _part(document: Document, place: str) -> Any:
    try:
        return rubric_parts.part(document, place)
    except rubric_parts.NoSuchPart as error:
        raise NotFound from error


def _mistakes(saved: Any, place: str) -> list[Sentence]:
    here = _bracketed(place)
    found = problems(rubrics.rubric_of(saved))
    return [problem.sentence for problem in found if problem.place == here or problem.place.startswith(f"{here}.")]


@bp.post("/<code:code>/parts/<code:place>/removal")
def take_out(code: str, place: str) -> ResponseReturnValue:
    """Take a part out."""
    with transaction():
        rubrics.take_out(queries.get(code, actor=me()), place, by=me(), now=now())
    return redirect(url_for(".show", code=code, _anchor=_list_of(place)), 303)


@bp.post("/<code:code>/parts/<code:place>/move")
def move(code: str, place: str) -> ResponseReturnValue:
    """Move a part up or down in its list."""
    by_places = 1 if request.form.get("to") == "down" else -1
    with transaction():
        rubrics.move(queries.get(code, actor=me()), place, by_places, by=me(), now=now())
    return redirect(url_for(".show", code=code, _anchor=_list_of(place)), 303)


@bp.post("/<code:code>/versions")
def save_version(code: str) -> ResponseReturnValue:
    """Save the draft as a version."""
    saved = queries.get(code, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            number = rubrics.save_version(saved, by=me(), now=now()).number
        if form.is_good:
            flash(_("Version %(number)s was saved. Rounds can use it now.", number=number))
        else:
            flash(form.error, "error")
    return redirect(url_for(".show", code=code), 303)


@bp.get("/<code:code>/rubric.toml")
def draft_toml(code: str) -> ResponseReturnValue:
    """Take the draft out as TOML."""
    saved = queries.get(code, actor=me())
    return _toml(rubrics.rubric_of(saved), saved.code)


@bp.get("/<code:code>/versions/<int:number>/rubric.toml")
def version_toml(code: str, number: int) -> ResponseReturnValue:
    """Take a saved version out as TOML."""
    version = queries.version(code, number, actor=me())
    return _toml(rubric_document.from_document(version.document), f"{code}-{number}")


@bp.get("/presets/<code:key>/rubric.toml")
def preset_toml(key: str) -> ResponseReturnValue:
    """Take a preset out as TOML."""
    policy.require(me(), Action.RUBRIC_READ)
    return _toml(rubric_document.from_document(presets.rubric(key)), key)


def _toml(rubric: Rubric, name: str) -> Response:
    response = Response(rubric_document.to_toml(rubric), mimetype="application/toml")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.toml"
    return response


@bp.route("/<code:code>/trial", methods=["GET", "POST"])
def try_out(code: str) -> ResponseReturnValue:
    """Try the draft with made-up points. Nothing is kept."""
    saved = queries.get(code, actor=me())
    rubric = rubrics.rubric_of(saved)
    form = TrialForm(request.form)
    form.category.choices = [("", _("Any")), *((each.key, each.label) for each in rubric.categories)]
    if request.method == "GET":
        form.sheets.data = trial.USUAL_SHEETS
    wrong, result = problems(rubric), None
    if form.is_sent and not wrong:
        facts = {
            "votes": form.votes.data,
            "highest_votes": form.highest_votes.data,
            "category": form.category.data or "",
        }
        result = trial.run(rubric, request.form, _sheets(form), facts)
    return render_template(
        "rubrics/trial.html",
        saved=saved,
        rubric=rubric,
        form=form,
        wrong=wrong,
        trial=result,
        sheets=_sheets(form),
        name_of=trial.name_of,
    )


def _sheets(form: TrialForm) -> int:
    return min(max(form.sheets.data or 1, 1), trial.MOST_SHEETS)


def _text(upload: FileStorage | None) -> str:
    """Return the text of an uploaded file. Raises Invalid."""
    try:
        return upload.read().decode("utf-8-sig") if upload else ""
    except UnicodeDecodeError as error:
        raise Invalid.on("file", NOT_UTF_8) from error
