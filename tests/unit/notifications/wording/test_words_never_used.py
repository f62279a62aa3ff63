"""What a letter never says, and where its words may stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dondoc.notifications.wording as wording_package
from dondoc.notifications.letter.render import finish
from tests.support.sample_letters import LETTERS

NEVER = (
    "phê bình|khiển trách|kiểm điểm|kỷ luật|cảnh cáo|nhắc nhở|vi phạm|chây ì|thiếu trách nhiệm|bê trễ|lơ là|"
    "không chấp hành|cố tình|yếu kém|đứng cuối bảng|rút kinh nghiệm|truy cứu|chịu trách nhiệm|"
    "yêu cầu|chỉ đạo|giao|ra lệnh|buộc|phải|bắt buộc|nghiêm túc thực hiện|khẩn trương|"
    "khẩn|thượng khẩn|hỏa tốc|gấp|tối hậu thư|lần cuối|nếu không sẽ|báo động|"
    "quốc hiệu|tiêu ngữ|đảng cộng sản|quốc huy|v/v|nơi nhận|tm\\.|kt\\.|tl\\.|t/m|con dấu|chữ ký|lưu:|"
    "chưa làm|không làm|không báo cáo|chắc chắn|đã đọc|"
    "nạn nhân|đối tượng|trẻ hư|trẻ lang thang|"
    "bạn|các bạn|anh/chị|thân gửi|chúc|click|deadline|email|update|dashboard|18001567"
)
ALLOWED = re.compile(r"ý kiến chỉ đạo|không phải|việc giao", re.IGNORECASE)
# A draft is a paper of the office that signs it: it has a paper's form, and asks in that office's name.
DRAFT = "draft.py"
OF_A_PAPER = re.compile(
    rf"{ALLOWED.pattern}|khẩn trương|chỉ đạo|chưa phải|đảng cộng sản|v/v|nơi nhận|lưu:|chữ ký|số:|\./\.",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(rf"(?<!\w)(?:{NEVER})(?!\w)|!|\./\.|Số:", re.IGNORECASE)


def phrases(only: str = "*.py") -> Iterator[str]:
    """Every string of the wording package or of one of its modules, documentation left out."""
    for path in Path(wording_package.__file__).parent.glob(only):
        if path.name == DRAFT != only:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
                body.pop(0)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_phrase_blames_commands_threatens_or_imitates_a_document() -> None:
    """The list is the wording sheet's; a title taken from a directive may hold what it likes."""
    said = list(phrases())
    assert len(said) > 300
    assert [phrase for phrase in said if FORBIDDEN.search(ALLOWED.sub("", phrase))] == []


def test_a_draft_blames_nobody_and_sets_no_urgency_mark() -> None:
    """What is forbidden to letters is forbidden to it, but for a paper's form and the two verbs of its levels."""
    said = list(phrases(DRAFT))
    assert len(said) > 30
    assert [phrase for phrase in said if FORBIDDEN.search(OF_A_PAPER.sub("", phrase))] == []


def test_no_letter_of_ours_holds_a_forbidden_word() -> None:
    """Phrases are harmless one by one and together."""
    for make in LETTERS.values():
        assert FORBIDDEN.findall(ALLOWED.sub("", finish(make()).text)) == []


def test_templates_hold_no_word_for_a_reader() -> None:
    """Only marks and spaces stand between the tags, so every word can be looked up in one place."""
    folder = Path(wording_package.__file__).parent.parent / "letter" / "templates"
    for path in folder.glob("*.html.j2"):
        bare = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|<style>.*</style>|<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL
        )
        assert re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|&nbsp;", "", bare)) == [], path.name
