"""What we look for in the source: each habit is a function from a piece of source to what breaks it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "evaluator"

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "func.now", "func.current_timestamp",
}  # fmt: skip
KEBAB = re.compile(r"(/([a-z0-9]+(-[a-z0-9]+)*|[a-z0-9-]*\.[a-z0-9]+))*/?")
PLACE = re.compile(r"<(?:(?P<kind>[^:<>]+):)?(?P<name>[^<>]+)>")


@cache
def sources() -> dict[str, str]:
    """Return the text of every module of the house by its path."""
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}


def templates() -> dict[str, str]:
    """Return the text of every template by its path."""
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(PACKAGE.rglob("templates/**/*.html"))}


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` of an expression made of names, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def calls(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of everything that is called."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if not name and isinstance(node.func, ast.Attribute):
                name = f"?.{node.func.attr}"
            yield node.lineno, name


def commits(source: str) -> list[str]:
    """Return the calls that commit or roll back."""
    return [f"line {line}: {name}" for line, name in calls(source) if name.split(".")[-1] in {"commit", "rollback"}]


def clock_readings(source: str) -> list[str]:
    """Return the places that read the time of day."""
    return [f"line {line}: {name}" for line, name in calls(source) if any(name.endswith(each) for each in CLOCKS)] + [
        f"line {number}: CURRENT_TIMESTAMP"
        for number, line in enumerate(source.splitlines(), 1)
        if "CURRENT_TIMESTAMP" in line
    ]


def careless_commands(source: str) -> list[str]:
    """Return the public functions of a service that change something without knowing who and when, or without asking.

    A function that takes neither ``by`` nor changes anything is no command: it reads or computes.
    """
    found = []
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        if not {"by", "now"} <= keywords:
            if "by" in keywords or any(_changes(statement) for statement in node.body):
                found.append(f"{node.name} does not take by and now as keywords")
        elif not _asks_first(node.body):
            found.append(f"{node.name} does not ask the policy first")
        elif not ast.get_docstring(node):
            found.append(f"{node.name} does not say what it does")
    return found


def _asks_first(body: list[ast.stmt]) -> bool:
    """Return whether the policy is asked before anything is changed or refused: here, or by who is told ``by=by``.

    Reading what the question is about may come before it.
    """
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.If) and _asks_first(statement.body):
            continue  # a case of its own that asks for itself
        if isinstance(statement, (ast.Expr, ast.Return, ast.Assign)) and _hands_the_question_on(statement):
            return True
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or _changes(statement):
            return False
    return False


def _hands_the_question_on(statement: ast.stmt) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            name = dotted(node.func).split(".")[-1]
            if name == "require":
                return bool(node.args) and dotted(node.args[0]) == "by"
            if name not in {"record", "queue"} and any(
                keyword.arg == "by" and dotted(keyword.value) == "by" for keyword in node.keywords
            ):
                return True
    return False


CHANGING = {"add", "add_all", "delete", "record", "queue", "insert", "update"}


def _changes(statement: ast.stmt) -> bool:
    """Return whether a statement sets an attribute of something, or calls what writes."""
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) for node in ast.walk(statement)
    ) or any(
        name.split(".")[-1] in CHANGING and (name.startswith(("db.", "audit.", "notices.")) or "." not in name)
        for _, name in calls(ast.unparse(statement))
    )


def untyped_or_untidy(rule: str) -> list[str]:
    """Return what is wrong with the address of a route: a part without a kind, or not kebab-case."""
    found = [f"{match['name']!r} has no kind" for match in PLACE.finditer(rule) if not match["kind"]]
    found += [f"{match['name']!r} is a database id" for match in PLACE.finditer(rule) if match["name"].endswith("id")]
    plain = PLACE.sub("x", rule)
    if not KEBAB.fullmatch(plain):
        found.append(f"{rule} is not in kebab-case")
    return found


def inline_code(template: str) -> list[str]:
    """Return the inline styles and scripts of a template, and what is let through unescaped."""
    patterns = {
        "a style attribute": r"<[^>]*\sstyle\s*=",
        "a handler attribute": r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']",
        "a <style> element": r"<style[\s>]",
        "a <script> without src": r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[\s>]",
        "text let through unescaped": r"\|\s*safe\b",
        "a block without escaping": r"autoescape\s+false",
    }
    return [what for what, pattern in patterns.items() if re.search(pattern, template)]


def has_title(template: str, by_name: dict[str, str]) -> bool:
    """Return whether a page defines a title, by itself or by what it extends (layouts aside)."""
    if re.search(r"{%-?\s*block\s+title\b", template):
        return True
    parent = re.search(r"{%-?\s*extends\s+[\"']([^\"']+)", template)
    if parent is None or parent[1].startswith("layouts/"):
        return False
    return has_title(by_name[parent[1]], by_name)


def imports_inside_functions(source: str) -> list[str]:
    """Return the imports inside functions that carry no reason on their line."""
    lines = source.splitlines()
    return [
        f"line {node.lineno}"
        for function in ast.walk(ast.parse(source))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "noqa: PLC0415 -" not in lines[node.lineno - 1]
    ]


def bare_suppressions(source: str) -> list[str]:
    """Return the suppressions of a checker that carry no reason on the same line."""
    return [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(source.splitlines(), 1)
        if re.search(r"#\s*(noqa|type: ignore|pragma)", line)
        and not re.search(r"#\s*(noqa: [A-Z0-9, ]+ - \w|type: ignore\[[^\]]+\]\s+#\s*\w|pragma: [a-z ]+ - \w)", line)
    ]
