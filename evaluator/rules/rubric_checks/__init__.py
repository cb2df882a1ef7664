"""What must hold of a rubric before a round may use it; each mistake is named at its place, with a remedy."""

from evaluator.rules.rubric_checks.whole import problems

__all__ = ["problems"]
