"""The parser of opened ballots: whatever comes out of an envelope is a choice of its part, or a flaw."""

import json

from hypothesis import given
from hypothesis import strategies as st

from evaluator.rules import sealing
from evaluator.rules.sealing import Flawed, Kind, Part
from evaluator.verifier import is_choice, is_signed

POLL = "ab" * 32
PARTS = [
    Part(7, Kind.YES_NO, (7,)),
    Part(0, Kind.CHOOSE, (1, 2, 3, 4), 2),
    Part(0, Kind.CHOOSE, (1, 2, 3, 4), 2, exactly=True),
    Part(0, Kind.RANK, (1, 2, 3, 4)),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.sampled_from(["yes", "no", "abstain", "", "1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "choice"]), inner, max_size=2),
    max_leaves=8,
)


def read(plain: bytes, part: Part):
    try:
        return sealing.read(plain, poll_hash=POLL, part=part, pad=256)[0]
    except Flawed:
        return None


@given(st.binary(max_size=300), st.sampled_from(PARTS))
def test_no_bytes_break_the_parser(plain, part):
    assert read(plain, part) is None


@given(JSON, st.sampled_from(PARTS))
def test_what_is_read_was_written_and_both_countings_call_it_a_choice(choice, part):
    plain = sealing.written(POLL, part.number, choice, pad=256)
    found = read(plain, part)

    if found is not None:
        assert json.dumps(found) == json.dumps(choice)
        assert is_choice(found, part.as_document())
        assert sealing.written(POLL, part.number, found, pad=256) == plain


@given(st.integers(0, 255), st.integers(1, 255), st.sampled_from(PARTS[:1]))
def test_one_changed_byte_makes_no_other_ballot_but_one_of_the_same_form(place, change, part):
    plain = bytearray(sealing.written(POLL, part.number, "yes", pad=256))
    plain[place] ^= change

    found = read(bytes(plain), part)

    assert found is None


@given(st.lists(st.binary(min_size=1, max_size=40), unique=True))
def test_the_canonical_order_does_not_depend_on_the_order_before(envelopes):
    ordered = sealing.canonical_order(envelopes)

    assert ordered == sealing.canonical_order(reversed(envelopes))
    assert sealing.list_hash(map(sealing.hash_of, envelopes)) == sealing.list_hash(map(sealing.hash_of, ordered))


@given(st.binary(min_size=32, max_size=32), st.text(max_size=60), st.integers(0, 63), st.integers(1, 255))
def test_the_verifier_believes_real_signatures_and_no_others(seed, message, place, change):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw().hex(), key.sign(message.encode())
    broken = bytearray(signature)
    broken[place] ^= change

    assert is_signed(message, signature.hex(), public)
    assert not is_signed(message, bytes(broken).hex(), public)
    assert not is_signed(message + "!", signature.hex(), public)
