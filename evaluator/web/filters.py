"""How moments, points and money look on a page; the only place that formats them."""

from datetime import date, datetime

from babel import Locale
from babel.dates import format_datetime
from flask import Flask, g
from flask_babel import get_locale

from evaluator.rules import vietnamese
from evaluator.rules.calendar import local


def init_app(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        date=show_date, datetime=show_datetime, points=show_points, money=show_money, count=show_count, size=show_size
    )


def locale() -> Locale:
    """Return the locale of the reader, read where Flask-Babel keeps it once chosen: a page asks a hundred times."""
    known: Locale | None = getattr(g.get("_flask_babel"), "babel_locale", None)
    return known or get_locale() or Locale("vi")


def _english() -> bool:
    return bool(locale().language == "en")


def show_date(moment: datetime | date | None) -> str:
    """Return a day in council time: 05/03/2026."""
    if moment is None:
        return "–"
    day = local(moment) if isinstance(moment, datetime) else moment
    return day.strftime("%d/%m/%Y")


def show_datetime(moment: datetime | None) -> str:
    """Return a moment in council time: 14:32, 05/03/2026."""
    return "–" if moment is None else format_datetime(local(moment), "HH:mm, dd/MM/yyyy", locale="vi")


def show_points(hundredths: int | None) -> str:
    """Return points, given in hundredths: 825 is 8,25 (8.25 in English); 800 is 8."""
    if hundredths is None:
        return "–"
    text = vietnamese.points(hundredths)
    return text.replace(",", ".") if _english() else text


def show_money(dong: int | None) -> str:
    """Return an amount of whole đồng: 1.234.567 đồng."""
    return "–" if dong is None else f"{show_count(dong)} đồng"


def show_count(number: int) -> str:
    """Return a whole number with its thousands marked."""
    return f"{number:,}" if _english() else vietnamese.number(number)


def show_size(octets: int) -> str:
    """Return the size of a file: 96 kB, 1,8 MB."""
    if octets < 10**6:
        return f"{max(1, round(octets / 1000))} kB"
    text = f"{octets / 10**6:.1f} MB"
    return text if _english() else text.replace(".", ",")
