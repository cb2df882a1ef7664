"""What happened to an item beside its vote, as the minutes tell it: Vietnamese sentences, papers are Vietnamese by law."""

from collections.abc import Iterable, Sequence

from evaluator.core.text import Sentence
from evaluator.council.models import Item, Poll, PollItem, Vote
from evaluator.council.queries import presiding
from evaluator.council.told import from_document
from evaluator.rules.vietnamese import count
from evaluator.rules.voting import Verdict
from evaluator.web.language import say_in

CASTING = {Vote.YES: "tán thành", Vote.NO: "không tán thành"}


def of(item: Item, votes: Sequence[tuple[PollItem, Poll]], prize: str) -> Iterable[str]:
    """Yield the incidents of an item in their order; ``votes`` are all that were held on it, the first one first."""
    if item.asked:
        yield f"Hội đồng đề nghị tác giả bổ sung: {_closed(item.asked)}"
    if item.supplement:
        yield f"Tác giả đã bổ sung: {_closed(item.supplement)}"
    numbers = {poll.id: poll.number for _, poll in votes}
    for line, poll in votes:
        if poll.former_id in numbers:
            why = f": {poll.again.rstrip('. ')}" if poll.again else ""
            yield f"Lượt biểu quyết {poll.number} là biểu quyết lại của lượt {numbers[poll.former_id]}{why}."
        if line.withdrawn_at is not None:
            given = f", khi đã có {count(line.given_then)} người biểu quyết" if line.given_then else ""
            yield f"Hồ sơ được rút trong lượt biểu quyết {poll.number}{given}; các ý kiến đã biểu quyết không được kiểm."
        elif line.verdict is Verdict.NO_DECISION:
            yield f"Lượt biểu quyết {poll.number} chưa quyết định: {_why(from_document(line.why))}"
        if line.casting is not None:
            chair = presiding(poll)
            yield f"Phiếu quyết định của {chair.name if chair else 'người chủ trì'}: {CASTING[line.casting]}."
        if seed := poll.result.get("seed"):
            yield f"Ngang phiếu ở vị trí cuối được quyết định bằng rút thăm từ số công khai “{seed}”."
    if prize:
        yield f"Xếp giải: {prize}."


def _why(said: Iterable[Sentence]) -> str:
    return " ".join(say_in("vi", each) for each in said)


def _closed(text: str) -> str:
    return f"{text.strip().rstrip('.')}."
