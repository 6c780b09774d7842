import type en from "./en";

const ko: typeof en = {
  app: {
    name: "VORI",
    skip: "본문으로 건너뛰기",
    menu: "메뉴",
    close: "닫기",
    reconnecting: "연결이 끊겼어요. 다시 잇고 있어요…",
  },
  nav: { meetings: "회의", board: "보드", tickets: "티켓", dashboard: "대시보드", settings: "설정" },
  theme: { label: "화면", system: "시스템 설정에 맞춤", light: "밝게", dark: "어둡게" },
  language: { label: "언어", ko: "한국어", en: "English" },
  status: { TODO: "할 일", IN_PROGRESS: "진행 중", DONE: "완료" },
  meetings: {
    title: "회의",
    start: "회의 시작",
    untitled: "회의",
    live: "진행 중",
    ended: "끝남",
    rehearsal: "연습",
    empty: "VORI는 회의를 들으며 말과 티켓과 회의록을 그 자리에서 적어요.",
    search: "회의 찾기",
    none: "그런 이름의 회의가 없어요.",
    upload: "녹음 파일 올리기",
  },
  board: {
    title: "보드",
    empty: "아직 티켓이 없어요. 회의에서 할 일을 말하거나 직접 추가해 보세요.",
    add: "티켓 추가",
    move: "옮기기…",
    blocked: "막힘",
    due: "{{day}}까지",
    overdue: "{{day}}부터 늦어짐",
    unassigned: "담당자 없음",
    suggested: "제안",
    accept: "수락",
    reject: "거절",
    undo: "되돌리기",
    undone: "되돌렸어요",
    moved: "{{key}}을(를) {{status}}(으)로 옮겼어요",
    history: "기록",
  },
  clip: { play: "{{at}}부터 듣기" },
  errors: { unreachable: "VORI에 연결할 수 없어요. 실행 중인가요? `make up`으로 시작하세요.", again: "다시 시도" },
};

export default ko;
