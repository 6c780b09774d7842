import { learn } from "@/i18n";

export const en = {
  search: {
    label: "Search",
    hint: "Search, or say what to do",
    found: "Found",
    commands: "Do",
    recent: "Opened lately",
    none: "Nothing has these words. Fewer or shorter words find more.",
    searching: "Searching…",
    go: "Go to {{place}}",
    start: "Start a meeting",
    newTicket: "Add a ticket",
    theme: "Appearance: {{theme}}",
    language: "Language: {{language}}",
    shortcuts: "Show the keyboard's shortcuts",
    meeting: "Meeting",
    ticket: "Ticket",
    said: "Said",
    minutes: "Minutes",
  },
  keys: {
    title: "Keyboard shortcuts",
    palette: "Search and commands",
    find: "Search",
    card: "Change the card that is chosen",
    help: "This sheet",
    off: "They are silent while you type, and can be switched off in the settings.",
  },
};

export const ko: typeof en = {
  search: {
    label: "검색",
    hint: "검색하거나 할 일을 적어 보세요",
    found: "찾은 것",
    commands: "하기",
    recent: "최근에 연 것",
    none: "이 말이 모두 들어간 것이 없어요. 더 짧게 찾아보세요.",
    searching: "찾고 있어요…",
    go: "{{place}}(으)로 가기",
    start: "회의 시작하기",
    newTicket: "티켓 추가",
    theme: "화면: {{theme}}",
    language: "언어: {{language}}",
    shortcuts: "단축키 보기",
    meeting: "회의",
    ticket: "티켓",
    said: "발언",
    minutes: "회의록",
  },
  keys: {
    title: "단축키",
    palette: "검색과 명령",
    find: "검색",
    card: "고른 카드 바로 고치기",
    help: "이 안내",
    off: "글을 쓰는 동안에는 쉬어요. 설정에서 끌 수 있어요.",
  },
};

learn({ en, ko });
