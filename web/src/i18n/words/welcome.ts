import { learn } from "@/i18n";

export const en = {
  welcome: {
    title: "Welcome to VORI",
    told: "VORI listens to a meeting and writes its words, tickets and minutes while you talk.",
    name: "Your name",
    nameHelp: "It stands beside what you say. Empty if several people share this microphone.",
    ready: "What is ready",
    sample: "Try the sample meeting",
    sampleHelp: "Three recorded voices plan their week for a minute; you watch. Its tickets go on your board.",
    start: "Start a meeting",
    skip: "Not now",
  },
  parts: {
    keeping: "Recording and storage",
    live: "Live pages",
    words: "Words",
    tickets: "Tickets",
    minutes: "Minutes",
    is: { ok: "ready", starting: "not ready yet", off: "off", failed: "not working" },
    why: {
      keeping: "Its process is starting.",
      live: "Its connection is being made.",
      words: "The speech model is being loaded, or its process ended: VORI's log says which. Sound is kept meanwhile.",
      tickets: "Its process is starting, or it ended: VORI's log says which.",
      minutes: "Its process is starting, or it ended: VORI's log says which.",
    },
    starting: "Not ready yet: {{what}}. What is said now is kept and comes later.",
    failed: "Not working: {{what}}. VORI's log says why; `vori doctor` checks each part.",
  },
};

export const ko: typeof en = {
  welcome: {
    title: "VORI에 오신 걸 환영해요",
    told: "VORI는 회의를 들으며 말과 티켓과 회의록을 그 자리에서 적어요.",
    name: "이름",
    nameHelp: "내가 한 말 옆에 적혀요. 여러 사람이 한 마이크를 쓰면 비워 두세요.",
    ready: "준비 상태",
    sample: "예시 회의 보기",
    sampleHelp: "녹음된 세 목소리가 1분 동안 한 주를 계획해요. 보고만 있으면 돼요. 그 티켓들이 보드에 올라가요.",
    start: "회의 시작",
    skip: "나중에 하기",
  },
  parts: {
    keeping: "녹음과 저장",
    live: "실시간 화면",
    words: "받아쓰기",
    tickets: "티켓",
    minutes: "회의록",
    is: { ok: "준비됐어요", starting: "아직 준비 중이에요", off: "꺼져 있어요", failed: "작동하지 않아요" },
    why: {
      keeping: "프로세스가 시작되고 있어요.",
      live: "연결하고 있어요.",
      words: "음성 모델을 불러오는 중이거나 프로세스가 끝났어요. VORI의 로그에 나와요. 그동안의 소리는 담아 둬요.",
      tickets: "프로세스가 시작되는 중이거나 끝났어요. VORI의 로그에 나와요.",
      minutes: "프로세스가 시작되는 중이거나 끝났어요. VORI의 로그에 나와요.",
    },
    starting: "아직 준비 중이에요: {{what}}. 지금 하는 말은 담아 두었다가 나중에 보여 드려요.",
    failed: "작동하지 않아요: {{what}}. 이유는 VORI의 로그에 있고, `vori doctor`가 하나씩 확인해 줘요.",
  },
};

learn({ en, ko });
