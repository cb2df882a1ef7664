"""The edition as one page that needs no server: search without marks, works without script, prints."""

from evaluator.compendium.builders.markup import render
from evaluator.compendium.edition import Edition


def build(edition: Edition) -> bytes:
    """Return the site as one HTML file, the same bytes for the same edition."""
    return render("site.html", edition)
