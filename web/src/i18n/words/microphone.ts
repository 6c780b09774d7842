import { learn } from "@/i18n";

export const en = {
  microphone: {
    name: "Microphone",
    usual: "The one the browser takes",
    test: "Test the microphone",
    stop: "Stop the test",
    level: "How loud it is",
    heard: "VORI can hear you.",
    silent: "Say something. If the bar stays empty, choose another microphone.",
    before: "Press “Test the microphone” and allow it when the browser asks. Then its microphones can be chosen here.",
    here: "Nothing is recorded, and nothing leaves this browser.",
    denied: "The browser doesn't allow the microphone. Allow it beside the address, then try again.",
    missing: "There is no microphone. Plug one in, then try again.",
    other: "The microphone doesn't work: {{why}}",
  },
};

export const ko: typeof en = {
  microphone: {
    name: "마이크",
    usual: "브라우저가 고른 마이크",
    test: "마이크 시험하기",
    stop: "시험 끝내기",
    level: "소리 크기",
    heard: "잘 들려요.",
    silent: "아무 말이나 해 보세요. 막대가 움직이지 않으면 다른 마이크를 골라 주세요.",
    before: "‘마이크 시험하기’를 누르고 브라우저가 물으면 허용해 주세요. 그러면 여기서 마이크를 고를 수 있어요.",
    here: "녹음하지 않고, 소리는 이 브라우저 밖으로 나가지 않아요.",
    denied: "브라우저가 마이크를 막고 있어요. 주소창 옆에서 허용한 뒤 다시 눌러 주세요.",
    missing: "마이크가 없어요. 연결한 뒤 다시 눌러 주세요.",
    other: "마이크가 작동하지 않아요: {{why}}",
  },
};

learn({ en, ko });
