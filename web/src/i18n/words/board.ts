export const en = {
  board: {
    title: "Board",
    empty: "No tickets yet. Say what is to be done in a meeting, or add one.",
    add: "Add a ticket",
    move: "Move to…",
    blocked: "Blocked",
    due: "Due {{day}}",
    overdue: "Overdue since {{day}}",
    unassigned: "Nobody yet",
    suggested: "Suggested",
    accept: "Accept",
    reject: "Reject",
    undo: "Undo",
    undone: "Taken back",
    moved: "{{key}} moved to {{status}}",
    history: "History",
  },
};

export const ko: typeof en = {
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
};
