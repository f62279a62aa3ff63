"""Whether a mail server vouches for a sender: rows of Authentication-Results."""

from __future__ import annotations

import pytest

from dondoc.notifications.replies.proofs import vouched

SERVER, SENDER = "mx.example.vn", "vt@xa.example.vn"
OWN = "header.from=xa.example.vn"
TABLE = {
    "DMARC passed": ([f"{SERVER}; dmarc=pass {OWN}"], True),
    "DMARC passed, with comments and a version": ([f"{SERVER} 1; dmarc=pass (p=none) {OWN}"], True),
    "DMARC failed although DKIM passed": (
        [f"{SERVER}; dmarc=fail {OWN}; dkim=pass header.d=xa.example.vn"],
        False,
    ),
    "DMARC of another domain": ([f"{SERVER}; dmarc=pass header.from=evil.example.com"], False),
    "DKIM of the very domain": ([f"{SERVER}; dkim=pass header.d=xa.example.vn"], True),
    "DKIM of one of two signatures": (
        [f"{SERVER}; dkim=fail header.d=xa.example.vn; dkim=pass header.i=@xa.example.vn"],
        True,
    ),
    "DKIM of a mailing service": ([f"{SERVER}; dkim=pass header.d=mailer.example.com"], False),
    "SPF of the very domain": ([f"{SERVER}; spf=pass smtp.mailfrom=bounce@xa.example.vn"], True),
    "SPF of a domain that ends alike": ([f"{SERVER}; spf=pass smtp.mailfrom=evil-xa.example.vn"], False),
    "SPF without a domain": ([f"{SERVER}; spf=pass"], False),
    "nothing was looked at": ([f"{SERVER}; none"], False),
    "nothing is said": ([], False),
    "another server": ([f"evil.example.com; dmarc=pass {OWN}"], False),
    "a server whose name begins alike": ([f"{SERVER}.evil.example.com; dmarc=pass {OWN}"], False),
    "the topmost decides": ([f"{SERVER}; dmarc=fail {OWN}", f"{SERVER}; dmarc=pass {OWN}"], False),
    "results in two headers": ([f"{SERVER}; spf=none", f"{SERVER}; dmarc=pass {OWN}"], True),
}


@pytest.mark.parametrize("what", TABLE)
def test_the_server_vouches(what: str) -> None:
    """Each row of the table."""
    proofs, believed = TABLE[what]
    assert vouched(proofs, SERVER, SENDER) is believed
