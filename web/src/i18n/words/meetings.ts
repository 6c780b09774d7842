export const en = {
  meetings: {
    title: "Meetings",
    start: "Start a meeting",
    untitled: "Meeting",
    live: "Live",
    ended: "Ended",
    rehearsal: "Rehearsal",
    empty: "VORI listens to a meeting and writes its words, tickets and minutes while you talk.",
    search: "Find a meeting",
    none: "No meeting is called that.",
    upload: "Upload a recording",
  },
};

export const ko: typeof en = {
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
};
