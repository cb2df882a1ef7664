"""Vietnamese first, English second: catalogues, the choice of language, sentences told at the edge."""

import tempfile
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations, gettext

from evaluator.core.errors import EvaluatorError
from evaluator.core.text import Sentence
from evaluator.rules.amounts import Figure, Figures
from evaluator.web.filters import locale, show_datetime
from evaluator.web.request import me

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"
CATALOGUES = Path(__file__).parent.parent / "translations"


def init_app(app: Flask) -> None:
    """Bring the compiled catalogue up to date and choose a language for each request."""
    compile_catalogue(CATALOGUES / "vi")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    Babel(app, locale_selector=choose)
    app.jinja_env.install_gettext_callables(_told, _counted, newstyle=True)  # type: ignore[attr-defined]  # by the i18n extension
    catalogues = {code: Translations.load(CATALOGUES, [code]) for code in LANGUAGES}

    def told(message: str) -> str:
        return str(catalogues[locale().language].gettext(message))

    def told_of_several(one: str, many: str, count: int) -> str:
        return str(catalogues[locale().language].ngettext(one, many, count))

    app.jinja_env.install_gettext_callables(gettext=told, ngettext=told_of_several, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    app.jinja_env.globals["language"] = lambda: str(get_locale())
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
    app.jinja_env.globals["say"] = say
    app.jinja_env.filters["say"] = say


def _catalogue() -> Translations:
    """Return the catalogue of the reader's language, looked up once in a request: a page asks hundreds of times."""
    language = str(get_locale())
    if g.get("catalogue_of") != language:
        g.catalogue_of, g.catalogue = language, get_translations()
    catalogue: Translations = g.catalogue
    return catalogue


def _told(message: str) -> str:
    return _catalogue().ugettext(message)


def _counted(one: str, many: str, number: int) -> str:
    return _catalogue().ungettext(one, many, number)


def choose() -> str:
    """Return the language of the account, else of the cookie, else Vietnamese."""
    if not has_request_context():
        return "vi"
    actor = me()
    language = actor.language if actor.id is not None else request.cookies.get(COOKIE, "")
    return language if language in LANGUAGES else "vi"


def say(message: str | Sentence | EvaluatorError) -> str:
    """Return a sentence in the language of the reader; values that are sentences are told first."""
    if isinstance(message, EvaluatorError):
        message = message.sentence
    if isinstance(message, Sentence):
        values = {name: _in_words(value) for name, value in message.values.items()}
        # Not gettext(message, **values): a value may be called "string".
        text = gettext(message.message) if message.message else ""
        return text % values if values else text
    return gettext(message) if message else ""


def _in_words(value: object) -> object:
    """Return a value of a sentence as the reader writes it: sentences told first, figures with their comma, moments in council time."""
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, Figure | Figures) and str(get_locale()) == "vi":
        return value.in_vietnamese()
    if isinstance(value, datetime):
        return show_datetime(value)
    return value


def say_in(language: str, message: str | Sentence) -> str:
    """Return a sentence in a given language: for mails and papers."""
    with force_locale(language):
        return say(message)


def compile_catalogue(folder: Path) -> Path:
    """Merge the folder's .po files into one messages.mo when one of them is newer; return its path.

    One file per feature meets in review without conflict; gettext wants a single one.
    Several processes may start at once: each writes its own file and renames it over.
    """
    sources = sorted(folder.glob("*.po"))
    target = folder / "LC_MESSAGES" / "messages.mo"
    newest = max((source.stat().st_mtime_ns for source in (*sources, folder)), default=0)
    if target.exists() and target.stat().st_mtime_ns >= newest:
        return target
    merged = Catalog(locale=folder.name, fuzzy=False)
    for source in sources:
        with source.open("rb") as file:
            for message in read_po(file, locale=folder.name):
                if message.id:
                    merged[message.id] = message
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as made:
        write_mo(made, merged)
    Path(made.name).chmod(0o644)
    Path(made.name).replace(target)
    return target
