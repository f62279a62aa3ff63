"""Every code of a problem in rules, with its explanation: the source of docs/*/check-codes.md and `--explain`.

Add a new family of codes to `FAMILIES`; a test holds the table against the codes that the program uses.
"""

from __future__ import annotations

from collections.abc import Mapping

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.days import DAYS
from dondoc.engine.lint.problem_codes.documents import DOCUMENTS
from dondoc.engine.lint.problem_codes.entry import Code
from dondoc.engine.lint.problem_codes.files import FILES
from dondoc.engine.lint.problem_codes.meanings import MEANINGS
from dondoc.engine.lint.problem_codes.shapes import SHAPES
from dondoc.engine.lint.problem_codes.sources import SOURCES
from dondoc.engine.lint.problem_codes.values import VALUES
from dondoc.engine.lint.problem_codes.waivers import WAIVERS

__all__ = ["CODES", "FAMILIES", "Code"]

# The title of each family on the page of codes, and its codes in the order of the page.
FAMILIES: tuple[tuple[Text, tuple[Code, ...]], ...] = (
    (Text("Tệp", "Files"), FILES),
    (Text("YAML, khóa, danh sách", "YAML, keys, lists"), SHAPES),
    (Text("Giá trị", "Values"), VALUES),
    (Text("Văn bản và quy tắc", "Directives and rules"), DOCUMENTS),
    (Text("Lịch", "Calendars"), DAYS),
    (Text("Ý nghĩa", "Meaning"), MEANINGS),
    (Text("Tạm miễn", "Waivers"), WAIVERS),
    (Text("Nguồn dữ liệu", "Sources"), SOURCES),
)
CODES: Mapping[str, Code] = {code.name: code for _, codes in FAMILIES for code in codes}
