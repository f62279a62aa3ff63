"""The words of the board: headings, what a picture shows, and what the nights did to a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import CaseStatus, ObligationStatus, Outcome
from dondoc.notifications.wording.numbers import capital, counted, day, days, number, part_of

WHOLE = Text("Toàn cảnh", "At a glance")
CASES, UNITS = Text("Hồ sơ", "Cases"), Text("Đơn vị", "Units")
DIRECTIVES, RULES = Text("Văn bản", "Directives"), Text("Quy tắc", "Rules")
STATISTICS, SEARCH = Text("Thống kê", "Statistics"), Text("Tìm", "Search")
OTHER_LANGUAGE = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}
TO_CONTENT, PAGES = Text("Đến nội dung", "To the content"), Text("Các trang", "Pages")

OPEN_CASES = Text("Hồ sơ đang mở", "Open cases")
CLOSED_CASES = Text("Hồ sơ đã đóng", "Closed cases")
MOST_OVERDUE = Text("Quá hạn lâu nhất đứng trước.", "The longest overdue stand first.")
FOUR_STATES = Text("Bốn trạng thái của các việc", "The four states of tasks")
APART = Text("Trong đó và ngoài bốn số", "Among and beside the four")
OPEN_BY_MONTH = Text("Hồ sơ mở theo đơn vị và tháng", "Open cases by unit and month")
OTHERS, ALL = Text("Các đơn vị khác", "Other units"), Text("Tất cả", "All")
TREND, NO_FIGURES = Text("Xu hướng", "Trend"), Text("chưa có số liệu", "no figures")
BELOW, ABOVE = Text("Đơn vị trực thuộc", "Units below"), Text("Cấp trên", "Above it")
OWN_AND_BELOW = Text(
    "Tính cả các đơn vị trực thuộc; việc nhiều đơn vị cùng thực hiện chỉ tính một lần.",
    "With the units below it; a task that several carry is counted once.",
)
OF_ITSELF = Text("Hồ sơ của chính đơn vị", "The unit's own cases")
LADDER, TIMELINE = Text("Các bước", "Steps"), Text("Diễn biến", "What happened")
NOT_YET = Text("chưa tới", "not yet")
NOBODY = Text("không có cơ quan nào: báo luôn bước sau", "nobody: the next step's turn")
STANDING, STEP, SINCE = Text("Tình trạng", "Standing"), Text("Bước", "Step"), Text("Mở đêm", "Opened")
RULE_GONE = Text(
    "Quy tắc của hồ sơ này không còn trong bộ quy tắc.", "The rule of this case is no longer in the rules."
)
CLAUSE, WHAT, WHO = Text("Điểm, mục", "Clause"), Text("Nội dung", "What"), Text("Ai thực hiện", "Who")
WAITS_FOR = Text("còn chờ", "waits for")
CONTENTS = Text("Nội dung của văn bản", "What the directive asks")
IN_FORCE, ISSUER, TITLE = Text("Hiệu lực", "In force"), Text("Ban hành", "Issued by"), Text("Trích yếu", "Title")
ASSUMES = Text("giả định", "assumed")
DOWNLOAD = Text("Tải về", "Download")
ALL_OPEN = Text("Xem tất cả hồ sơ đang mở", "See every open case")
TYPE_HERE = Text("Tên đơn vị, mã hồ sơ, số văn bản", "A unit, a case's code, a document's number")
NEEDS_SCRIPT = Text(
    "Ô tìm này cần JavaScript. Không có thì mở danh sách và tìm bằng Ctrl+F:",
    "This field needs JavaScript. Without it, open a list and search it by Ctrl+F:",
)
FILTER = Text("Lọc danh sách này", "Filter this list")
NONE_FOUND = Text("Không thấy.", "Nothing found.")
NO_NIGHT = Text("Chưa có đêm nào được xét.", "No night has been judged yet.")
NO_NIGHT_YET = Text(
    "Các trang này có số liệu sau đêm đầu tiên (dondoc nightly).",
    "These pages have figures after the first night (dondoc nightly).",
)
NOTHING_OPEN = Text("Không có hồ sơ nào đang mở.", "No case is open.")
NO_TASKS = Text("Chưa có việc nào được tính.", "No task is counted yet.")
FOOT = Text(
    "Trang tự động theo dõi nhiệm vụ, không phải văn bản hành chính. Chỉ nêu cơ quan, đơn vị; không nêu tên, "
    "thông tin của bất kỳ ai, và không in số liệu của chỉ tiêu nào.",
    "Automatic pages on tasks followed up, no official document. They name offices only, nobody in person, and "
    "print no figure of any indicator.",
)
STATUS: Mapping[CaseStatus, Text] = {
    CaseStatus.OPEN: Text("Đang mở", "Open"),
    CaseStatus.EXHAUSTED: Text("Đã qua hết các bước", "Past its last step"),
    CaseStatus.WAITING: Text("Chờ xác nhận nơi tiếp nhận", "Waits for an heir"),
    CaseStatus.CLOSED: Text("Đã đóng", "Closed"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.LATE: Text("hoàn thành quá hạn", "done late"),
    Outcome.EXTENDED: Text("hoàn thành trong hạn đã lùi", "done within the later limit"),
    Outcome.WITHDRAWN: Text("đúng hạn, hệ thống ghi nhận muộn", "done in time, recorded late"),
    Outcome.RESUMED: Text("kỳ sau đã đạt", "a later period was met"),
    Outcome.CLEARED: Text("đã trở lại trong ngưỡng", "back within its limit"),
    Outcome.CHANGED: Text("quy tắc hoặc ngưỡng đã đổi", "the rule or its limit was edited"),
    Outcome.EXCUSED: Text("được miễn", "waived"),
    Outcome.REASSIGNED: Text("đã chuyển đơn vị khác", "given to another unit"),
    Outcome.LAPSED: Text("văn bản hết theo dõi", "no longer followed up"),
    Outcome.RETIRED: Text("quy tắc đã bỏ", "its rule was removed"),
}
OBLIGATIONS: Mapping[ObligationStatus, Text] = {
    ObligationStatus.JUDGED: Text("đánh giá theo văn bản", "judged by the text"),
    ObligationStatus.ASSUMED: Text("đánh giá theo giả định", "judged on an assumption"),
    ObligationStatus.SET: Text("đánh giá theo mức cơ quan đặt", "judged by what an office has set"),
    ObligationStatus.WAITING: Text("chờ tham số", "waits for a parameter"),
    ObligationStatus.EVIDENCE: Text("chỉ theo dõi", "tracked only"),
}
_EVENTS: Mapping[str, Text] = {
    "case-opened": Text("mở hồ sơ", "the case was opened"),
    "case-reopened": Text("hồ sơ được mở tiếp", "the case goes on"),
    "case-limit-moved": Text("hạn thay đổi", "the limit was moved"),
    "case-inherited": Text("có nơi tiếp nhận", "an heir has taken over"),
    "case-waiting": Text("chờ xác nhận nơi tiếp nhận", "waits for an heir"),
    "case-waived": Text("bắt đầu tạm dừng nhắc", "paused from here on"),
    "case-unwaived": Text("hết tạm dừng nhắc", "the pause is over"),
    "promise-broken": Text("đã qua ngày hẹn, chưa xong", "the promised day has passed"),
    "climbed-unconfirmed": Text("đã báo gửi, chưa xác nhận, vẫn đôn đốc", "declared, not confirmed, goes on"),
    "climbed-unassigned": Text(
        "đã báo không thuộc trách nhiệm, chưa quyết định, vẫn đôn đốc",
        "said not to be its own, undecided, goes on",
    ),
}


def headline(open_cases: int, overdue: int, tasks: int) -> Text:
    """The first line of a page: `04 hồ sơ đang mở, 12/85 việc quá hạn`."""
    cases = counted(open_cases, "hồ sơ đang mở", "open case")
    if not tasks:
        return cases
    return Text.format(
        "{cases}, {overdue} việc quá hạn",
        "{cases}, {overdue} tasks overdue",
        cases=cases,
        overdue=part_of(overdue, tasks),
    )


def moved(before: int | None, now: int, month: date) -> Text:
    """How the open cases moved since the end of a month; empty where nobody counted them then."""
    if before is None:
        return NO_TEXT
    since = Text(f"cuối tháng {month:%m/%Y}", f"the end of {month:%m/%Y}")
    if before == now:
        return Text.format("Bằng {since}.", "As many as at {since}.", since=since)
    more = now > before
    return Text.format(
        "{way} {by} hồ sơ so với {since}.",
        "{by} {way} than at {since}.",
        way=Text("Tăng" if more else "Giảm", "more" if more else "fewer"),
        by=number(abs(now - before)),
        since=since,
    )


def share(units: Text, part: int, whole: int) -> Text:
    """Which units have most of what is open."""
    return Text.format(
        "Nhiều nhất: {units}, {part} hồ sơ.",
        "Most of them: {units}, {part} cases.",
        units=units,
        part=part_of(part, whole),
    )


def as_of(night: date, until: date) -> Text:
    """What the pages know: everything recorded before 02:00 of their night."""
    return Text.format(
        "Đêm {night}: số liệu ghi nhận đến hết ngày {until}",
        "Night of {night}: what was recorded until {until}",
        night=day(night),
        until=day(until),
    )


def months(first: date, last: date, night: date) -> Text:
    """The caption of the table of months."""
    return Text.format(
        "Số hồ sơ đang mở vào cuối mỗi tháng, {first} – {last}; tháng cuối tính đến đêm {night}.",
        "Cases open at the end of each month, {first} – {last}; the last month up to the night of {night}.",
        first=f"{first:%m/%Y}",
        last=f"{last:%m/%Y}",
        night=day(night),
    )


def open_since(breach: date) -> Text:
    """The badge of a case without a limit."""
    return Text.format("từ ngày {day}", "since {day}", day=day(breach))


def step_of(reached: int, steps: int) -> Text:
    """`bước 2/4`; `báo lặp lại lần 1` behind the last step."""
    if reached > steps:
        return Text.format("báo lặp lại lần {n}", "repeat no. {n}", n=number(reached - steps))
    return Text(f"bước {reached}/{steps}", f"step {reached} of {steps}")


def rung(at: int, due: date | None) -> Text:
    """When a step falls due."""
    after = counted(at, "ngày làm việc", "working day")
    said = Text("ngay khi quá hạn", "as soon as overdue")
    if at:
        said = Text.format("sau {days}", "after {days}", days=after)
    return (
        said
        if due is None
        else Text.format("{said}: đêm {due}", "{said}: night of {due}", said=said, due=day(due))
    )


def repeats(when: tuple[date, ...]) -> Text:
    """The nights of the repeats; without any where no calendar has them."""
    said = Text("Báo lặp lại", "Repeats")
    return Text.format("{said}: {days}", said=said, days=Text.join(", ", days(when))) if when else said


def repeated(done: int) -> Text:
    """How many of the repeats there have been."""
    return Text.format("đã báo {n}", "{n} so far", n=counted(done, "lần", "time"))


def event(kind: str, step: str, steps: int, outcome: Outcome | None) -> Text:
    """What a night logged of a case, as a line of its timeline; behind the last of `steps` it only repeats."""
    if kind == "case-climbed" and int(step) > steps:
        said = step_of(int(step), steps)
        return Text(capital(said.vi), capital(said.en))
    if kind == "case-climbed":
        return Text(f"Lên bước {step}", f"Climbed to step {step}")
    if kind == "step-empty":
        return Text(f"Bước {step} không có cơ quan nào để báo", f"Step {step} reaches nobody")
    if kind == "case-closed":
        why = OUTCOMES[outcome] if outcome is not None else NO_TEXT
        return Text.format("Đóng hồ sơ: {why}", "Closed: {why}", why=why)
    said = _EVENTS[kind]
    return Text(capital(said.vi), capital(said.en))


def letter(to: Text, section: Text, step: int, steps: int, state: Text) -> Text:
    """A letter of a case, as a line of its timeline; `state` is empty for one that was delivered."""
    at = NO_TEXT
    if step:
        which = Text(f"bước {step}", f"step {step}") if step <= steps else step_of(step, steps)
        at = Text.format(", {which}", ", {which}", which=which)
    return Text.format(
        "Thư tới {to}: {section}{at}{state}",
        "Letter to {to}: {section}{at}{state}",
        to=to,
        section=Text(section.vi.lower(), section.en.lower()),
        at=at,
        state=_state(state),
    )


def reminder(to: Text, state: Text) -> Text:
    """A letter that came before the case."""
    return Text.format("Nhắc trước hạn tới {to}{state}", "Reminder to {to}{state}", to=to, state=_state(state))


def _state(state: Text) -> Text:
    return Text.format("; thư {state}", "; {state}", state=state) if state.vi else NO_TEXT


def closed_on(when: date, outcome: Outcome | None) -> Text:
    """What stands beside a closed case."""
    why = OUTCOMES[outcome] if outcome is not None else NO_TEXT
    return Text.format("đóng ngày {day}: {why}", "closed on {day}: {why}", day=day(when), why=why)


def first_of(shown: int, all_: int) -> Text:
    """Why a list ends before its end."""
    return Text.format(
        "{shown} hồ sơ đầu; các hồ sơ còn lại ở trang của từng đơn vị và trong tệp tải về.",
        "The first {shown} cases; the others stand on the pages of their units and in the files.",
        shown=part_of(shown, all_),
    )


def in_force(first: date, last: date | None) -> Text:
    """From when until when a directive binds."""
    if last is None:
        return Text(f"từ ngày {day(first)}", f"from {day(first)}")
    return Text(f"{day(first)} – {day(last)}", f"{day(first)} – {day(last)}")


def taken_back(said: Text) -> Text:
    """An answer that its office has taken back since."""
    return Text.format("{said} (đã rút lại)", "{said} (taken back)", said=said)
