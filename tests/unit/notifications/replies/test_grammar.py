"""What an answer by mail means: rows that read as sentences, and sentences that are nobody's to guess."""

from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.notifications.replies.grammar import Doubt, Understood, understood
from dondoc.notifications.replies.phrases import Meaning

TODAY = date(2026, 5, 8)
CERTAIN = [
    ("Đã gửi 123/BC-UBND ngày 5/5", Meaning.DONE, {"document": "123/BC-UBND", "on": "2026-05-05"}),
    (
        "UBND xã đã nộp báo cáo số 45/2026/BC-UBND ngày 05 tháng 5 năm 2026.",
        Meaning.DONE,
        {"document": "45/2026/BC-UBND", "on": "2026-05-05"},
    ),
    ("We have sent report 123/BC-UBND of 5 May", Meaning.DONE, {"document": "123/BC-UBND", "on": "2026-05-05"}),
    ("Đã biết", Meaning.KNOWN, {}),
    ("ĐÃ BIẾT, SẼ XỬ LÝ", Meaning.KNOWN, {}),
    ("da biet, se xu ly", Meaning.KNOWN, {}),
    (
        "Đã tiếp nhận công văn 279/UBND-LĐTBXH ngày 26/3",
        Meaning.KNOWN,
        {"document": "279/UBND-LĐTBXH", "on": "2026-03-26"},
    ),
    ("Noted, thank you", Meaning.KNOWN, {}),
    ("Xin gia hạn đến 30/5", Meaning.ASKED, {"until": "2026-05-30", "words": "Xin gia hạn đến 30/5"}),
    (
        "xin gia han den het ngay 30/5/2026",
        Meaning.ASKED,
        {"until": "2026-05-30", "words": "xin gia han den het ngay 30/5/2026"},
    ),
    (
        "Đề nghị huyện đồng ý cho lùi hạn đến 30-05-2026 vì mưa lũ",
        Meaning.ASKED,
        {"until": "2026-05-30", "words": "Đề nghị huyện đồng ý cho lùi hạn đến 30-05-2026 vì mưa lũ"},
    ),
    (
        "Xin lùi thời hạn từ 15/5 đến 30/5",
        Meaning.ASKED,
        {"until": "2026-05-30", "words": "Xin lùi thời hạn từ 15/5 đến 30/5"},
    ),
    (
        "We request an extension until 30 May 2026",
        Meaning.ASKED,
        {"until": "2026-05-30", "words": "We request an extension until 30 May 2026"},
    ),
    (
        "Lý do: mưa lũ. Xin gia hạn đến 30/5.",
        Meaning.ASKED,
        {"until": "2026-05-30", "words": "Lý do: mưa lũ. Xin gia hạn đến 30/5."},
    ),
    (
        "Giải trình: lũ từ 1/5 đến 3/5 làm hỏng đường. Cam kết 15/6",
        Meaning.EXPLAINED,
        {"until": "2026-06-15", "words": "Giải trình: lũ từ 1/5 đến 3/5 làm hỏng đường. Cam kết 15/6"},
    ),
    (
        "Nguyên nhân: mất điện; sẽ gửi trước ngày 15/6",
        Meaning.EXPLAINED,
        {"until": "2026-06-14", "words": "Nguyên nhân: mất điện; sẽ gửi trước ngày 15/6"},
    ),
    (
        "The reason is the flood. We promise June 15, 2026",
        Meaning.EXPLAINED,
        {"until": "2026-06-15", "words": "The reason is the flood. We promise June 15, 2026"},
    ),
    ("Không thuộc trách nhiệm của xã", Meaning.NOT_OURS, {}),
    ("Thư này gửi nhầm địa chỉ", Meaning.NOT_OURS, {}),
    ("This is not our responsibility", Meaning.NOT_OURS, {}),
    (
        "Đồng ý lùi hạn đến 30/5, văn bản số 12/UBND-VP ngày 7/5",
        Meaning.GRANTED,
        {"until": "2026-05-30", "document": "12/UBND-VP", "on": "2026-05-07"},
    ),
    (
        "Đồng ý với đề nghị gia hạn đến 30/5 (12/UBND-VP)",
        Meaning.GRANTED,
        {"until": "2026-05-30", "document": "12/UBND-VP"},
    ),
    ("Cho lùi hạn đến 30/5", Meaning.GRANTED, {"until": "2026-05-30"}),
    ("Extension granted until 30/5", Meaning.GRANTED, {"until": "2026-05-30"}),
    ("Không đồng ý gia hạn", Meaning.REFUSED, {}),
    ("We do not agree to the extension", Meaning.REFUSED, {}),
    ("Rút lại trả lời số 12", Meaning.TAKEN_BACK, {"about": 12}),
    ("take back 12", Meaning.TAKEN_BACK, {"about": 12}),
    ("Kính gửi Phòng Nội vụ,\nĐã biết.\nXin cảm ơn.", Meaning.KNOWN, {}),
    (
        "Cam kết 15/1 vì lý do mưa lũ",
        Meaning.EXPLAINED,
        {"until": "2026-01-15", "words": "Cam kết 15/1 vì lý do mưa lũ"},
    ),
]
UNCERTAIN = [
    ("", None, Doubt.NOTHING_SAID),
    ("Kính gửi quý cơ quan,\nCảm ơn.", None, Doubt.NOTHING_SAID),
    ("Hôm qua trời mưa to", None, Doubt.NOT_UNDERSTOOD),
    ("Chưa gửi được", None, Doubt.NOT_UNDERSTOOD),
    ("Đã gửi báo cáo ngày 5/5", Meaning.DONE, Doubt.NO_DOCUMENT),
    ("We have not sent 123/BC-UBND", Meaning.DONE, Doubt.DENIED),
    ("Đã gửi 123/BC-UBND, xin gia hạn đến 30/5", Meaning.ASKED, Doubt.SEVERAL_MEANINGS),
    ("Đã gửi 123/BC-UBND ngày 31/2", Meaning.DONE, Doubt.NO_SUCH_DAY),
    ("Xin gia hạn", Meaning.ASKED, Doubt.NO_DAY),
    ("Xin gia hạn đến 31/2", Meaning.ASKED, Doubt.NO_SUCH_DAY),
    ("Xin gia hạn đến 30/5 hoặc đến 15/6", Meaning.ASKED, Doubt.SEVERAL_DAYS),
    ("Không xin gia hạn đến 30/5", Meaning.ASKED, Doubt.DENIED),
    ("Nếu mưa lũ thì xin gia hạn đến 30/5", Meaning.ASKED, Doubt.CONDITION),
    ("Xin gia hạn đến 30/5 có được không?", Meaning.ASKED, Doubt.QUESTION),
    ("Giải trình: mưa lũ", Meaning.EXPLAINED, Doubt.NO_DAY),
    ("Sẽ gửi báo cáo 15/6", Meaning.EXPLAINED, Doubt.NO_REASON),
    ("Đã biết, sẽ gửi 15/6", Meaning.EXPLAINED, Doubt.NO_REASON),
    ("Lý do mưa lũ, dự kiến sẽ gửi 15/6", Meaning.EXPLAINED, Doubt.CONDITION),
    ("Đã biết ngày 5/5", Meaning.KNOWN, Doubt.NEEDLESS_DAY),
    ("Chưa đồng ý lùi hạn đến 30/5", Meaning.GRANTED, Doubt.DENIED),
    ("Rút lại trả lời trước", Meaning.TAKEN_BACK, Doubt.NO_NUMBER),
    ("Đã biết. " * 500, Meaning.KNOWN, Doubt.TOO_LONG),
]


