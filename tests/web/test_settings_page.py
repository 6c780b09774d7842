"""Settings by keyboard, in both languages: members, the microphone, how long sound is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Launch, at, clip

from stack import Stack
from staged import staged
from vori.database.connection import APP_ROLE, as_role
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.flow


class Words(NamedTuple):
    members: str
    name: str
    also: str
    add: str
    change: str
    remove: str
    save: str
    cancel: str


WORDS = {
    "en": Words(
        "Members", "Name", "Other names, with commas between", "Add", "Change {}", "Remove {}", "Save", "Cancel"
    ),
    "ko": Words("구성원", "이름", "다른 이름, 쉼표로 구분", "추가", "{} 바꾸기", "{} 빼기", "저장", "취소"),
}


def written(page: Page, field: Locator, text: str) -> None:
    """Type into a field as one does who has no mouse."""
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_members_are_added_changed_and_removed_by_keyboard(stack: Stack, launch: Launch, language: str) -> None:
    words, name = WORDS[language], {"en": "Robin Hall", "ko": "박준호"}[language]
    with at(launch(), stack.url, language=language) as page, stack.client() as client:
        page.goto("/settings/")
        part = page.get_by_role("region", name=words.members, exact=True)
        field = part.get_by_label(words.name, exact=True)
        written(page, field, name)
        written(page, part.get_by_label(words.also), "Rob, 제이")
        page.keyboard.press("Enter")
        row = part.get_by_role("listitem").filter(has_text=name)
        expect(row).to_contain_text("Rob, 제이")
        expect(field).to_be_focused()
        expect(field).to_have_value("")

        written(page, field, "rob")
        page.keyboard.press("Enter")
        expect(part.get_by_role("alert")).to_contain_text(f"'rob' is a name of '{name}' already.")
        expect(field).to_have_value("rob")

        row.get_by_role("button", name=words.change.format(name)).press("Enter")
        panel = page.get_by_role("dialog")
        written(page, panel.get_by_label(words.also), "Jay")
        page.keyboard.press("Enter")
        expect(panel).to_have_count(0)
        expect(row).to_contain_text("Jay")
        expect(row.get_by_role("button", name=words.change.format(name))).to_be_focused()
        assert [(one["name"], one["also"]) for one in client.get("/api/members").json()] == [(name, ["Jay"])]

        page.goto("/board/")
        stack.ask("POST", "/api/tickets", json={"title": f"Mow {language}"})
        page.get_by_role("button", name=f"Mow {language}").first.press("Enter")
        expect(page.get_by_role("dialog").locator(f"datalist#people option[value='{name}']")).to_have_count(1)

        page.goto("/settings/")
        remove = row.get_by_role("button", name=words.remove.format(name))
        remove.press("Enter")
        panel.get_by_role("button", name=words.cancel).press("Enter")
        expect(remove).to_be_focused()
        remove.press("Enter")
        panel.get_by_role("button", name=words.remove.format("").strip(), exact=True).press("Enter")
        expect(row).to_have_count(0)
        expect(field).to_be_focused()
        assert client.get("/api/members").json() == []


DEVICES = {
    "en": (
        "Devices",
        "Microphone",
        "Test the microphone",
        "Stop the test",
        "How loud it is",
        "allow it",
        "can hear you",
    ),
    "ko": ("장치", "마이크", "마이크 시험하기", "시험 끝내기", "소리 크기", "허용해 주세요", "잘 들려요"),
}


UNNAMED = """
const devices = navigator.mediaDevices, all = devices.enumerateDevices.bind(devices);
const open = devices.getUserMedia.bind(devices);
let allowed = false;
devices.getUserMedia = (asked) => open(asked).then((media) => ((allowed = true), media));
devices.enumerateDevices = async () => allowed ? all() : [{ kind: "audioinput", deviceId: "", label: "" }];
"""
"""A browser tells no names before a microphone was allowed; this one, told to allow all, would."""
REFUSED = """() => {
  navigator.mediaDevices.getUserMedia = (asked) => {
    window.asked = asked;
    return Promise.reject(new DOMException("no", "NotAllowedError"));
  };
}"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_microphone_that_meetings_begin_with_is_tried_and_chosen(
    stack: Stack, launch: Launch, language: str
) -> None:
    devices, microphone, test, stop, level, allow, heard = DEVICES[language]
    with at(launch(clip("en-maya")), stack.url, language=language) as page:
        page.add_init_script(UNNAMED)
        page.goto("/settings/")
        part = page.get_by_role("region", name=devices)
        choice = part.get_by_role("combobox", name=microphone)
        expect(choice.get_by_role("option")).to_have_count(1)
        expect(part).to_contain_text(allow)
        part.get_by_role("button", name=test).press("Enter")
        expect(part.get_by_role("meter", name=level)).to_be_visible()
        expect(part).to_contain_text(heard, timeout=60_000)
        expect(part).not_to_contain_text(allow)
        names = choice.get_by_role("option").all_inner_texts()
        assert len(names) > 2, names
        choice.select_option(names[-1])
        part.get_by_role("button", name=stop).press("Enter")
        page.reload()
        expect(part).to_be_visible()
        kept = page.evaluate("localStorage.getItem('vori.microphone')")

        page.evaluate(REFUSED)
        part.get_by_role("button", name=test).press("Enter")
        expect(part.get_by_role("alert")).to_be_visible()
        assert page.evaluate("window.asked.audio.deviceId") == {"exact": kept}


