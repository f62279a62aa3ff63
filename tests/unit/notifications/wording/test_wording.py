"""Numbers, counts, hidden figures, subjects, and whose verb it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.rulebook import Against
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import COPIES, Digest, Direction, Figure, FourWay
from dondoc.notifications.letter.compose import compose, leads
from dondoc.notifications.letter.part import RowLimits, widths
from dondoc.notifications.letter.render import finish
from dondoc.notifications.wording import figures, labels, numbers
from dondoc.notifications.wording.heads import SUBJECT_CAP
from tests.support.attached_lists import attached_list, said_in
from tests.support.sample_digests import COMMUNES, digest, entry, level, threshold
from tests.support.sample_letters import supervisor


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (numbers.count(0), "00"),
        (numbers.count(5), "05"),
        (numbers.count(24), "24"),
        (numbers.count(100), "100"),
        (numbers.count(8999), "8.999"),
        (numbers.number(8999).vi, "8.999"),
        (numbers.number(8999).en, "8,999"),
        (numbers.decimal(26_100_000, 2).vi, "2,61"),
        (numbers.decimal(1_100_000, 2).vi, "0,11"),
        (numbers.decimal(1426 * SCALE, 0).vi, "1.426"),
        (numbers.percent(12, 300).vi, "4,0%"),
        (numbers.plain_percent("12.5").vi, "12,5%"),
        (numbers.part_of(0, 1).vi, "00/01"),
        (numbers.part_of(5, 24).vi, "05/24"),
        (numbers.weekday(date(2015, 5, 14)).vi, "thứ Năm, 14/05/2015"),
        (numbers.weekday(date(2015, 4, 19)).vi, "Chủ nhật, 19/04/2015"),
        (numbers.listed(numbers.days((date(2015, 4, 13), date(2015, 4, 17)))).vi, "13/04 và 17/04/2015"),
        (numbers.listed(numbers.days((date(2014, 12, 30), date(2015, 1, 2)))).en, "30/12/2014 and 02/01/2015"),
        (str(numbers.places(26_100_000, 25_000_000)), "2"),
    ],
)
def test_numbers_and_dates_are_printed_as_the_sheet_says(said: str, expected: str) -> None:
    """Counts below 10 are padded, decimals never; dots for thousands, a comma for decimals."""
    assert said == expected


def up(units: tuple[str, ...], section: Section = Section.NEW) -> Digest:
    """A superior's letter on these of 24 communes."""
    row = entry(
        section=section, units=units, bearers=units, of_units=24, unit=Text(f"UBND xã {units[0]}", units[0]),
        step=3,
        outcome=Outcome.LATE if section is Section.RESOLVED else None,
    )  # fmt: skip
    return replace(supervisor(), entries=(row,))


@pytest.mark.parametrize(
    ("made", "headline", "row"),
    [
        (
            up(COMMUNES[:1]),
            "01/24 xã, thị trấn chưa được ghi nhận báo cáo công tác trẻ em đợt 1: Bảo Đài",
            "01/24",
        ),
        (
            up(COMMUNES[:5]),
            "05/24 xã, thị trấn chưa được ghi nhận",
            "Bảo Đài, Bảo Sơn, Bắc Lũng, Bình Sơn, Cẩm Lý",
        ),
        (up(COMMUNES[:12]), "12/24 xã, thị trấn chưa được ghi nhận", "Khám Lạng"),
        (
            up(COMMUNES[:19]),
            "19/24 xã, thị trấn chưa được ghi nhận",
            "19/24 xã, thị trấn (danh sách trong tệp kèm theo)",
        ),
        (
            up(COMMUNES),
            "24/24 xã, thị trấn chưa được ghi nhận",
            "24/24 xã, thị trấn (danh sách trong tệp kèm theo)",
        ),
        (up(COMMUNES, Section.RESOLVED), "24/24 xã, thị trấn đã gửi báo cáo", "24/24"),
        (up(COMMUNES[:2], Section.RESOLVED), "thêm 02 đơn vị đã gửi", "Bảo Sơn"),
    ],
    ids=["one is named", "five", "twelve names", "more are in the file", "all", "none late any more", "two more"],
)
def test_none_one_some_and_all_are_said_differently(made: Digest, headline: str, row: str) -> None:
    """Names up to twelve, then the attached file; one of many is named in the headline."""
    view = compose(made)
    assert headline in view.parts[0].headline
    card = view.parts[0].sections[0].cards[0]
    assert row in " ".join([card.title, *(fact.text for fact in card.facts)])
    assert (view.listed is not None) == (len(made.entries[0].units) > 12)


