"""The order in which names and titles stand."""

from __future__ import annotations

from dondoc.notifications.wording.alphabet import natural


def test_numbers_in_titles_count_as_numbers() -> None:
    """9, 10, 109, and not 10, 109, 9; between numbers it is the alphabet (L12)."""
    titles = ["Nhiệm vụ 109", "Nhiệm vụ 10", "Nhiệm vụ 9", "Ấp 2", "9 việc", "Đợt 1 năm 2015", "Dự án"]
    assert sorted(titles, key=natural) == [
        *("9 việc", "Ấp 2", "Dự án", "Đợt 1 năm 2015", "Nhiệm vụ 9", "Nhiệm vụ 10", "Nhiệm vụ 109"),
    ]
