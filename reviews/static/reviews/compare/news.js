// What others did meanwhile: asked for while the page is in sight, and when it comes back into it.
import { isDragging } from "./drag.js";
import { show } from "./live.js";
import { ask } from "./server.js";
import { isBusy, keepFocus } from "./steps.js";
import { isWaiting, tell } from "./telling.js";

const EVERY_MS = 8000;
let timer;
let asking = false;

export function start() {
  timer = setTimeout(look, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  // After the back button the page may be as old as it likes.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) look();
  });
}

export async function look() {
  clearTimeout(timer);
  timer = setTimeout(look, EVERY_MS);
  if (document.visibilityState !== "visible" || asking || isBusy() || isDragging()) return;
  const { base, version, state } = document.getElementById("compare").dataset;
  asking = true;
  const { status, answer } = await ask(`${base}compare/?${new URLSearchParams({ since: version, state })}`);
  asking = false;
  const isOld = document.getElementById("compare").dataset.version !== version || isBusy() || isDragging();
  if (status !== 200 || isOld) return; // the next look will tell
  if (answer.location) {
    window.location.assign(answer.location);
    return;
  }
  const focused = keepFocus();
  show(answer);
  focused();
  const message = answer.news.length ? `${answer.news.join("; ")}.` : "The question changed.";
  if (!isWaiting()) tell(message, { isProblem: false });
}
