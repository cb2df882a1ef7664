"""A secretary makes R7 on the pages from nothing, tries it, saves it, and a round uses it."""

from dataclasses import replace
from io import BytesIO

import pytest

from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.rounds import presets
from evaluator.rounds.rubrics import queries, service
from evaluator.rules import rubric_document
from evaluator.rules.roles import Role
from tests.factories import actor_of, an_account
from tests.page_client import queries as counted
from tests.rubric_builder import preset

R7_CRITERIA = """Tổng quan, lý do chọn đề tài | 10
Mục tiêu | 15
Phương pháp | 15
Nội dung khoa học | 35
Đóng góp kinh tế–xã hội, giáo dục, an ninh | 15
Hình thức báo cáo | 5
"""


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


@pytest.fixture
def desk(app, client):
    client.sign_in(an_account(Role.SECRETARY))
    return client


def a_saved_rubric(secretary, clock, **more):
    with transaction():
        return service.create(
            more.get("title", "Thang điểm"),
            more.get("criteria", [("Tính mới", 6000), ("Hiệu quả", 4000)]),
            by=secretary,
            now=clock.now(),
        )


def put(rubric, place, value, secretary, clock):
    with transaction():
        return service.put_part(rubric, place, value, read_version=rubric.version, by=secretary, now=clock.now())


def add(desk, page, code, place, kind="", **typed):
    form_page = desk.get(f"/rubrics/{code}/parts/{place}" + (f"?kind={kind}" if kind else ""))
    answer = desk.submit(form_page.form("Lưu"), form_page, **typed)
    assert answer.status == 303, answer.errors()
    return desk.follow(answer)


def test_a_secretary_makes_r7_from_nothing_tries_it_and_saves_it(desk, secretary):
    page = desk.get("/rubrics/new")
    shown = desk.follow(desk.submit(page.form("Lập"), page, title="Tài năng khoa học trẻ", criteria=R7_CRITERIA))
    code = shown.address.rpartition("/")[2]
    add(desk, shown, code, "criteria", "bonus", label="Điểm thưởng", guidance="Có bài báo đã công bố.", maximum="5")
    add(desk, shown, code, "steps", "deviation", limit="15")
    add(desk, shown, code, "classes", label="Giải nhất, giải nhì", at_least="90")
    add(desk, shown, code, "classes", label="Giải ba", at_least="80", below="90")
    add(desk, shown, code, "classes", label="Giải khuyến khích", at_least="70", below="80")
    add(desk, shown, code, "classes", label="Không xếp giải", at_least="0", below="70", passes=None)
    settings = desk.get(f"/rubrics/{code}/settings")
    shown = desk.follow(desk.submit(settings.form("Lưu"), settings, maximum="100"))
    assert "Hợp lệ" in shown.text

    made = rubric_document.from_document(queries.get(code, actor=secretary).draft)
    wanted = preset("r07")
    assert [(each.label, each.kind, each.maximum, each.step) for each in made.criteria] == [
        (each.label, each.kind, each.maximum, each.step) for each in wanted.criteria
    ]
    assert made.steps == wanted.steps
    assert [replace(each, key="") for each in made.classes] == [replace(each, key="") for each in wanted.classes]

    saved = desk.follow(desk.submit(shown.form("Lưu thành phiên bản"), shown))
    assert "Đã lưu phiên bản 1" in saved.text
    assert "Tài năng khoa học trẻ (1)" in desk.get("/rounds/new").text


