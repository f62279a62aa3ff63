"""Whether the audit log is whole, and whether what is stored is what the log tells: `dondoc audit verify`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dondoc.engine.store.audit_log.agreement import differences
from dondoc.engine.store.audit_log.hash_chain import Flaw, Proof, has_entry, prove
from dondoc.engine.store.db.database import Connection
from dondoc.flows.config import settings


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The proof of the log, and where what is stored and what the log tells differ."""

    proof: Proof
    differences: tuple[Flaw, ...]

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Everything that is not as it should be."""
        return (*self.proof.flaws, *self.differences)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        proof = self.proof
        return {
            "head": asdict(proof.head),
            "events": proof.events,
            "whole_until": proof.whole_until,
            "flaws": [asdict(flaw) for flaw in self.flaws],
        }

    def text(self) -> str:
        """For people: how much there is, up to where it is whole, and the hash to keep."""
        head, whole = self.proof.head, self.proof.whole_until
        return (
            f"Sổ nhật ký có {head.number} mục, {self.proof.events} sự kiện; nguyên vẹn đến mục {whole}. "
            f"({head.number} entries, whole up to entry {whole}.)\n"
            f"Mã mục cuối, nên cất ở nơi khác (the head, to be kept elsewhere): {head.hash}"
        )


def verify(environment: Mapping[str, str], kept: str = "") -> AuditReport:
    """Checks everything. `kept` is the hash of a head that was kept elsewhere, spaced or not; empty: none."""
    with settings.read_only(settings.load(environment)) as conn:
        return audit(conn, "".join(kept.split()).lower())


def audit(conn: Connection, kept: str = "") -> AuditReport:
    """As `verify`, on a connection."""
    proof = prove(conn)
    if kept and not has_entry(conn, kept):
        cut = Flaw(
            proof.head.number + 1,
            "",
            f"không mục nào mang mã đã cất {kept}: sổ đã bị cắt cuối hoặc viết lại",
            f"no entry has the hash that was kept, {kept}: the log was cut off or rewritten",
        )
        proof = Proof(proof.head, proof.events, 0, (*proof.flaws, cut))
    return AuditReport(proof, tuple(differences(conn)))


def by_number(flaws: Iterable[Flaw]) -> list[Flaw]:
    """In the order of the log."""
    return sorted(flaws, key=lambda flaw: (flaw.number, flaw.night))
