"""Pages of signing in, of one's own account, and of all accounts for administrators."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.people import lists, queries, sign_in
from evaluator.people import login as session
from evaluator.people import service as people
from evaluator.people.forms import (
    AccountForm,
    ChangePasswordForm,
    ForgottenPasswordForm,
    MyAccountForm,
    NewPasswordForm,
    SeveralForm,
    SignInForm,
)
from evaluator.people.passwords import check_strength, passwords
from evaluator.people.queries import LinkState
from evaluator.people.service import DEAD_LINK, Profile
from evaluator.policy import Action
from evaluator.rules.roles import ROLE_NAMES, Role
from evaluator.units import queries as units
from evaluator.units.service import Problem
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import forget_me, me, now
from evaluator.web.routes import back
from evaluator.web.security import public

bp = Blueprint("people", __name__, template_folder="templates")
accounts = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")


# --- signing in ---------------------------------------------------------------------------------


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Sign in with e-mail and password."""
    if me().id is not None and request.method == "GET":
        return back(url_for("home.start"))
    form = SignInForm(request.form)
    if form.is_sent:
        # The hash is slow on purpose; no transaction is open while it runs.
        attempt = sign_in.try_password(form.email.data, form.password.data, address=session.remote_address(), now=now())
        with transaction():
            outcome = sign_in.sign_in(attempt, limits=session.limits(), by=me(), now=now())
        if outcome.account is not None:
            session.begin(outcome.account, stay=form.stay.data)
            return back(url_for("home.start"))
        form.status, form.error = 422, say(outcome.problem or "")
    return render_template("people/login.html", form=form), form.status


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session of this browser."""
    if ConfirmForm(request.form).is_sent:
        session.end()
        flash(_("You are signed out."))
        return redirect(url_for(".login"), 303)
    return redirect(url_for("home.start"), 303)


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link that sets a new password; the answer is the same whoever asks."""
    form = ForgottenPasswordForm(request.form)
    if form.is_sent:
        with transaction():
            people.ask_reset(form.email.data, by=me(), now=now())
        return render_template("people/link_sent.html", email=form.email.data.strip())
    return render_template("people/forgotten_password.html", form=form), form.status


@bp.route("/reset-password/<token:secret>", methods=["GET", "POST"])
@public
def reset_password(secret: str) -> ResponseReturnValue:
    """Choose a password with a mailed link, once."""
    link = queries.link(secret)
    state = queries.state_of(link, now=now())
    if state is not LinkState.OPEN:
        return render_template("people/dead_link.html", reason=say(DEAD_LINK[state])), 409
    form = NewPasswordForm(request.form)
    if form.is_sent:
        with form.showing_errors():
            check_strength(form.password.data, email=link.account.email, name=link.account.name)
            sealed = passwords.seal(form.password.data)
            with transaction():
                account = people.use_link(secret, sealed, by=me(), now=now())
        if form.is_good:
            session.begin(account, stay=False)
            flash(_("Your password is set and you are signed in."))
            return redirect(url_for("home.start"), 303)
    return render_template("people/reset_password.html", form=form, account=link.account), form.status


# --- one's own account --------------------------------------------------------------------------


@bp.route("/account", methods=["GET", "POST"])
def my_account() -> ResponseReturnValue:
    """Look at one's own data, and change name, post and language."""
    account = queries.own(me())
    form = MyAccountForm(request.form, obj=account)
    if form.is_sent:
        with form.showing_errors(), transaction():
            people.edit_own(
                name=form.name.data,
                job_title=form.job_title.data or "",
                language=form.language.data,
                by=me(),
                now=now(),
            )
        if form.is_good:
            forget_me()
            flash(_("Your account was changed."))
            return redirect(url_for(".my_account"), 303)
    return render_template("people/my_account.html", form=form, account=account), form.status


@bp.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Change one's own password; other devices are signed out."""
    account = queries.own(me())
    form = ChangePasswordForm(request.form)
    if form.is_sent:
        with form.showing_errors():
            if not passwords.fits(account.password_hash, form.present.data):
                raise Invalid.on("present", N_("This is not your present password."))
            check_strength(form.password.data, email=account.email, name=account.name)
            sealed = passwords.seal(form.password.data)
            with transaction():
                people.set_password(account, sealed, by=me(), now=now())
        if form.is_good:
            session.begin(account, stay=False)
            flash(_("Your password was changed. Other devices are signed out."))
            return redirect(url_for(".my_account"), 303)
    return render_template("people/change_password.html", form=form), form.status


