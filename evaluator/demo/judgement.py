"""Simulated judgement: what invented reviewers and members would think, the same for the same seed."""

import random
from fractions import Fraction

from evaluator.rules.rubric import Anchored, Choice, Comment, Criterion, Numeric, Points, Quantity, Rubric, Value

# Shares of the most points, in thousandths. A season has good and weak work; reviewers differ by a little.
WEAKEST, USUAL, BEST = 420, 730, 970
TEMPER = 45  # how much milder or harder a reviewer is than others, at most
MOOD = 60  # how much one mark strays
KINDNESS = 60  # members agree a little more often than a dossier is worth

REMARKS = (
    "Giải pháp rõ ràng, có số liệu trước và sau. Cần nêu thêm cách duy trì sau khi nhân rộng.",
    "Tính mới khá; nên so sánh thêm với cách làm hiện có ở đơn vị khác.",
    "Hiệu quả thuyết phục, minh chứng đầy đủ. Đề nghị bổ sung ý kiến của nơi áp dụng.",
    "Cách làm thiết thực, chi phí thấp, dễ áp dụng. Phần mô tả các bước nên gọn hơn.",
    "Nội dung còn chung; chưa tách được phần đóng góp riêng của nhóm tác giả.",
)


class Judgement:
    """Opinions drawn from a seed and the names of things, never from the order they are asked in."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _dice(self, *about: object) -> random.Random:
        return random.Random(f"{self.seed}:{':'.join(map(str, about))}")  # noqa: S311 - a play, not a secret

    def worth(self, code: str) -> int:
        """Return how good a dossier is, in thousandths."""
        return int(self._dice("worth", code).triangular(WEAKEST, BEST, USUAL))

    def points(self, rubric: Rubric, *, code: str, reviewer: str) -> Points:
        """Return one reviewer's complete and valid marks for one dossier."""
        temper = self._dice("temper", reviewer).randint(-TEMPER, TEMPER)
        given: dict[str, Value] = {}
        chosen = {each.key: self._one_of(rubric, each.key, code) for each in rubric.alternatives}
        for criterion in rubric.criteria:
            if criterion.one_of and chosen[criterion.one_of] != criterion.key:
                continue
            mood = self._dice("mood", code, reviewer, criterion.key).randint(-MOOD, MOOD)
            share = min(1000, max(0, self.worth(code) + temper + mood))
            given[criterion.key] = self._mark(criterion, share, code)
        return given

    def remark(self, *, code: str, reviewer: str) -> str:
        """Return a remark for the author."""
        return self._dice("remark", code, reviewer).choice(REMARKS)

    def vote(self, *, code: str, member: str) -> str:
        """Return a member's vote on a dossier that passed the score gate: mostly yes, the weaker the less so."""
        dice = self._dice("vote", code, member)
        if dice.randrange(1000) < self.worth(code) + KINDNESS:
            return "yes"
        return dice.choice(("no", "no", "abstain"))

    def _one_of(self, rubric: Rubric, key: str, code: str) -> str:
        return self._dice("way", code).choice(rubric.in_alternatives(key)).key

    def _mark(self, criterion: Criterion, share: int, code: str) -> Value:
        """Return a mark that lies the given share of the way up."""
        match criterion:
            case Numeric():
                steps = (criterion.maximum - criterion.minimum) // criterion.step
                return criterion.minimum + criterion.step * round(Fraction(steps * share, 1000))
            case Anchored():
                scale = sorted(anchor.points for anchor in criterion.anchors)
                return scale[min(len(scale) - 1, share * len(scale) // 1000)]
            case Choice():
                options = sorted(criterion.options, key=lambda option: option.points)
                return options[min(len(options) - 1, share * len(options) // 1000)].key
            case Quantity():
                return self._dice("quantity", code).randrange(1, 500) * 100
            case Comment():
                return self.remark(code=code, reviewer=criterion.key)
            case _:  # pragma: no cover - a kind of criterion added later must be taught here
                msg = f"no simulated mark for {criterion.kind}"
                raise TypeError(msg)