def _plain(said: Understood) -> dict[str, object]:
    values = {
        "until": said.until,
        "document": said.document,
        "on": said.on,
        "words": said.words,
        "about": said.about,
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in values.items() if value
    }


@pytest.mark.parametrize(("text", "meaning", "more"), CERTAIN, ids=[text[:40] for text, *_ in CERTAIN])
def test_the_words_mean(text: str, meaning: Meaning, more: dict[str, object]) -> None:
    """One act, with all that belongs to it."""
    said = understood(text, TODAY)
    assert (said.meaning, said.doubt, _plain(said)) == (meaning, None, more)


@pytest.mark.parametrize(("text", "meaning", "more"), CERTAIN, ids=[text[:40] for text, *_ in CERTAIN])
def test_the_words_mean_the_same_in_capitals_without_accents_and_decomposed(
    text: str, meaning: Meaning, more: dict[str, object]
) -> None:
    """Letters typed in a hurry, or on another system."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    for other in (bare, text.upper(), unicodedata.normalize("NFD", text)):
        said = understood(other, TODAY)
        assert (said.meaning, said.doubt, said.until, said.on) == (
            meaning,
            None,
            date.fromisoformat(str(more["until"])) if "until" in more else None,
            date.fromisoformat(str(more["on"])) if "on" in more else None,
        )


@pytest.mark.parametrize(("text", "meaning", "doubt"), UNCERTAIN, ids=[text[:40] for text, *_ in UNCERTAIN])
def test_the_words_are_a_persons_to_decide(text: str, meaning: Meaning | None, doubt: Doubt) -> None:
    """With a proposal where there is one."""
    said = understood(text, TODAY)
    assert (said.meaning, said.doubt) == (meaning, doubt)


@given(st.text(max_size=400))
def test_whatever_is_written_has_an_answer(text: str) -> None:
    """Certain or doubtful, and a certain one has a meaning."""
    said = understood(text, TODAY)
    assert (said.doubt is None) <= (said.meaning is not None)


WORDS = [text for text, *_ in CERTAIN]


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_two_acts_in_one_answer_are_never_one_by_accident(one: str, other: str) -> None:
    """Both in one mail: the weightier of the two, or a person's to decide; never a third."""
    said = understood(f"{one}\n{other}", TODAY)
    meanings = {understood(text, TODAY).meaning for text in (one, other)}
    assert said.doubt is not None or said.meaning in meanings


@pytest.mark.parametrize(
    "piece", ["xin ", "de nghi gia ", "cam ket ", "1/1 ", "12/BC-", "không ", "\n", "da ", "- ", "da biet 1/1 "]
)
def test_no_text_takes_long(piece: str) -> None:
    """A hundred kilobytes of half a phrase."""
    began = time.process_time()
    understood(piece * (100_000 // len(piece)), TODAY)
    assert time.process_time() - began < 2
