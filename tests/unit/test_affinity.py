"""How well a reviewer suits a dossier, and in which words that is told."""

from evaluator.rules.affinity import WHOLE, Affinities, Expert, Subject, terms

FARMER = Expert(frozenset({"Nông nghiệp"}), "tưới nhỏ giọt, cây ăn quả, chăn nuôi")
NURSE = Expert(frozenset({"Y tế"}), "điều dưỡng, chăm sóc người bệnh")
NOVICE = Expert()
PEOPLE = (FARMER, NURSE, NOVICE)


def told(sentences):
    return [str(each) for each in sentences]


def test_a_field_in_common_is_half_of_it():
    rows = Affinities([FARMER, NURSE], [Subject("Nông nghiệp", "")]).rows(range(1))
    assert rows.tolist() == [[WHOLE // 2, 0]]


def test_field_and_words_together_are_all_of_it():
    subjects = [Subject("Nông nghiệp", "Hệ thống tưới nhỏ giọt"), Subject("Y tế", "Quy trình điều dưỡng")]
    rows = Affinities(PEOPLE, subjects).rows(range(2))
    assert rows.tolist() == [[WHOLE, 0, 0], [0, WHOLE, 0]]


def test_marks_do_not_matter_for_words():
    subjects = [Subject("", "TUOI NHO GIOT"), Subject("", "khác hẳn")]
    assert Affinities(PEOPLE, subjects).rows(range(1)).tolist() == [[WHOLE // 2, 0, 0]]


def test_a_word_that_stands_in_every_dossier_says_nothing():
    subjects = [Subject("", "chăn nuôi"), Subject("", "chăn nuôi")]
    assert Affinities(PEOPLE, subjects).rows(range(2)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_equal_fit_has_equal_rank():
    twins = Affinities([FARMER, FARMER, NURSE], [Subject("", "tưới nhỏ giọt"), Subject("", "máy bay")])
    first, second, third = twins.rows(range(1))[0].tolist()
    assert first == second == WHOLE // 2
    assert third == 0


def test_the_reasons_are_told_as_the_reviewer_writes_them():
    found = Affinities(PEOPLE, [Subject("Nông nghiệp", "he thong tuoi nho giot cho cay an qua"), Subject("", "khác")])
    assert told(found.explain(0, 0)) == [
        "The field “Nông nghiệp” is the reviewer's own.",
        "Words in common: cây ăn quả, tưới nhỏ giọt.",
    ]


def test_nothing_in_common_is_said_openly():
    found = Affinities(PEOPLE, [Subject("Giáo dục", "dạy học")])
    assert told(found.explain(0, 2)) == ["Neither field nor words in common; nobody nearer was free."]


def test_terms_are_syllables_and_neighbouring_pairs():
    assert terms("Đổi mới, đổi mới") == {"doi": 2, "moi": 2, "doi moi": 2, "moi doi": 1}


def test_no_dossier_and_no_words_are_no_trouble():
    assert Affinities([NOVICE], []).rows(range(0)).shape == (0, 1)
    assert Affinities([NOVICE], [Subject("", "x")]).rows(range(1)).tolist() == [[0]]


def test_single_words_are_told_where_no_phrase_is_shared():
    found = Affinities(PEOPLE, [Subject("", "quả và cây"), Subject("", "khác")])
    assert found.shared(0, 0) == ["cây", "quả"]
