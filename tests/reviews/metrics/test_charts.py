"""Where the marks of a chart stand."""

from reviews.metrics.charts import HEAD, PLOT, Counts, Value, bars, columns, heat


def test_a_column_stands_on_the_base_line_and_the_highest_fills_the_plot():
    chart = columns([Value("a", 5.0, "5"), Value("b", 10.0, "10")])
    half, whole = chart.columns
    assert (half.y, half.height) == (f"{HEAD + PLOT / 2:.1f}", f"{PLOT / 2:.1f}")
    assert (whole.y, whole.height) == (f"{HEAD:.1f}", f"{PLOT:.1f}")
    assert (half.middle, whole.middle) == ("25.00%", "75.00%")


def test_the_lighter_measure_counts_for_the_scale_and_has_its_own_number_where_there_is_room():
    apart, close = columns([Value("a", 5.0, "5", 10.0, "10"), Value("b", 9.5, "9.5", 10.0, "10")]).columns
    assert (apart.height, apart.wide_height) == ("60.0", "120.0")
    assert (apart.shown, apart.wide_shown) == ("5", "10")
    assert (close.shown, close.wide_shown) == ("9.5", "")


def test_a_given_top_sets_the_scale_and_nothing_rises_above_it():
    half, beyond = columns([Value("a", 50.0), Value("b", 250.0)], top=100).columns
    assert (half.height, beyond.height) == ("60.0", "120.0")


def test_what_has_no_value_is_drawn_as_nothing():
    chart = columns([Value("a", None), Value("b", 0.0)])
    assert [column.empty for column in chart.columns] == [True, False]
    assert columns([]).columns == []


def test_labels_that_would_run_into_each_other_are_thinned_and_the_last_one_stays():
    weeks = columns([Value(f"{day} Mar", 1.0) for day in range(10, 23)])
    assert [column.label for column in weeks.columns][-4:] == ["19 Mar", "", "", "22 Mar"]
    months = columns([Value("Mar", 1.0) for _month in range(12)])
    assert all(column.label for column in months.columns)


def test_attributes_never_hold_a_comma_or_an_exponent():
    chart = columns([Value("a", 1e-9), Value("b", 12345678.9)])
    written = " ".join(v for column in chart.columns for v in vars(column).values() if isinstance(v, str))
    assert "," not in written
    assert "e-" not in written


def test_the_longest_bar_takes_the_whole_width():
    chart = bars([Value("a", 2.0, wide=4.0), Value("b", 8.0), Value("c", None)])
    assert [(bar.width, bar.wide_width) for bar in chart.bars] == [
        ("25.00%", "50.00%"),
        ("100.00%", "0.00%"),
        ("0.00%", "0.00%"),
    ]
    assert [bar.empty for bar in chart.bars] == [False, False, True]
    assert chart.height > float(chart.bars[-1].bar_y) + chart.thickness


def test_bars_of_nothing_but_zeros_have_no_width():
    assert [bar.width for bar in bars([Value("a", 0.0), Value("b", 0.0)]).bars] == ["0.00%", "0.00%"]


def test_a_cell_is_darker_where_there_is_more_and_the_last_group_is_marked():
    chart = heat(["young", "old"], [Counts("a", [0, 10]), Counts("b", [5, 0])])
    (none, most), (half, _zero) = (row.cells for row in chart.rows)
    assert (none.strength, half.strength, most.strength) == ("0", "0.25", "0.40")
    assert (half.late, most.late) == (False, True)
    assert [head.label for head in chart.heads] == ["young", "old"]
