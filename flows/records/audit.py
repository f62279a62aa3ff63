"""`dondoc audit verify`: whether the audit log is intact, and whether the stored state agrees with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.store.audit_log.agreement import differences
from dondoc.engine.store.audit_log.hash_chain import Flaw, Proof, has_entry, prove
from dondoc.engine.store.audit_log.row_agreement import covered_since
from dondoc.engine.store.db.database import Connection
from dondoc.flows.config import settings


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The proof of the log, and the differences between the stored state and the log.

    `covered_since`: the day on which an upgrade found the rows that stood then; empty: all are known.
    """

    proof: Proof
    differences: tuple[Flaw, ...]
    covered_since: str = ""

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Every flaw of the log and every difference."""
        return (*self.proof.flaws, *self.differences)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        proof = self.proof
        return {
            "head": asdict(proof.head),
            "events": proof.events,
            "whole_until": proof.whole_until,
            "covered_since": self.covered_since,
            "flaws": [asdict(flaw) for flaw in self.flaws],
        }

    def text(self) -> Text:
        """For people: the number of entries and events, up to which entry it is intact, and the hash to keep."""
        head, whole = self.proof.head, self.proof.whole_until
        found, found_en = "", ""
        if self.covered_since:
            found = (
                f"Hồ sơ, báo việc, hộp thư, tên đơn vị: sổ ghi từng dòng từ {self.covered_since}; ai sửa trước "
                f"ngày đó thì sổ không thấy. (Rows of cases, notices, mailboxes and names are covered since "
                f"{self.covered_since}: nothing shows a change before it.)\n"
            )
            found_en = (
                f"Rows of cases, notices, mailboxes and names of units are covered since {self.covered_since}: "
                "nothing shows a change before it.\n"
            )
        return Text(
            f"Sổ nhật ký có {head.number} mục, {self.proof.events} sự kiện; nguyên vẹn đến mục {whole}. "
            f"({head.number} entries, intact up to entry {whole}.)\n{found}"
            f"Mã mục cuối, nên cất ở nơi khác (the head, to be kept elsewhere): {head.hash}",
            f"The log has {head.number} entries with {self.proof.events} events; intact up to entry {whole}.\n"
            f"{found_en}The head, to be kept elsewhere: {head.hash}",
        )


def verify(environment: Mapping[str, str], kept: str = "") -> AuditReport:
    """Verifies the log of the configured database; `kept` is a head's hash kept elsewhere, or empty."""
    with settings.read_only(settings.load(environment)) as conn:
        return audit(conn, "".join(kept.split()).lower())


def audit(conn: Connection, kept: str = "") -> AuditReport:
    """Like `verify`, on a connection; `kept` in lower case without spaces, or empty."""
    proof = prove(conn)
    if kept and not has_entry(conn, kept):
        cut = Flaw(
            proof.head.number + 1,
            "",
            f"không mục nào mang mã đã cất {kept}: sổ đã bị cắt cuối hoặc viết lại",
            f"no entry has the hash that was kept, {kept}: the log was truncated or rewritten",
        )
        proof = Proof(proof.head, proof.events, 0, (*proof.flaws, cut))
    return AuditReport(proof, tuple(differences(conn)), covered_since(conn))


def by_number(flaws: Iterable[Flaw]) -> list[Flaw]:
    """The flaws in the order of the log."""
    return sorted(flaws, key=lambda flaw: (flaw.number, flaw.night))
