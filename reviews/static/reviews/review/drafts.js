// A draft is kept as one types: shortly after, when a field is left, and when the page goes out of sight.
import { ask } from "../compare/server.js";

const WAIT_MS = 700;
const AGAIN_MS = 5000;
const form = () => document.getElementById("assess");
let changes = 0;
let kept = 0;
let running = null;
let isPaused = false;
let timer;

export function start() {
  document.addEventListener("input", ({ target }) => {
    if (target.closest("#assess") && target.type !== "file") touched();
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target.closest?.("#assess") && changes > kept) keep();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changes > kept) keep({ keepalive: true });
  });
}

export function touched() {
  changes += 1;
  later(WAIT_MS);
}

// Whether leaving the page would lose something.
export const isKept = () => !form() || changes === kept;

// No draft is kept from now on: what is submitted is not overtaken by one. Resolves when none is under way.
export async function pause() {
  isPaused = true;
  await running;
}

export function resume({ isSent = false } = {}) {
  isPaused = false;
  if (isSent) kept = changes;
  else if (changes > kept) later(WAIT_MS);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

function say(words) {
  const place = form()?.querySelector("[data-saved]");
  if (place) place.textContent = words;
}

async function keep(options = {}) {
  clearTimeout(timer);
  if (isPaused || !form()?.dataset.draft) return;
  if (running) {
    await running;
    if (changes > kept) later(WAIT_MS);
    return;
  }
  running = send(options);
  await running;
  running = null;
}

async function send(options) {
  const asOf = changes;
  const body = new FormData(form());
  body.delete("file");
  const { status, answer } = await ask(form().dataset.draft, body, options);
  if (!form()) return;
  if (status === 200) {
    kept = asOf;
    form().elements.namedItem("seen_saves").value = answer.saves;
    say(`saved ${answer.saved_at}`);
  } else if (status === 409) {
    kept = asOf; // asking again would be refused again
    say("not saved");
    conflict(answer);
  } else if (status === 0 || status >= 500) {
    say("not saved: the server could not be reached, trying again");
    later(AGAIN_MS);
  } else {
    say(`not saved: ${answer.message}`);
  }
}

// Another tab, or another device, saved meanwhile: the person says which of the two holds.
function conflict(answer) {
  const box = form().querySelector("[data-problem]");
  const words = document.createElement("p");
  words.textContent = answer.message;
  const here = document.createElement("button");
  here.type = "button";
  here.className = "button";
  here.textContent = "Keep what is here";
  here.addEventListener("click", () => {
    form().elements.namedItem("seen_saves").value = answer.saves;
    box.hidden = true;
    changes += 1;
    keep();
  });
  const there = document.createElement("button");
  there.type = "button";
  there.className = "button cc-plain";
  there.textContent = "Load what was saved there";
  there.addEventListener("click", () => {
    kept = changes;
    window.location.reload();
  });
  const row = document.createElement("div");
  row.className = "cc-row";
  row.append(here, there);
  box.replaceChildren(words, row);
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}
