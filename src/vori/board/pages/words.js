// What the page says, in the reader's language.
const ENGLISH = {
  lang: "en",
  start: "Start a meeting",
  end: "End the meeting",
  speak: "Use my microphone",
  hush: "Stop my microphone",
  meetings: "Meetings",
  board: "Board",
  transcript: "Transcript",
  tickets: "Tickets",
  minutes: "Minutes",
  empty: "Nothing has been said to VORI yet. Start a meeting here, or run `vori demo` to watch a short one.",
  emptyMeeting: "Words appear here as they are said. Turn on the microphone, or stream a recording with `vori listen`.",
  emptyMinutes: "The minutes follow when the meeting has ended and its last words are transcribed.",
  TODO: "To do",
  IN_PROGRESS: "In progress",
  DONE: "Done",
  due: "due",
  live: "live",
  ended: "ended",
  rehearsal: "rehearsal: its words come from a script",
  listening: (who) => `Listening to ${who}`,
  noSignal: "No sound is arriving",
  waiting: "Waiting for sound",
  behind: (seconds) => `words come ${seconds} s late`,
  queued: "all recognisers are busy; the words follow, the recording goes on",
  writing: "Ended. The last words are being transcribed.",
  unnamed: "Unnamed",
  voice: (number) => `Speaker ${number}`,
  reconnecting: "The connection to VORI was lost. Trying again…",
  noMicrophone: "The microphone can't be used. Allow it in the browser, or plug one in, and try again.",
  failed: "That didn't work.",
  summary: "Summary",
  participants: "Participants",
  decisions: "Decisions",
  undecided: "No decision was heard.",
  untouched: "No ticket was made or changed.",
  silent: "No speech was heard in this meeting.",
  nothingCaptured: "No sound of this meeting reached VORI.",
  uncaptured: (seconds) => `${seconds} s of sound never reached VORI. What was said then is missing here.`,
  unheard: "{seconds} s of speech could not be put into words: recognition failed. The recording has them.",
  created: "new",
  moved: "moved",
  changed: "changed",
  play: "Play",
  download: "As Markdown",
};

const KOREAN = {
  lang: "ko",
  start: "회의 시작",
  end: "회의 끝내기",
  speak: "마이크 켜기",
  hush: "마이크 끄기",
  meetings: "회의",
  board: "보드",
  transcript: "대화",
  tickets: "티켓",
  minutes: "회의록",
  empty: "아직 VORI가 들은 회의가 없어요. 여기서 회의를 시작하거나 `vori demo`로 짧은 회의를 구경해 보세요.",
  emptyMeeting: "말하는 대로 여기에 적혀요. 마이크를 켜거나 `vori listen`으로 녹음을 들려주세요.",
  emptyMinutes: "회의가 끝나고 마지막 말까지 받아 적으면 회의록이 나와요.",
  TODO: "할 일",
  IN_PROGRESS: "진행 중",
  DONE: "완료",
  due: "기한",
  live: "진행 중",
  ended: "끝남",
  rehearsal: "연습: 말이 대본에서 왔어요",
  listening: (who) => `${who} 듣는 중이에요`,
  noSignal: "소리가 들어오지 않아요",
  waiting: "소리를 기다리고 있어요",
  behind: (seconds) => `글이 ${seconds}초 늦게 나오고 있어요`,
  queued: "인식기가 모두 바빠요. 녹음은 계속되고 글은 나중에 나와요",
  writing: "끝났어요. 마지막 말을 받아 적고 있어요.",
  unnamed: "이름 모름",
  voice: (number) => `말하는 사람 ${number}`,
  reconnecting: "VORI와 연결이 끊겼어요. 다시 잇는 중이에요…",
  noMicrophone: "마이크를 쓸 수 없어요. 브라우저에서 허용하거나 마이크를 꽂고 다시 해 보세요.",
  failed: "잘 되지 않았어요.",
  summary: "요약",
  participants: "참석자",
  decisions: "결정 사항",
  undecided: "들린 결정이 없어요.",
  untouched: "생기거나 바뀐 티켓이 없어요.",
  silent: "이 회의에서는 들린 말이 없어요.",
  nothingCaptured: "이 회의의 소리는 VORI에 오지 않았어요.",
  uncaptured: (seconds) => `소리 ${seconds}초가 VORI에 오지 않았어요. 그때 한 말은 여기에 없어요.`,
  unheard: "말 {seconds}초는 인식에 실패해서 글로 옮기지 못했어요. 녹음에는 남아 있어요.",
  created: "새 티켓",
  moved: "옮김",
  changed: "바뀜",
  play: "듣기",
  download: "마크다운으로",
};

export const words = (navigator.language || "en").toLowerCase().startsWith("ko") ? KOREAN : ENGLISH;

export const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

export const day = (text) =>
  new Date(`${text}T00:00:00`).toLocaleDateString(words.lang, { month: "short", day: "numeric", weekday: "short" });

export const moment = (text) =>
  new Date(text).toLocaleString(words.lang, { dateStyle: "medium", timeStyle: "short" });
