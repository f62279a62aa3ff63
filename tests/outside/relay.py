"""Postfix and Dovecot on this machine: own settings, own folder, high ports; no service of the system is touched.

Postfix takes letters with STARTTLS and a password that Dovecot checks, and hands them to Dovecot, which keeps a
Maildir for every address. Both need root, as they do everywhere; they end with the context.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from tests.support.certificates import certificate

HERE = "127.0.0.1"
USER, PASSWORD = "dondoc", "canary-password"
_SECONDS = 30
_SERVICES = """\
{here}:{port} inet n - n - - smtpd
{here}:{strict} inet n - n - - smtpd
  -o smtpd_reject_unlisted_sender=yes
  -o virtual_mailbox_maps=regexp:{listed}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_POSTFIX = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = relay.example.vn
mydestination =
alias_maps =
inet_interfaces = {here}
inet_protocols = ipv4
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
virtual_mailbox_domains = example.vn, dondoc.example.vn
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:{folder}/lmtp
lmtp_destination_recipient_limit = 10
"""
_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = lmtp imap
listen = {here}
first_valid_uid = 1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {folder}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Relay:
    """A running relay: how letters get to it, where each address has its Maildir, and where IMAP is spoken.

    `strict` is a second door, which refuses senders that it has no mailbox for.
    """

    smtp: SmtpSettings
    strict: SmtpSettings
    mail: Path
    imaps: int

    def maildir(self, address: str) -> Path:
        """Where Dovecot keeps the mails of an address."""
        return self.mail / address.partition("@")[0].lower()

    def kept(self, address: str) -> list[bytes]:
        """Every mail of an address, as Dovecot keeps it: lines end in LF."""
        return [path.read_bytes() for path in sorted(self.maildir(address).glob("new/*"))]


@contextmanager
def relaying() -> Iterator[Relay]:
    """Starts both, waits until Postfix greets, and stops both in the end."""
    # Short and open to all: the servers' sockets live in it, and their users must get there.
    folder = Path(tempfile.mkdtemp(prefix="relay"))
    folder.chmod(0o755)
    try:
        made = certificate(folder, HERE)
        port, strict, imaps = _free_ports(3)
        with _dovecot(folder, made.ca_file, imaps), _postfix(folder, made.ca_file, port, strict) as smtp:
            yield Relay(smtp, replace(smtp, port=strict), folder / "mail", imaps)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _dovecot(folder: Path, trusted: str, imaps: int) -> Iterator[None]:
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "mail", "mail")
    settings = folder / "dovecot.conf"
    settings.write_text(
        _DOVECOT.format(
            folder=folder, here=HERE, password=PASSWORD, imaps=imaps, certificate=trusted, key=_key(trusted)
        )
    )
    with subprocess.Popen(["dovecot", "-F", "-c", str(settings)]) as server:
        try:
            _until(lambda: (folder / "lmtp").exists() and (folder / "auth").exists(), folder / "dovecot.log")
            yield
        finally:
            server.send_signal(signal.SIGTERM)


@contextmanager
def _postfix(folder: Path, trusted: str, port: int, strict: int) -> Iterator[SmtpSettings]:
    etc = folder / "etc"
    for place in ("etc", "queue", "data"):
        (folder / place).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (etc / "main.cf").write_text(_POSTFIX.format(folder=folder, here=HERE, certificate=trusted, key=_key(trusted)))
    listed = etc / "listed"
    listed.write_text("/@example\\.vn$/ all\n")
    (etc / "master.cf").write_text(_SERVICES.format(here=HERE, port=port, strict=strict, listed=listed))
    postfix = ["postfix", "-c", str(etc)]
    subprocess.run([*postfix, "start"], check=True, capture_output=True)
    try:
        _until(lambda: _greets(port), folder / "mail.log")
        yield SmtpSettings(
            HERE,
            port,
            Tls.STARTTLS,
            username=USER,
            password=PASSWORD,
            ca_file=trusted,
            hello_name="dondoc.example.vn",
        )
    finally:
        subprocess.run([*postfix, "stop"], check=False, capture_output=True)


def _key(certificate_file: str) -> str:
    return certificate_file.removesuffix(".pem") + ".key"


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server((HERE, 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in taken]


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((HERE, port), timeout=1) as connection:
            return connection.recv(4) == b"220 "
    except OSError:
        return False


def _until(ready: object, log: Path) -> None:
    assert callable(ready)
    deadline = time.monotonic() + _SECONDS
    while not ready():
        assert time.monotonic() < deadline, log.read_text() if log.exists() else "no log"
        time.sleep(0.05)
