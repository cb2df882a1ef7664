"""Coordinates of the pictures: what lies where, what stands out, and that nothing divides by nothing."""

from datetime import UTC, datetime, timedelta

from evaluator.web import charts

START = datetime(2026, 3, 2, tzinfo=UTC)


def test_dots_of_sheets_lie_on_the_scale_and_equal_ones_above_each_other():
    chart = charts.dots([(50, "", False), (50, "", False), (100, "far", True)], maximum=100, mean=(66.67, "66,67"))

    (low, above, far) = chart.dots
    assert (low.x, low.y, above.x, above.y) == (320.0, 58, 320.0, 43)
    assert (far.x, far.stands_out, far.label) == (628.0, True, "far")
    assert (chart.low, chart.high, chart.mean_text, chart.pass_at) == (320.0, 628.0, "66,67", None)


def test_dots_without_sheets_are_an_empty_scale():
    chart = charts.dots([], maximum=20)

    assert (chart.dots, chart.low, chart.high) == ((), 0, 0)
    assert [tick.label for tick in chart.ticks] == ["0", "4", "8", "12", "16", "20"]


def test_bars_of_the_distribution_are_told_apart_at_the_pass_mark():
    chart = charts.histogram([(60, 65, 2), (65, 70, 0), (70, 75, 8)], maximum=100, pass_mark=(70, "Đạt từ 70"))

    assert [(bar.label, bar.figure, bar.kind) for bar in chart.bars] == [
        ("60–65", "2", ""),
        ("65–70", "0", ""),
        ("70–75", "8", "ink"),
    ]
    assert [row.label for row in chart.rows] == ["0", "2", "4", "6", "8"]
    assert chart.numbers == [("60–65", "2"), ("65–70", "0"), ("70–75", "8")]
    assert chart.bars[2].height == 4 * chart.bars[0].height


def test_a_distribution_of_nothing_still_has_a_grid():
    chart = charts.histogram([], maximum=100)

    assert ([row.label for row in chart.rows], chart.pass_at) == (["0", "1", "2", "3", "4"], None)


def test_the_curve_of_progress_is_a_staircase_up_to_now():
    chart = charts.curve(
        [(START + timedelta(days=5), 5)],
        total=10,
        start=START,
        end=START + timedelta(days=10),
        now=START + timedelta(days=7),
    )

    assert chart.points == "44.0,206.0 334.0,206.0 334.0,114.0 450.0,114.0 450.0,114.0"
    assert chart.plan == "44.0,206.0 624.0,22.0"
    assert (chart.end.x, chart.end.label) == (450.0, "5")


def test_a_curve_without_anything_done_has_no_end():
    chart = charts.curve([], total=0, start=START, end=START, now=START)

    assert (chart.points, chart.end) == ("44.0,206.0", None)


def test_the_funnel_is_widest_at_its_first_stage():
    first, second = charts.funnel([("Đã nộp", 300, ""), ("Được công nhận", 30, "gold")])

    assert (first.width, second.width, second.kind) == (390.0, 39.0, "gold")


def test_a_vote_is_one_bar_with_its_threshold():
    chart = charts.vote(6, 1, 2, base=9, needed=6)

    assert [(bar.kind, bar.figure) for bar in chart.bars] == [("good", "6"), ("quiet", "2"), ("bad", "1")]
    assert chart.needed_at == chart.bars[0].width == 426.7
    assert sum(bar.width for bar in chart.bars) == 640.0
