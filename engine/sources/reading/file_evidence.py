"""How a file writes numbers and dates, from all of its cells: a single cell can often be read in two ways."""

from __future__ import annotations

from dataclasses import dataclass, field

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading import number_style
from dondoc.engine.sources.reading.cells import month_first
from dondoc.engine.sources.reading.number_style import NumberStyle


@dataclass(slots=True)
class FileEvidence:
    """The first line that proves each way of writing numbers, and the first that leaves it open."""

    file: str
    speaks: dict[NumberStyle, int] = field(default_factory=dict)
    open_at: int | None = None

    def see_figure(self, line: int, cell: str) -> None:
        """Records how a typed number is written."""
        if not number_style.marked(cell):
            return
        ways = number_style.styles(cell.strip())
        if len(ways) == 1:
            self.speaks.setdefault(next(iter(ways)), line)
        elif ways and self.open_at is None:
            self.open_at = line

    def see_day(self, line: int, cell: str) -> None:
        """Raises `SheetRefused` for a month before the day: then every other date of the file is in doubt."""
        if month_first(cell.strip()):
            raise SheetRefused(
                self.file,
                f"dòng {line} viết tháng trước ngày; viết lại mọi ngày trong tệp theo dạng ngày/tháng/năm "
                "hoặc 2015-04-20",
                f"row {line} has the month before the day: write every date as day/month/year or 2015-04-20",
            )

    def style(self) -> NumberStyle | None:
        """How numbers are written; None: it does not matter. Raises `SheetRefused` if it cannot be decided."""
        if len(self.speaks) > 1:
            vi, en = self.speaks[NumberStyle.VI], self.speaks[NumberStyle.EN]
            raise self._unsure(
                f"dòng {vi} viết số kiểu Việt Nam (2,61), dòng {en} kiểu quốc tế (2.61)",
                f"row {vi} writes numbers the Vietnamese way, row {en} the international way",
            )
        if self.speaks:
            return next(iter(self.speaks))
        if self.open_at is not None:
            raise self._unsure(
                f"không rõ số ở dòng {self.open_at} là hàng nghìn hay số thập phân",
                f"the figure in row {self.open_at} may be thousands or decimals",
            )
        return None

    def _unsure(self, vi: str, en: str) -> SheetRefused:
        return SheetRefused(
            self.file,
            f"{vi}; viết thống nhất, hoặc nạp với --numbers vi (8.999 là tám nghìn) hay --numbers en",
            f"{en}: write all numbers one way, or declare --numbers vi or --numbers en",
        )
