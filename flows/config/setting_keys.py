"""Every setting: its name, its default and its meaning.

The settings are read by `dondoc.flows.config.settings`; `dondoc init` writes them out, and docs/en/operating.md
lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from dondoc.engine.domain.model import Text
from dondoc.flows.config.partitions import Executor
from dondoc.flows.observe.log import Style
from dondoc.notifications.delivery.smtp_settings import Tls


@dataclass(frozen=True, slots=True)
class SettingKey:
    """One setting: its `name` in `dondoc.toml`, its default and its meaning.

    `example` is shown where the default is empty.
    """

    name: str
    default: str
    meaning: Text
    example: str = ""


KEYS = (
    SettingKey(
        "database",
        "sqlite:///var/dondoc.db",
        Text(
            "Cơ sở dữ liệu; PostgreSQL: postgresql://dondoc@db.example.vn/dondoc",
            "The database; PostgreSQL as shown",
        ),
    ),
    SettingKey(
        "database_wait",
        "30",
        Text("Chờ khóa của tiến trình khác bao nhiêu giây", "Seconds to wait for another process's lock"),
    ),
    SettingKey("rules", "rules", Text("Thư mục quy tắc", "The rule folder")),
    SettingKey(
        "lang",
        "vi",
        Text(
            "Ngôn ngữ của các lệnh: vi, hay en là chỉ tiếng Anh",
            "The language of commands: vi, or en for English only",
        ),
    ),
    SettingKey(
        "workers",
        "1",
        Text("Số tiến trình lập thư, nhiều nhất bằng số nhân", "Processes that make letters, at most a core each"),
    ),
    SettingKey(
        "partitions",
        Executor.POOL.value,
        Text(
            "Nơi đánh giá: pool là ngay trên máy này; máy khác: dask:tcp://máy:8786 hoặc prefect:TÊN-WORK-POOL",
            "Where it is judged: pool, on this machine; on others by Dask or a Prefect work pool",
        ),
    ),
    SettingKey(
        "night_at",
        "02:00",
        Text(
            "Giờ dondoc serve bắt đầu đêm, giờ Việt Nam, không sớm hơn 02:00",
            "When dondoc serve begins the night, Vietnamese time, not before 02:00",
        ),
    ),
    SettingKey(
        "keep_letters",
        "730",
        Text(
            "Giữ nội dung thư đã xong bao nhiêu ngày; số, ngày, nơi nhận và mã băm thì giữ mãi; 0 là không bỏ gì",
            "Days to keep the bodies of letters; number, date, reader and hash stay for good; 0: for good",
        ),
    ),
    SettingKey(
        "keep_attempts",
        "400",
        Text("Giữ từng lần gửi bao nhiêu ngày; 0: giữ mãi", "Days to keep each attempt to send; 0: for good"),
    ),
    SettingKey(
        "keep_history",
        "1100",
        Text(
            "Giữ các dòng đã được thay bao nhiêu ngày, để xét lại được một đêm cũ; 0: giữ mãi",
            "Days to keep replaced rows, so that an old night can be judged again; 0: for good",
        ),
    ),
    SettingKey(
        "keep_cases",
        "1830",
        Text(
            "Giữ hồ sơ đã đóng bao nhiêu ngày rồi gộp vào thống kê; 0: giữ mãi",
            "Days to keep closed cases before they are folded into statistics; 0: for good",
        ),
    ),
    SettingKey(
        "retention_database",
        "",
        Text(
            "Địa chỉ cơ sở dữ liệu cho dondoc retain và forget, bằng tài khoản được xóa (PostgreSQL)",
            "The database's address for dondoc retain and forget, with the role that may delete (PostgreSQL)",
        ),
        "postgresql://dondoc_retention@db.example.vn/dondoc",
    ),
    SettingKey("smtp_host", "127.0.0.1", Text("Máy chủ thư", "The mail server")),
    SettingKey(
        "smtp_port", "1025", Text("Cổng: 587 cho starttls, 465 cho implicit", "Its port: 587 or 465, mostly")
    ),
    SettingKey(
        "smtp_tls",
        Tls.STARTTLS.value,
        Text(
            "starttls, implicit, hoặc plain (chỉ cho máy chủ trên chính máy này)",
            "starttls, implicit, or plain, for a server on this machine only",
        ),
    ),
    SettingKey(
        "smtp_username",
        "",
        Text("Tài khoản thư; trống là không đăng nhập", "The account; none: no login"),
        "dondoc",
    ),
    SettingKey(
        "smtp_password_file",
        "",
        Text(
            "Tệp chứa mật khẩu thư; mật khẩu không bao giờ nằm ở đây",
            "The file with the password, which is never written here",
        ),
        "/etc/dondoc/smtp-password",
    ),
    SettingKey(
        "smtp_ca_file",
        "",
        Text("Chứng thư gốc riêng của máy chủ thư", "A certificate authority of one's own"),
        "/etc/dondoc/ca.pem",
    ),
    SettingKey(
        "journal_address",
        "",
        Text(
            "Hộp thư nhật ký: nhận mọi thư trong cùng lượt gửi, người nhận không thấy",
            "A journal: it gets every letter in the same transaction, unseen by its recipient",
        ),
        "nhatky@example.vn",
    ),
    SettingKey(
        "journal_maildir",
        "",
        Text("Thư mục Maildir của hộp thư nhật ký", "The Maildir folder of the journal"),
        "/var/mail/nhatky/Maildir",
    ),
    SettingKey(
        "journal_imap",
        "",
        Text("Hoặc: đọc hộp thư nhật ký qua IMAP", "Or: the journal is read by IMAP"),
        "imaps://nhatky@mail.example.vn:993/INBOX",
    ),
    SettingKey(
        "journal_password_file",
        "",
        Text("Tệp chứa mật khẩu IMAP của nhật ký", "The file that holds its IMAP password"),
        "/etc/dondoc/journal-password",
    ),
    SettingKey(
        "journal_grace",
        "15",
        Text(
            "Bao nhiêu phút sau dấu chấm cuối thì vắng trong nhật ký mới có nghĩa là chưa nhận",
            "Minutes after the final dot before absence from the journal means that it was not taken",
        ),
    ),
    SettingKey(
        "board_folder",
        "",
        Text(
            "Thư mục mà sau mỗi đêm các trang theo dõi (dondoc board) được ghi lại; trống là không ghi",
            "The folder in which every night writes the pages of dondoc board again; none: it does not",
        ),
        "/srv/dondoc/var/board",
    ),
    SettingKey(
        "base_address",
        "",
        Text(
            "Địa chỉ của các trang trả lời (dondoc web), thư dẫn tới đó; trống là thư không có liên kết",
            "Where the pages of dondoc web are reached, to which letters lead; none: letters have no links",
        ),
        "https://dondoc.example.vn",
    ),
    SettingKey(
        "web_key_file",
        "",
        Text(
            "Tệp khóa của các liên kết ấy: mỗi dòng «MÃ KHÓA», dòng đầu ký, các dòng sau vẫn được nhận",
            "The file with the keys of these links: ID and secret a line, the first signs, all are accepted",
        ),
        "/etc/dondoc/web-keys",
    ),
    SettingKey(
        "desk_header",
        "",
        Text(
            "Tên tiêu đề mà proxy ghi người đã đăng nhập, để mở trang việc đang chờ (/desk của dondoc web)",
            "The header in which a proxy names whom it has signed in, for the page /desk of dondoc web",
        ),
        "X-Remote-User",
    ),
    SettingKey(
        "desk_proxy",
        "",
        Text(
            "Địa chỉ của proxy ấy, như dondoc web thấy; nơi khác ghi tiêu đề ấy thì không tin",
            "That proxy's address as dondoc web sees it; from anywhere else the header is not believed",
        ),
        "127.0.0.1",
    ),
    SettingKey(
        "desk_token_file",
        "",
        Text(
            "Hoặc: tệp chứa mật khẩu của trang ấy, 32 đến 128 ký tự; tên đăng nhập tùy ý",
            "Or: the file with that page's password, 32 to 128 characters; any name goes with it",
        ),
        "/etc/dondoc/desk-token",
    ),
    SettingKey(
        "replies_maildir",
        "",
        Text("Thư mục Maildir của hộp thư nhận trả lời", "The Maildir folder of the mailbox for answers"),
        "/var/mail/traloi/Maildir",
    ),
    SettingKey(
        "replies_imap",
        "",
        Text("Hoặc: đọc hộp thư nhận trả lời qua IMAP", "Or: answers are read by IMAP"),
        "imaps://traloi@mail.example.vn:993/INBOX",
    ),
    SettingKey(
        "replies_password_file",
        "",
        Text("Tệp chứa mật khẩu IMAP của hộp thư nhận trả lời", "The file that holds its IMAP password"),
        "/etc/dondoc/replies-password",
    ),
    SettingKey(
        "replies_authserv",
        "",
        Text(
            "Tên máy chủ nhận thư trong Authentication-Results: trả lời phải được máy chủ ấy xác nhận người gửi",
            "The receiving server's name in Authentication-Results: it has to vouch for whoever answers",
        ),
        "mail.example.vn",
    ),
    SettingKey(
        "keep_attachments",
        "",
        Text(
            "Thư mục giữ tệp kèm theo trả lời 30 ngày, chỉ tài khoản này đọc được; để trống là không giữ",
            "The folder in which attachments of answers are kept for 30 days; empty: they are not kept",
        ),
        "/srv/dondoc/var/dinh-kem",
    ),
    SettingKey(
        "heartbeat_url",
        "",
        Text(
            "Địa chỉ báo «còn sống»: gọi khi bắt đầu (/start), xong, hỏng (/fail)",
            "The heartbeat URL, called at the start (/start), after success, after failure (/fail)",
        ),
        "https://hc.example.vn/ping/dondoc",
    ),
    SettingKey(
        "heartbeat_folder",
        "",
        Text("Thư mục giữ tín hiệu cuối của mỗi lượt chạy", "The folder that keeps the last sign of each run"),
        "var/signs",
    ),
    SettingKey(
        "log",
        Style.TEXT.value,
        Text(
            "text, hoặc json: mỗi dòng một sự việc, cho chương trình đọc, ra stderr",
            "text, or json: one event per line for programs, on the standard error output",
        ),
    ),
    SettingKey(
        "metrics_folder",
        "",
        Text(
            "Thư mục nhận số đo cho Prometheus (textfile collector của node_exporter)",
            "Where numbers for Prometheus are written, for node_exporter's textfile collector",
        ),
        "/var/lib/prometheus/node-exporter",
    ),
    SettingKey(
        "metrics_port",
        "",
        Text(
            "Cổng trên máy này mà dondoc serve trả số đo tại /metrics; trống là không mở",
            "Port on this machine where dondoc serve answers with the numbers, at /metrics; none: closed",
        ),
        "9464",
    ),
)
DEFAULTS = {key.name: key.default for key in KEYS}

_HEAD = """\
# Thiết lập của Đôn Đốc. Bỏ dấu # ở dòng cần đổi; dòng còn dấu # giữ giá trị mặc định. Biến môi trường thắng:
# DONDOC_DATABASE thắng «database». Mật khẩu không bao giờ nằm trong tệp này. Xong thì chạy: dondoc doctor
# (Settings: remove the # of a line to change it; lines with # show the default. Environment variables win.
# Never write a password here. Then run: dondoc doctor)
"""


def written() -> str:
    """`dondoc.toml` with every setting as a comment; one without a default shows an example."""
    parts = [_HEAD]
    for key in KEYS:
        value = key.default or key.example
        shown = value if value.isdecimal() else f'"{value}"'
        note = "" if key.default else "# Mặc định: trống. Ví dụ: (None by default. For example:)\n"
        parts.append(f"# {key.meaning.vi}.\n# ({key.meaning.en}.)\n{note}# {key.name} = {shown}\n")
    return "\n".join(parts)


def meant(name: str) -> str | None:
    """The setting that the unknown `name` probably means; None: no similar one."""
    return next(iter(get_close_matches(name, DEFAULTS, n=1)), None)