# --- all accounts -------------------------------------------------------------------------------


@accounts.get("")
def index() -> ResponseReturnValue:
    """List the accounts in the order of names."""
    role = request.args.get("role", "")
    page = queries.listed(
        me(),
        text=request.args.get("q", ""),
        role=Role(role) if role in set(Role) else None,
        only_active=request.args.get("state") == "open",
        mark=request.args.get("mark", ""),
    )
    return render_template("people/index.html", page=page, role_options=_role_options())


@accounts.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Open an account; the person gets a link to choose a password."""
    policy.require(me(), Action.ACCOUNT_MANAGE)
    form = AccountForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            account = people.create_account(_profile(form), roles=form.roles.data, by=me(), now=now())
            code = account.code
        if form.is_good:
            flash(_("The account is open. The invitation waits in the outbox."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("people/edit.html", form=form, account=None), form.status


@accounts.route("/several", methods=["GET", "POST"])
def create_several() -> ResponseReturnValue:
    """Open accounts for a pasted list of people; first only say what would happen."""
    policy.require(me(), Action.ACCOUNT_MANAGE)
    form = SeveralForm(request.form or None)
    problems: list[Problem] = []
    outcome: tuple[int, int] | None = None
    if form.is_sent:
        listed, problems = lists.read(form.people.data, units=units.matcher(now()), language=me().language)
        form.status = 422 if problems else 200
        if not problems:
            with form.showing_errors(), transaction(keep=not form.only_try.data):
                outcome = people.let_in(list(listed.values()), roles=form.roles.data, by=me(), now=now())
        if form.is_good and not form.only_try.data:
            flash(_("The accounts are open. The invitations wait in the outbox."))
            return redirect(url_for(".index"), 303)
    return render_template("people/several.html", form=form, problems=problems, outcome=outcome), form.status


@accounts.route("/<code:code>", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    """Look at an account and change it."""
    policy.require(me(), Action.ACCOUNT_MANAGE)
    account = queries.get(code, actor=me())
    form = AccountForm(request.form or None, data=_shown(account))
    if form.is_sent:
        with form.showing_errors(), transaction():
            people.edit(
                account, _profile(form), roles=form.roles.data, read_version=form.read_version, by=me(), now=now()
            )
        if form.is_good:
            flash(_("The account was changed."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("people/edit.html", form=form, account=account), form.status


@accounts.post("/<code:code>/invitation")
def invite(code: str) -> ResponseReturnValue:
    """Send a new link with which the person chooses a password."""
    account = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            people.invite(account, by=me(), now=now())
        flash(_("A new invitation waits in the outbox; earlier links no longer open."))
    return redirect(url_for(".show", code=code), 303)


@accounts.post("/<code:code>/closing")
def deactivate(code: str) -> ResponseReturnValue:
    """Close an account."""
    account = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            people.deactivate(account, by=me(), now=now())
        flash(_("The account is closed. Nobody can sign in with it; its work stays."))
    return redirect(url_for(".show", code=code), 303)


@accounts.post("/<code:code>/opening")
def reactivate(code: str) -> ResponseReturnValue:
    """Open a closed account again."""
    account = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            people.reactivate(account, by=me(), now=now())
        flash(_("The account is open again."))
    return redirect(url_for(".show", code=code), 303)


def _role_options() -> list[tuple[str, str]]:
    """Return the roles for a filter."""
    return [(role.value, say(name)) for role, name in ROLE_NAMES.items()]


def _shown(account: Any) -> dict[str, object]:
    """Return an account as its form shows it: the unit by its name."""
    shown = {name: getattr(account, name) for name in ("name", "email", "job_title", "language", "version")}
    return shown | {"unit": account.unit.name if account.unit is not None else "", "roles": sorted(account.roles)}


def _profile(form: AccountForm) -> Profile:
    """Return the profile that was typed.

    Raises:
        Invalid: on ``unit`` when no unit is called so.
    """
    unit = units.typed("unit", form.unit.data or "", moment=now())
    return Profile(
        email=form.email.data,
        name=form.name.data,
        job_title=form.job_title.data or "",
        unit_id=unit.id if unit is not None else None,
        language=form.language.data,
    )
