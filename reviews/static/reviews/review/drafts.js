// A draft is kept as one types: shortly after, when a field is left, and when the page goes out of sight.
import { ask } from "../compare/server.js";
import { entries, forget, remember, save, sendAgain } from "./leaving.js";

const WAIT_MS = 700;
const AGAIN_MS = 5000;
const form = () => document.getElementById("assess");
let changes = 0;
let kept = 0;
let running = null;
let underWay = null; // what it sends
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
    if (document.visibilityState === "hidden") leave();
  });
  window.addEventListener("pagehide", leave);
}

function leave() {
  if (changes === kept || isPaused || !form()?.dataset.draft) return;
  remember(form().dataset, [...(underWay ? [underWay] : []), entries(new FormData(form()))]);
  keep({ keepalive: true });
}

// Sends what was typed when this page was last left, if it may not have arrived. Resolves to whether the server has
// something else than the page shows. Until then nobody types in between.
export async function restore() {
  if (!form()?.dataset.draft) return false;
  const shown = form().elements.namedItem("seen_saves").value;
  form().inert = true;
  const said = await sendAgain(form().dataset);
  form().inert = false;
  if (said === null) return false;
  if (said.status === 409) return differs(said);
  if (said.status !== 200) say(`what you typed last is not saved yet: ${said.answer.message} Reload the page later.`);
  return said.status === 200 && String(said.answer.saves) !== shown;
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
  if (isSent) {
    kept = changes;
    forget();
  } else if (changes > kept) later(WAIT_MS);
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
  underWay = entries(body);
  const { status, answer } = await ask(form().dataset.draft, body, options);
  underWay = null;
  if (!form()) return;
  if (status === 200) {
    kept = asOf;
    if (changes === kept) forget();
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
  forget();
  choose(answer.message, {
    "Keep what is here": () => {
      form().elements.namedItem("seen_saves").value = answer.saves;
      changes += 1;
      keep();
    },
    "Load what was saved there": () => {
      kept = changes;
      window.location.reload();
    },
  });
}

// The same after a reload: the page shows what was saved, and what was typed before is to be had again. Resolves to
// whether it is, so that the page is brought up to date.
function differs({ answer, typed }) {
  return new Promise((resolve) => {
    choose(`${answer.message} What you typed last in this tab is not in it.`, {
      "Put back what I typed here": async () => {
        const { status } = await save(form().dataset.draft, typed, answer.saves);
        resolve(status === 200);
      },
      "Keep what is shown": () => resolve(false),
    });
  });
}

// Of two versions neither is the better one: both buttons look the same.
function choose(message, ways) {
  const box = form().querySelector("[data-problem]");
  const words = document.createElement("p");
  words.textContent = message;
  const row = document.createElement("div");
  row.className = "cc-row";
  for (const [label, way] of Object.entries(ways)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      box.hidden = true;
      way();
    });
    row.append(button);
  }
  box.replaceChildren(words, row);
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}