def test_every_number_of_the_late_is_in_the_file_when_it_is_not_in_the_letter() -> None:
    """The file has one line for every unit of every row."""
    (file,) = finish(up(COMMUNES[:19])).attachments
    assert [row["Đơn vị"] for row in attached_list(file.content).rows] == list(COMMUNES[:19])


def whole_letter(figure: Figure, **changes: object) -> str:
    """All that a reader of this figure gets: subject, both bodies, file."""
    rows = [level(figure=figure, title=Text("Chỉ tiêu", "Indicator"), **changes)]
    rows += [level(figure=figure, codes=()) for _ in range(3)]
    letter = finish(replace(threshold(*rows), languages=("vi", "en")), RowLimits(full=1, compact=1))
    single = finish(threshold(rows[0]))
    return "\n".join([letter.subject, single.subject, letter.text, single.text, single.html,
                      *(said_in(one.content) for one in letter.attachments)])  # fmt: skip


EM = Text("em", "children")


@settings(deadline=None)
@given(
    limit=st.sampled_from([0, 1, 2, 5, 40]),
    base=st.sampled_from([None, 0, 1]),
    below=st.booleans(),
    section=st.sampled_from([Section.NEW, Section.WORSE, Section.RESOLVED]),
)
def test_a_hidden_count_of_one_reads_exactly_like_one_of_two(
    limit: int, base: int | None, section: Section, *, below: bool
) -> None:
    """What a reader sees is the same for 1 and for 2, whatever the limit and the base: nothing can be computed."""
    rise = (
        {"base": base * SCALE, "rise_percent": "20", "against": Against.PREVIOUS_PERIOD}
        if base is not None
        else {}
    )
    seen = []
    for hidden in (1, 2):
        bound = None if base is not None else limit * SCALE
        figure = Figure(hidden * SCALE, bound, EM, below=below, masked=True, **rise)
        outcome = Outcome.CLEARED if section is Section.RESOLVED else None
        seen.append(whole_letter(figure, section=section, outcome=outcome))
    assert seen[0] == seen[1]
    assert "dưới 3" in seen[0]


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_limit_that_gives_the_count_away_is_not_printed(limit: int) -> None:
    """Above 1 and under 3 would be 2 (decision 48)."""
    figure = Figure(2 * SCALE, limit * SCALE, EM, masked=True)
    assert figures.limit(figure) is None
    assert figures.distance(figure)[1].vi == ""


def test_a_rise_to_a_hidden_count_names_no_base() -> None:
    """A rise from "under 3" to "under 3" can only be from 1 to 2."""
    figure = Figure(2 * SCALE, None, EM, base=SCALE, rise_percent="20", masked=True)
    said = figures.rise(figure)
    assert said is not None
    assert said.vi == "tăng so với kỳ trước"


def test_a_rise_from_a_hidden_base_gives_no_percentage() -> None:
    """From 1 to 6 is 500%; from 2 it is 200%: neither is printed."""
    seen = {
        whole_letter(Figure(6 * SCALE, None, EM, base=base * SCALE, rise_percent="20", masked=True))
        for base in (1, 2)
    }
    assert len(seen) == 1
    assert "tăng từ dưới 3 em lên 06 em so với kỳ trước" in seen.pop().replace("\N{NO-BREAK SPACE}", " ")


def _told(made: Digest, times: int) -> Digest:
    """The same letter to a reader who had so many before it about the same."""
    days = tuple(date(2015, 4, 20) + timedelta(days=n) for n in range(times))
    told = {"told": days, "last_notified": days[-1], "workdays_since": 5}
    return replace(made, entries=tuple(replace(each, **told) for each in made.entries))


def _beside(made: Digest, other: Digest) -> Digest:
    """One letter with the rows of both."""
    return replace(made, entries=(*made.entries, *other.entries))