def test_a_rubric_is_tried_with_made_up_points(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/trial")
    tried = desk.submit(
        page.form("Tính"), page, **{"s1-tinh-moi": "40", "s1-hieu-qua": "30,5", "s2-tinh-moi": "50", "s2-hieu-qua": "9"}
    )

    assert "Phiếu số 1: 70,5" not in tried.text  # wrong: points go in whole steps
    assert "Điểm lẻ tính theo bước 1." in tried.text
    right = desk.submit(tried.form("Tính"), tried, **{"s1-hieu-qua": "30"})
    assert "Phiếu số 1: 70 điểm." in right.text
    assert "Điểm: 64,5." in right.text
    incomplete = desk.submit(right.form("Tính"), right, **{"s1-hieu-qua": ""})
    assert "Tiêu chí này chưa được chấm. Hãy chấm." in incomplete.text


def test_a_rubric_with_mistakes_names_them_at_their_place_and_is_not_saved(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    bands = {
        "kind": "bands",
        "key": "",
        "label": "Phạm vi",
        "maximum": "10",
        "bands": [{"least": "0", "most": "4", "text": "thấp"}, {"least": "6", "most": "10", "text": "cao"}],
    }
    put(rubric, "criteria", bands, secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}")

    assert "Điểm giữa 4 và 6 không thuộc khung nào." in page.text
    assert "Tính cả hệ số, các tiêu chí cộng lại là 110, không phải 100." in page.text
    assert not [form for form in page.all("form") if form.attrs.get("action", "").endswith("/versions")]
    part = desk.get(f"/rubrics/{rubric.code}/parts/criteria.2")
    assert "Điểm giữa 4 và 6 không thuộc khung nào." in part.text
    assert part.one("textarea", name="bands").text == "0–4 | thấp 6–10 | cao"
    assert "Bộ tiêu chí còn lỗi" in desk.get(f"/rubrics/{rubric.code}/trial").text
    with pytest.raises(Invalid):
        service.save_version(rubric, by=secretary, now=clock.now())


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (
            "choice",
            {"options": "Hoàn toàn mới | 10\nCải tiến | 5,5\nTrùng lặp | 0 | x"},
            [
                {"key": "hoan-toan-moi", "label": "Hoàn toàn mới", "points": "10", "kills": False},
                {"key": "cai-tien", "label": "Cải tiến", "points": "5.5", "kills": False},
                {"key": "trung-lap", "label": "Trùng lặp", "points": "0", "kills": True},
            ],
        ),
        (
            "anchored",
            {"anchors": "1 | thấp\n\n2 | cao"},
            [{"points": "1", "text": "thấp"}, {"points": "2", "text": "cao"}],
        ),
        ("quantity", {"unit": "đồng", "stairs": "1.000.000 | 10"}, [{"quantity": "1000000", "points": "10"}]),
        (
            "bands",
            {"maximum": "10", "bands": "0 | không\n0,5-10 | có", "step": "0,5"},
            [
                {"least": "0", "most": "0", "text": "không"},
                {"least": "0.5", "most": "10", "text": "có"},
            ],
        ),
    ],
)
def test_short_tables_are_typed_as_lines(desk, secretary, clock, kind, typed, stored):
    rubric = a_saved_rubric(secretary, clock)
    add(desk, None, rubric.code, "criteria", kind, label="Mục mới", **typed)
    draft = queries.get(rubric.code, actor=secretary).draft["criteria"][2]

    assert (draft["key"], draft[next(name for name in typed if name in draft and isinstance(draft[name], list))]) == (
        "muc-moi",
        stored,
    )
    again = desk.get(f"/rubrics/{rubric.code}/parts/criteria.2")
    desk.follow(desk.submit(again.form("Lưu"), again))
    assert queries.get(rubric.code, actor=secretary).draft["criteria"][2] == draft


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("bands", {"maximum": "10", "bands": "từ 1 đến 3 | x"}),
        ("bands", {"maximum": "10", "bands": "1–3"}),
        ("anchored", {"anchors": "x | y"}),
        ("choice", {"options": " | 3"}),
        ("choice", {"options": "a | 3 | x | y"}),
    ],
)
def test_a_line_that_cannot_be_read_is_named(desk, secretary, clock, kind, typed):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/parts/criteria?kind={kind}")
    refused = desk.submit(page.form("Lưu"), page, label="Mục mới", **typed)

    assert refused.status == 422
    assert any("Không đọc được dòng 1" in error for error in refused.errors())


