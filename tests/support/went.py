"""How the demonstration's conversation goes, whoever answers by which hand."""

from __future__ import annotations

from collections.abc import Sequence

COMMUNE, FOLLOWER = "UBND xã Bảo Đài", "Phòng Lao động - Thương binh và Xã hội huyện Lục Nam"
ISSUER, PARTY = "UBND huyện Lục Nam", "Đảng ủy xã Bảo Đài"
WENT = [
    ("20/04/2015 thư", f"quá hạn, bước 1 → {COMMUNE}"),
    ("20/04/2015 trang", f"{COMMUNE} xin lùi hạn đến hết ngày 15/05/2015"),
    ("25/04/2015 thư", f"nơi quyết định đọc lời xin → {PARTY}; {FOLLOWER}; {ISSUER}; {COMMUNE}"),
    ("07/05/2015 thư", f"bước 3 → {FOLLOWER}; {ISSUER}; {COMMUNE}"),
    ("07/05/2015 trả lời thư", f"{ISSUER} cho lùi hạn đến hết ngày 15/05/2015 (văn bản 9/UBND-VP)"),
    ("08/05/2015 thư", f"→ {PARTY}; {FOLLOWER}; {ISSUER}; {COMMUNE}"),
    ("18/05/2015 thư", f"quá hạn mới, bước 1 → {COMMUNE}"),
    ("18/05/2015 trả lời thư", f"{COMMUNE} giải trình và hẹn xong ngày 20/05/2015"),
    ("21/05/2015 thư", f"lên bước 2 ngay, không đợi đủ ngày → {PARTY}; {FOLLOWER}; {COMMUNE}"),
    ("21/05/2015 trang", f"{FOLLOWER} đề nghị giải trình"),
    ("22/05/2015 thư", f"được đề nghị giải trình → {COMMUNE}"),
    ("22/05/2015 trả lời thư", f"{COMMUNE} giải trình và hẹn xong ngày 25/05/2015"),
    ("25/05/2015 trang", f"{FOLLOWER} đóng hồ sơ: đã có báo cáo ngày 25/05/2015 (văn bản 31/BC-UBND)"),
    ("26/05/2015 thư", f"đã xong → {PARTY}; {FOLLOWER}; {ISSUER}; {COMMUNE}: đúng các nơi đã được báo"),
]


def as_told(lines: Sequence[str]) -> None:
    """The lines of a conversation are those of the story, in its order."""
    assert [line.partition(":")[0] for line in lines] == [when for when, _ in WENT]
    for line, (_, what) in zip(lines, WENT, strict=True):
        assert what in line