RETENTION = {
    "en": (
        "Keeping sound",
        "Save",
        "Cancel",
        "Delete what is older",
        "One meeting is that old now.",
        "Play from",
        "The sound of this meeting was deleted by the retention setting.",
    ),
    "ko": (
        "소리 보관",
        "저장",
        "취소",
        "오래된 소리 지우기",
        "지금은 회의 1개가 해당돼요.",
        "지점부터 듣기",
        "이 회의의 소리는 보관 설정에 따라 지워졌어요.",
    ),
}


@pytest.fixture
def aged(request: pytest.FixtureRequest) -> Iterator[tuple[Stack, str]]:
    """A VORI of its own, and a meeting in it that ended three days ago."""
    with Stack() as stack:
        with staged(stack.url, stack.key, request.getfixturevalue("language")) as stage:
            pass
        with psycopg.connect(as_role(stack.database_url, APP_ROLE)) as database:
            database.execute("select set_config('vori.workspace', %s, true)", (str(LOCAL_WORKSPACE),))
            database.execute(
                "update meeting set ended_at = now() - interval '3 days' where meeting_id = %s", (stage.ended,)
            )
        yield stack, stage.ended


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_shorter_time_to_keep_sound_is_asked_about_and_clips_say_what_became_of_it(
    aged: tuple[Stack, str], launch: Launch, language: str
) -> None:
    stack, meeting = aged
    title, save, cancel, yes, concerns, play, deleted = RETENTION[language]
    files = stack.home / "archive" / meeting
    with at(launch(), stack.url, language=language) as page:
        page.goto("/settings/")
        part = page.get_by_role("region", name=title)
        days = part.get_by_role("spinbutton")
        expect(days).to_have_value("")
        written(page, days, "2")
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog")
        expect(panel).to_contain_text(concerns)
        panel.get_by_role("button", name=cancel).press("Enter")
        assert stack.ask("GET", "/api/settings/retention").json() == {"keep_days": None}, "nothing was decided"
        part.get_by_role("button", name=save).press("Enter")
        panel.get_by_role("button", name=yes).press("Enter")
        expect(panel).to_have_count(0)
        assert stack.ask("GET", "/api/settings/retention").json() == {"keep_days": 2}
        written(page, days, "9")
        page.keyboard.press("Enter")  # more is no question
        expect(part.get_by_role("button", name=save)).to_be_disabled()
        assert stack.ask("GET", "/api/settings/retention").json() == {"keep_days": 9}
        stack.ask("PUT", "/api/settings/retention", json={"keep_days": 2})

        assert any(files.rglob("*.flac"))
        stack.stop()
        stack.start()  # it looks when it begins, then once an hour
        page.goto(f"/minutes/?id={meeting}")
        clip = page.get_by_role("button", name=re.compile(play)).first
        expect(clip).to_be_visible()
        while files.exists():
            page.wait_for_timeout(100)
        clip.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=deleted)).to_be_visible()
        page.goto(f"/meeting/?id={meeting}")
        page.get_by_role("button", name=re.compile(play)).first.press("Enter")
        expect(page.get_by_text(deleted).first).to_be_visible()
