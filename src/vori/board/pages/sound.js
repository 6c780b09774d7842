// Sound out: the seconds that prove a line.
import { el } from "./dom.js";
import { clock, words } from "./words.js";

let playing = null;

export function playButton(meetingId, said) {
  const button = el(
    "button",
    { class: "play", type: "button", title: words.play, onclick: () => toggle(button, meetingId, said) },
    clock(said.start_ms),
  );
  return button;
}

function toggle(button, meetingId, said) {
  const mine = playing?.button === button;
  if (playing) {
    playing.sound.pause();
    playing.button.classList.remove("playing");
    playing = null;
  }
  if (mine) return;
  const query = new URLSearchParams({ from_ms: said.start_ms, to_ms: said.end_ms });
  const sound = new Audio(`/api/meetings/${meetingId}/audio?${query}`);
  const stop = () => {
    button.classList.remove("playing");
    if (playing?.sound === sound) playing = null;
  };
  sound.onended = stop;
  sound.onerror = stop;
  playing = { button, sound };
  button.classList.add("playing");
  sound.play().catch(stop);
}
