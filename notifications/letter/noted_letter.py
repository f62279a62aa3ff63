"""A finished letter once more, with a note on top: passed on to another mailbox, or answered in part."""

from __future__ import annotations

from email import message_from_bytes, policy
from html import escape

from dondoc.notifications.letter import threads
from dondoc.notifications.letter.mime import Attachment
from dondoc.notifications.letter.render import Rendered


def with_note(mime: bytes, note: str, before_subject: str = "") -> Rendered:
    """The letter's own subject, bodies and files, with `note` as the first paragraph of both bodies."""
    mail = message_from_bytes(mime, policy=policy.default)
    plain = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    text = str(plain.get_content()) if plain is not None else ""
    page = str(html.get_content()) if html is not None else ""
    paragraph = f'<p style="margin:0;padding:12px 16px;font-size:14px;line-height:21px;">{escape(note)}</p>'
    start = page.find(">", page.find("<body")) + 1
    return Rendered(
        subject=f"{before_subject}{mail['Subject']}",
        html=f"{page[:start]}{paragraph}{page[start:]}",
        text=f"{note}\n\n{text}",
        thread=threads.of(str(mail["References"] or "")),
        attachments=tuple(
            Attachment(part.get_filename() or "", part.get_content_type(), content)
            for part in mail.iter_attachments()
            if isinstance(content := part.get_payload(decode=True), bytes)
        ),
    )