def test_a_letter_of_several_matters_ends_its_subject_with_its_day() -> None:
    """And once only, where the sentence has it already; one of a single case with its code (decision 0085)."""
    assert compose(up(COMMUNES[:5])).subject.count("07/05/2015") == 1
    assert compose(digest(entry(), entry(section=Section.STILL))).subject.count("25/04/2015") == 1
    long = Text("báo cáo " + "rất dài " * 30, "a long report")
    for made, mark in (
        (digest(entry(short=long), entry(section=Section.STILL, short=long)), "25/04/2015"),
        (replace(up(COMMUNES[:5]), entries=(replace(up(COMMUNES[:5]).entries[0], short=long),)), "07/05/2015"),
        (digest(entry(short=long, codes=("LN15-0001",))), "[LN15-0001]"),
    ):
        assert mark in compose(made).subject
        assert len(compose(made).subject) <= SUBJECT_CAP
    alone = compose(digest(entry(codes=("LN15-0001",)))).subject
    assert alone.endswith(" [LN15-0001]")
    assert "thư ngày" not in alone


@pytest.mark.parametrize(
    ("made", "subject"),
    [
        (threshold(level(figure=Figure(26_100_000, 25_000_000, Text("%", "%")),
                         short=Text("tỷ lệ trẻ em có hoàn cảnh đặc biệt", "share"))),
         "Cảnh báo chỉ tiêu: tỷ lệ trẻ em có hoàn cảnh đặc biệt 2,61%, vượt ngưỡng 2,50%"),
        (threshold(level(figure=Figure(24_500_000, 25_000_000, Text("%", "%")), section=Section.RESOLVED,
                         outcome=Outcome.CLEARED, short=Text("tỷ lệ trẻ em có hoàn cảnh đặc biệt", "share"))),
         "Hết cảnh báo: tỷ lệ trẻ em có hoàn cảnh đặc biệt 2,45%, trong ngưỡng 2,50%"),
        (digest(entry(section=Section.WORSE, earlier=(date(2015, 4, 20),), workdays=5)),
         "Đôn đốc lần 2: báo cáo công tác trẻ em đợt 1 quá hạn 05 ngày làm việc"),
        (digest(entry()), "Đôn đốc lần 1: UBND xã Bảo Đài chưa được ghi nhận báo cáo công tác trẻ em đợt 1"),
        (digest(entry(section=Section.ENDING)),
         "Nhắc việc: báo cáo công tác trẻ em đợt 1, hạn trước ngày 20/04/2015"),
        (digest(entry(section=Section.RESOLVED, outcome=Outcome.LATE)),
         "Đã xong: UBND xã Bảo Đài đã gửi báo cáo công tác trẻ em đợt 1"),
        (digest(entry(section=Section.RESOLVED, outcome=Outcome.WITHDRAWN, done_on=date(2015, 4, 17))),
         "Rút nhắc việc: báo cáo công tác trẻ em đợt 1 đã gửi đúng hạn, ngày 17/04/2015"),
        (digest(entry(), entry(), entry(section=Section.RESOLVED, outcome=Outcome.LATE)),
         "Theo dõi nhiệm vụ 25/04/2015: 02 việc mới, 01 mới được ghi nhận đã xong"),
        (up(COMMUNES[:5]),
         "UBND huyện Lục Nam 07/05/2015: 05/24 xã, thị trấn cần ý kiến chỉ đạo (báo cáo công tác trẻ em đợt 1)"),
        (_beside(up(COMMUNES[:5]), up(COMMUNES[5:7], Section.RESOLVED)),
         "UBND huyện Lục Nam 07/05/2015: 05/24 xã, thị trấn cần ý kiến chỉ đạo, 02 mới xong (báo cáo công tác trẻ em đợt 1)"),  # noqa: E501
        (_beside(up(COMMUNES[:5]), up(COMMUNES[4:7])),
         "UBND huyện Lục Nam 07/05/2015: 07 đơn vị cần ý kiến chỉ đạo (02 việc)"),
        (replace(up(COMMUNES[:5]), direction=Direction.SIDEWAYS),
         "Đề nghị phối hợp: 05/24 xã, thị trấn chưa được ghi nhận báo cáo công tác trẻ em đợt 1"),
        (digest(entry(section=Section.ENDING, earlier_reminders=(date(2015, 4, 13),))),
         "Nhắc việc lần 2: báo cáo công tác trẻ em đợt 1, hạn trước ngày 20/04/2015"),
        (_told(up(COMMUNES[:5], Section.STILL), 2),
         "Báo cáo lại lần 2: thêm 05 ngày làm việc, vẫn 05/24 xã, thị trấn (báo cáo công tác trẻ em đợt 1)"),
        (_told(up(COMMUNES[:5], Section.WORSE), 2),
         "UBND huyện Lục Nam 07/05/2015: 05/24 xã, thị trấn cần ý kiến chỉ đạo (báo cáo công tác trẻ em đợt 1)"),
        (_told(replace(up(COMMUNES[:5]), direction=Direction.SIDEWAYS), 1),
         "Đề nghị phối hợp lần 2: 05/24 xã, thị trấn chưa được ghi nhận báo cáo công tác trẻ em đợt 1"),
    ],
)  # fmt: skip
def test_the_subject_says_kind_and_object_first(made: Digest, subject: str) -> None:
    """One form for every kind of letter; a count of children never stands in a subject."""
    assert re.sub(r"(?: – thư ngày [\d/]+)?(?: \[[A-Z0-9-]+\])?$", "", compose(made).subject) == subject


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("section", list(Section))
def test_the_verb_follows_from_where_the_reader_stands(direction: Direction, section: Section) -> None:
    """Only the unit itself and its equals are asked; a superior is respectfully told; a copy asks nothing."""
    outcome = Outcome.LATE if section is Section.RESOLVED else None
    made = replace(digest(entry(section=section, outcome=outcome)), direction=direction)
    ask = compose(made).parts[0].ask
    opening = {
        Direction.OWN: "Đề nghị ",
        Direction.SIDEWAYS: "Đề nghị ",
        Direction.UP: "Kính đề nghị ",
        Direction.UP_PARTY: "Kính xin ý kiến chỉ đạo",
        Direction.COPY: "Đồng gửi ",
        Direction.COPY_UP: "Kính gửi ",
    }[direction]
    if section in (Section.NEW, Section.WORSE, Section.STILL):
        assert ask.who.startswith(opening)
        assert ask.when == {
            Direction.COPY: "",
            Direction.COPY_UP: "",
            Direction.UP_PARTY: "trước ngày 07/05/2015",
        }.get(direction, "chậm nhất hết ngày 06/05/2015")
    if direction in COPIES or section is Section.RESOLVED:
        assert ask.when == ""


