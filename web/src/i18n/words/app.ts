export const en = {
  app: {
    name: "VORI",
    skip: "Skip to the content",
    menu: "Menu",
    close: "Close",
    news: "News",
    reconnecting: "The connection broke; trying again. What you see is from before.",
  },
  nav: { meetings: "Meetings", board: "Board", tickets: "Tickets", dashboard: "Dashboard", settings: "Settings" },
  bell: { label: "Notifications", unread: "{{count}} unread" },
  theme: { label: "Appearance", system: "As the system", light: "Light", dark: "Dark" },
  language: { label: "Language", ko: "한국어", en: "English" },
  status: { TODO: "To do", IN_PROGRESS: "In progress", DONE: "Done" },
  errors: {
    nowhere: "There is no such page.",
    unreachable: "VORI can't be reached. Is it running? Start it with `make up`.",
    stale: "Somebody else changed it meanwhile. Look at it as it is now, then do it again if you still want to.",
    again: "Try again",
    broken: "This page could not be shown.",
    brokenHow: "Nothing that was recorded is lost. If trying again doesn't help, reload the page.",
  },
  door: {
    title: "Open VORI by your link",
    told: "This VORI belongs to one person, and this browser hasn't shown their key yet.",
    how: "In a terminal on VORI's machine, this prints your link. Open it once in this browser.",
  },
  clip: {
    play: "Play from {{at}}",
    none: "There is no sound here.",
    deleted:
      "The sound of this meeting was deleted by the retention setting. Transcript, tickets and minutes are still there.",
  },
};

export const ko: typeof en = {
  app: {
    name: "VORI",
    skip: "본문으로 건너뛰기",
    menu: "메뉴",
    close: "닫기",
    news: "새 소식",
    reconnecting: "연결이 끊겨 다시 잇고 있어요. 지금 보이는 것은 끊기기 전 내용이에요.",
  },
  nav: { meetings: "회의", board: "보드", tickets: "티켓", dashboard: "대시보드", settings: "설정" },
  bell: { label: "알림", unread: "안 읽음 {{count}}개" },
  theme: { label: "화면", system: "시스템 설정에 맞춤", light: "밝게", dark: "어둡게" },
  language: { label: "언어", ko: "한국어", en: "English" },
  status: { TODO: "할 일", IN_PROGRESS: "진행 중", DONE: "완료" },
  errors: {
    nowhere: "그런 페이지가 없어요.",
    unreachable: "VORI에 연결할 수 없어요. 실행 중인가요? `make up`으로 시작하세요.",
    stale: "그사이 다른 사람이 바꿨어요. 지금은 어떤지 보고, 그래도 필요하면 다시 해 주세요.",
    again: "다시 시도",
    broken: "이 페이지를 보여 드리지 못했어요.",
    brokenHow: "기록된 것은 그대로 있어요. 다시 시도해도 안 되면 페이지를 새로고침해 주세요.",
  },
  door: {
    title: "내 링크로 VORI를 열어 주세요",
    told: "이 VORI에는 주인이 있는데, 이 브라우저에서 아직 열쇠를 확인하지 못했어요.",
    how: "VORI가 도는 컴퓨터의 터미널에서 이 명령을 치면 내 링크가 나와요. 이 브라우저에서 한 번 열어 주세요.",
  },
  clip: {
    play: "{{at}} 지점부터 듣기",
    none: "여기에는 소리가 없어요.",
    deleted: "이 회의의 소리는 보관 설정에 따라 지워졌어요. 받아쓴 말과 티켓, 회의록은 그대로 있어요.",
  },
};
