"""A figure taller than a page goes on over the next ones, cut where no words stand."""

from exports.papers.typeset import TALLEST, _columns, parts_of


def drawing(height: int, *lines: int) -> str:
    words = "".join(f'<text x="1" y="{line}">word</text>' for line in lines)
    return f'<svg width="100" height="{height}">{words}</svg>'


def test_a_figure_that_fits_stays_whole() -> None:
    assert parts_of(drawing(100), TALLEST) == [(0.0, 1.0)]


def test_parts_follow_each_other_and_none_is_taller_than_a_page() -> None:
    parts = parts_of(drawing(1000, *range(20, 1000, 40)), 10.0)
    assert parts[0][0] == 0.0
    assert parts[-1][1] == 1.0
    assert all(before[1] == after[0] for before, after in zip(parts, parts[1:], strict=False))
    assert max(end - start for start, end in parts) <= TALLEST / 10 + 1e-9


def test_no_line_of_words_is_cut() -> None:
    lines = list(range(20, 1000, 40))
    cuts = [round(end * 1000) for _, end in parts_of(drawing(1000, *lines), 10.0)[:-1]]
    assert cuts
    assert all(not line - 13 <= cut < line + 6 for cut in cuts for line in lines)


def test_a_label_of_several_lines_is_kept_together() -> None:
    label = '<g transform="translate(8,300)"><rect class="bg" height="90"/></g>'
    parts = parts_of(drawing(1000).replace("</svg>", f"{label}</svg>"), TALLEST * 1000 / 350)
    assert round(parts[0][1] * 1000) == 299


def test_the_columns_of_notes_are_about_as_long() -> None:
    notes = [{"text": "x" * length} for length in (250, 160, 150, 130, 190, 100, 130, 130, 130, 150, 170, 150, 120)]
    columns = _columns(notes)
    assert [note for column in columns for note in column] == notes
    lengths = [sum(len(note["text"]) + 20 for note in column) for column in columns]
    assert max(lengths) - min(lengths) < 150