def test_a_superior_of_any_row_is_reported_to_whichever_row_leads() -> None:
    """Good news of a unit elsewhere leads, and beside it stands a copy about a unit below."""
    good = entry(section=Section.RESOLVED, outcome=Outcome.LATE, direction=Direction.SIDEWAYS)
    below = entry(section=Section.NEW, direction=Direction.COPY_UP, copied=True)
    whos = [
        compose(replace(digest(*rows), direction=Direction.SIDEWAYS)).parts[0].ask.who
        for rows in ([good], [good, below])
    ]
    assert [who.partition(" UBND")[0] for who in whos] == ["Gửi", "Kính gửi"]


def test_the_highest_step_leads_the_units_own_letter_and_news_a_superiors() -> None:
    """A second follow-up weighs more than a first, but a superior is asked about what is new to him."""
    worse, new = entry(section=Section.WORSE, step=2), entry(section=Section.NEW, step=1)
    assert leads(digest(new, worse)) == (worse,)
    assert leads(replace(digest(new, worse), direction=Direction.UP)) == (new,)


def test_the_hotline_is_left_out_of_a_replay() -> None:
    """111 exists since 06/12/2017; a replayed letter of 2015 must not name it."""
    assert "111" in finish(threshold()).text
    assert "111" not in finish(replace(threshold(), replay=True)).text.replace("LN15", "")


@given(st.tuples(*[st.integers(0, 5000)] * 4).filter(any))
def test_the_bar_is_always_full_and_shows_every_count(values: tuple[int, int, int, int]) -> None:
    """The four widths are 100 together, and only a count of 0 has none."""
    shares = widths(FourWay(*values))
    assert sum(shares) == 100
    assert [share > 0 for share in shares] == [value > 0 for value in values]


def test_units_are_left_over_only_beside_some_with_a_line() -> None:
    """Where nothing is overdue no unit has a line of its own, and the sum is of all of them."""
    assert labels.other_units(17, 7).vi == "17 đơn vị còn lại"
    assert labels.other_units(8, 0).vi == "08 đơn vị"
