"""The canonical form, its hashes, and the chain of a ledger; golden, so that old evidence stays checkable."""

import pytest

from evaluator import verifier
from evaluator.rules.evidence import canonical, digest, link

VALUE = {"b": [1, True, None], "a": "Đoàn kết sáng tạo", "c": {"é": "\n"}}


def test_the_canonical_form_is_sorted_tight_and_in_utf_8():
    assert canonical(VALUE) == '{"a":"Đoàn kết sáng tạo","b":[1,true,null],"c":{"é":"\\n"}}'.encode()


def test_floating_numbers_are_refused_wherever_they_stand():
    for value in (0.5, [0.5], {"a": [{"b": 0.5}]}):
        with pytest.raises(TypeError):
            canonical(value)


def test_hashes_stay_what_they_were():
    assert digest("cv1.poll", {"poll": 1}) == "bf1e26fa746e52aa0b5d3e9c810232c668ce8f9a82722b43f122f6a7f53f3258"
    assert (
        link("0" * 64, 1, "freeze", {"poll": 1}, "2026-03-02T02:00:00+00:00")
        == "81871ef723366d533e434591d86db5bfaf429d7261608441d7becadb166899a9"
    )


def test_the_verifier_hashes_the_same_with_code_of_its_own():
    assert (verifier.canonical(VALUE), verifier.digest("x", VALUE)) == (canonical(VALUE), digest("x", VALUE))