def test_gates_weights_categories_and_rules_are_typed_too(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    add(desk, None, rubric.code, "categories", label="Công nhân")
    add(desk, None, rubric.code, "groups", label="Nhóm A", floor="10")
    add(desk, None, rubric.code, "gates", "minimum", of="total", at_least="70", by_category="công nhân | 60")
    add(desk, None, rubric.code, "gates", "few-low", share="1/3", of=["tinh-moi"])
    add(desk, None, rubric.code, "gates", "any-of", label="Một trong hai")
    add(desk, None, rubric.code, "gates.2.gates", "minimum", of="tinh-moi", at_least="5")
    add(desk, None, rubric.code, "gates.2.gates", "minimum", of="hieu-qua", at_least="5")
    add(desk, None, rubric.code, "steps", "by-count", rules="3 | giữ\n5 | drop")
    add(desk, None, rubric.code, "steps.2", weights="chair | 2", by="mean")
    add(desk, None, rubric.code, "criteria.0", group="nhom-a")
    draft = queries.get(rubric.code, actor=secretary).draft

    assert draft["gates"] == [
        {"kind": "minimum", "of": "total", "at_least": "70", "by_category": {"cong-nhan": "60"}},
        {"kind": "few-low", "share": "1/3", "points": "0", "of": ["tinh-moi"]},
        {
            "kind": "any-of",
            "label": "Một trong hai",
            "gates": [
                {"kind": "minimum", "of": "tinh-moi", "at_least": "5", "by_category": {}},
                {"kind": "minimum", "of": "hieu-qua", "at_least": "5", "by_category": {}},
            ],
        },
    ]
    assert draft["steps"][0]["rules"] == [{"sheets": 3, "extremes": "keep"}, {"sheets": 5, "extremes": "drop"}]
    assert draft["steps"][2]["weights"] == {"chair": "2"}
    page = desk.get(f"/rubrics/{rubric.code}")
    assert "Các phiếu đã được tổng hợp." not in page.text  # the step was added above the one that combines them
    assert "“Một trong hai”: chỉ cần đạt một trong 2 điều kiện." in page.text
    refused = desk.get(f"/rubrics/{rubric.code}/parts/steps.2")
    refused = desk.submit(refused.form("Lưu"), refused, weights="chair")
    assert refused.status == 422


def test_a_part_is_moved_and_taken_out(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}")
    place = f"/rubrics/{rubric.code}/parts/criteria.0/move"
    moved = desk.follow(desk.submit(page.form(action=place), page, to="down"))
    assert [each["key"] for each in queries.get(rubric.code, actor=secretary).draft["criteria"]] == [
        "hieu-qua",
        "tinh-moi",
    ]

    place = f"/rubrics/{rubric.code}/parts/criteria.1/removal"
    desk.follow(desk.submit(moved.form(action=place), moved))
    assert [each["key"] for each in queries.get(rubric.code, actor=secretary).draft["criteria"]] == ["hieu-qua"]


@pytest.mark.parametrize("place", ["criteria.9", "colours", "title", "criteria.x", "criteria.0.gates", "gates.0"])
def test_a_place_that_is_not_there_is_not_found(desk, secretary, clock, place):
    rubric = a_saved_rubric(secretary, clock)

    assert desk.get(f"/rubrics/{rubric.code}/parts/{place}?kind=numeric").status == 404
    with pytest.raises(NotFound):
        service.take_out(rubric, place, by=secretary, now=clock.now())


def test_an_unknown_kind_is_not_found(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)

    assert desk.get(f"/rubrics/{rubric.code}/parts/criteria?kind=magic").status == 404


def test_two_secretaries_do_not_overwrite_each_other(secretary, clock, app):
    rubric = a_saved_rubric(secretary, clock)
    seen = rubric.version
    put(rubric, "groups", {"key": "", "label": "Nhóm"}, secretary, clock)

    with pytest.raises(Conflict), transaction():
        service.put_part(
            rubric, "groups", {"key": "", "label": "Khác"}, read_version=seen, by=secretary, now=clock.now()
        )
    with pytest.raises(Conflict), transaction():
        service.settle(rubric, {"title": "Khác"}, read_version=seen, by=secretary, now=clock.now())


def test_a_version_is_kept_as_it_was_saved(secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    with transaction():
        first = service.save_version(rubric, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        service.save_version(rubric, by=secretary, now=clock.now())
    put(rubric, "groups", {"key": "", "label": "Nhóm"}, secretary, clock)
    put(rubric, "criteria.0", {**rubric.draft["criteria"][0], "group": "nhom"}, secretary, clock)
    with transaction():
        second = service.save_version(rubric, by=secretary, now=clock.now())

    assert (first.number, second.number) == (1, 2)
    assert first.document["groups"] == []
    assert [each.number for each in queries.versions(rubric)] == [2, 1]
    assert [each.number for each in queries.newest_versions(secretary)] == [2]
    assert queries.version(rubric.code, 1, actor=secretary).digest == first.digest
    with pytest.raises(NotFound):
        queries.version(rubric.code, 3, actor=secretary)


def test_a_round_takes_the_newest_version_of_a_rubric_of_the_house(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    with transaction():
        service.save_version(rubric, by=secretary, now=clock.now())

    assert f'value="saved-{rubric.code}"' in desk.get("/rounds/new").body.decode()


def test_a_rubric_goes_out_as_toml_and_comes_in_again(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    with transaction():
        service.save_version(rubric, by=secretary, now=clock.now())
    out = desk.get(f"/rubrics/{rubric.code}/rubric.toml")
    same = desk.get(f"/rubrics/{rubric.code}/versions/1/rubric.toml")
    shipped = desk.get("/rubrics/presets/r09-school/rubric.toml")

    assert out.body == same.body
    assert rubric_document.from_toml(shipped.body.decode()) == preset("r09")
    page = desk.get("/rubrics/")
    taken = desk.follow(desk.submit(page.form("Nhập"), page, file=(BytesIO(shipped.body), "r9.toml")))
    assert taken.heading == "Phiếu chấm sáng kiến kinh nghiệm trường học, thang 20 điểm"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "Tệp không phải văn bản UTF-8"),
        (b"title = 3", "Không đọc được mục này."),
        (b'key = "x"\ntitle = " "\ncriteria = []', "Bộ tiêu chí trong tệp chưa có tên"),
        (b"", "Thiếu mục này."),
    ],
)
def test_a_file_that_is_no_rubric_is_refused_in_words(desk, content, words):
    page = desk.get("/rubrics/")
    refused = desk.submit(page.form("Nhập"), page, file=(BytesIO(content), "x.toml"))

    assert refused.status == 422
    assert words in refused.text


def test_a_preset_is_copied_under_a_title_of_its_own(desk, secretary):
    page = desk.get("/rubrics/new?start=preset-r01-provincial")
    shown = desk.follow(desk.submit(page.form("Lập"), page, title="Thang điểm của tỉnh"))
    code = shown.address.rpartition("/")[2]
    copied = queries.get(code, actor=secretary).draft

    assert {**copied, "title": "", "key": ""} == {**presets.rubric("r01-provincial"), "title": "", "key": ""}
    page = desk.get(f"/rubrics/new?start=saved-{code}")
    again = desk.follow(desk.submit(page.form("Lập"), page))
    assert again.address == f"/rubrics/{code}-2"


@pytest.mark.parametrize("typed", ["Tính mới", "Tính mới | nhiều", "Tính mới | 0"])
def test_a_line_of_the_first_page_must_name_its_points(desk, typed):
    page = desk.get("/rubrics/new")
    refused = desk.submit(page.form("Lập"), page, title="X", criteria=typed)

    assert refused.status == 422
    assert any("Mỗi dòng ghi: tên | điểm tối đa." in error for error in refused.errors())


def test_a_rubric_is_seen_as_the_reviewer_will(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/as-reviewer")

    assert [heading.text for heading in page.all("h3")] == ["Tính mới", "Hiệu quả"]


def test_only_the_secretary_changes_rubrics(app, client, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    stranger = actor_of(an_account(Role.REVIEWER))
    commands = (
        lambda: service.create("X", [], by=stranger, now=clock.now()),
        lambda: service.copy({}, "X", by=stranger, now=clock.now()),
        lambda: service.bring_in("", by=stranger, now=clock.now()),
        lambda: service.put_part(rubric, "groups", {}, read_version=1, by=stranger, now=clock.now()),
        lambda: service.take_out(rubric, "groups.0", by=stranger, now=clock.now()),
        lambda: service.move(rubric, "groups.0", 1, by=stranger, now=clock.now()),
        lambda: service.settle(rubric, {}, read_version=1, by=stranger, now=clock.now()),
        lambda: service.save_version(rubric, by=stranger, now=clock.now()),
        lambda: queries.get(rubric.code, actor=stranger),
        lambda: queries.newest_first(stranger),
        lambda: queries.newest_versions(stranger),
    )
    for command in commands:
        with pytest.raises(Forbidden):
            command()


def test_the_list_costs_the_same_whatever_its_length(desk, secretary, clock):
    def cost():
        with counted() as seen:
            desk.get("/rubrics/")
        return seen.count

    a_saved_rubric(secretary, clock)
    one = cost()
    for _ in range(2):
        a_saved_rubric(secretary, clock)
    assert cost() == one


def test_a_number_that_is_none_is_refused_in_words(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/parts/criteria.0")
    refused = desk.submit(page.form("Lưu"), page, maximum="nhiều")

    assert refused.status == 422
    assert any("Hãy ghi số có tối đa hai chữ số thập phân." in error for error in refused.errors())


def test_a_rule_with_an_unknown_word_is_refused(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/parts/steps?kind=by-count")

    assert desk.submit(page.form("Lưu"), page, rules="3 | giữ\n5 | xoá").status == 422


def test_several_parts_are_added_one_after_the_other(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/parts/categories")
    again = desk.follow(desk.submit(page.form("Lưu"), page, "Lưu và thêm mục nữa", label="Công nhân"))

    assert again.heading == "Đối tượng tác giả"
    assert [each["label"] for each in queries.get(rubric.code, actor=secretary).draft["categories"]] == ["Công nhân"]


def test_saving_the_same_again_says_that_nothing_changed(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    for words in ("Đã lưu phiên bản 1", "Không có gì thay đổi so với phiên bản 1"):
        page = desk.get(f"/rubrics/{rubric.code}")
        assert words in desk.follow(desk.submit(page.form("Lưu thành phiên bản"), page)).text


def test_settings_changed_in_another_tab_are_not_overwritten(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    page = desk.get(f"/rubrics/{rubric.code}/settings")
    put(rubric, "groups", {"key": "", "label": "Nhóm"}, secretary, clock)

    assert desk.submit(page.form("Lưu"), page, title="Khác").status == 409


def test_a_file_must_be_chosen(desk):
    page = desk.get("/rubrics/")

    assert desk.submit(page.form("Nhập"), page).status == 422


def test_a_rubric_that_is_not_there_is_not_found(desk):
    assert desk.get("/rubrics/nowhere").status == 404


def test_a_mistake_of_the_whole_leads_to_the_settings(desk, secretary, clock):
    rubric = a_saved_rubric(secretary, clock)
    with transaction():
        service.settle(rubric, {"maximum": "90"}, read_version=rubric.version, by=secretary, now=clock.now())
        service.take_out(rubric, "steps.1", by=secretary, now=clock.now())
    links = desk.get(f"/rubrics/{rubric.code}").links()

    assert links["Tính cả hệ số, các tiêu chí cộng lại là 100, không phải 90."] == f"/rubrics/{rubric.code}/settings"
    assert links["Chưa có đúng một bước tổng hợp các phiếu."] == f"/rubrics/{rubric.code}#steps"
