// The article of the current claim beside the columns, scrolled to the claim's words.
import { fetchText, parsed } from "./server.js";
import { goToClaim } from "./walking.js";

const KEY = "compare-pane";
const beside = window.matchMedia("(min-width: 1200px)");
const roomy = window.matchMedia("(min-width: 1600px)");
const texts = new Map(); // claim id -> promise of its HTML
let pane;
let text;
let toggle;
let shown = "";
let isPressed = false;

export function start() {
  pane = document.getElementById("pane");
  text = document.getElementById("pane-text");
  toggle = document.getElementById("pane-toggle");
  toggle.addEventListener("click", () => setOpen(pane.hidden));
  pane.querySelector("[data-pane-close]").addEventListener("click", () => {
    setOpen(false);
    toggle.focus();
  });
  document.addEventListener("compare:current", ({ detail: card }) => {
    if (pane.hidden && !isPressed && opensByItself()) setOpen(true, { keep: false });
    if (!pane.hidden) read(card.dataset.claim);
  });
  // Not while the pointer is down: what is about to be dragged or pressed would move away under it.
  document.addEventListener("pointerdown", () => (isPressed = true));
  for (const end of ["pointerup", "pointercancel", "dragend"]) {
    document.addEventListener(end, () => (isPressed = false));
  }
  document.getElementById("compare").addEventListener("click", (event) => {
    const link = event.target.closest("[data-read]");
    const marked = event.target.closest("#pane-text [data-to-claim]");
    const card = event.target.closest("#live-columns .cc-claim-card");
    if (card && pane.hidden && !event.target.closest("a, button, summary") && opensByItself()) setOpen(true, { keep: false });
    if (marked) goToClaim(marked.dataset.toClaim);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setOpen(true);
    read(link.closest(".cc-claim-card").dataset.claim);
  });
  const chosen = document.querySelector(".cc-claim-card.is-current");
  if (chosen && opensByItself()) setOpen(true, { keep: false });
}

// With the first claim that is chosen: where there is room for it, or where the person left it open last time.
function opensByItself() {
  const left = remembered();
  return left === "open" ? beside.matches : left === null && roomy.matches;
}

// Storage may be refused; then the width decides.
function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const isOpen = () => !pane.hidden;

export function setOpen(open, { keep = true } = {}) {
  pane.hidden = !open;
  document.getElementById("board").classList.toggle("has-pane", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (keep && beside.matches) {
    try {
      window.localStorage.setItem(KEY, open ? "open" : "closed");
    } catch {
      // not remembered, then
    }
  }
  const card = document.querySelector(".cc-claim-card.is-current");
  if (open && card) read(card.dataset.claim);
  if (open && !beside.matches) uncover(card);
}

// Over the lower half of a narrow window it must not hide what is read about.
function uncover(card) {
  document.getElementById("board").scrollIntoView({ block: "start" });
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export async function read(claim) {
  if (shown === claim) return point();
  shown = claim;
  const base = document.getElementById("compare").dataset.base;
  if (!texts.has(claim)) texts.set(claim, fetchText(`${base}reading/${claim}/`));
  let html;
  try {
    html = await texts.get(claim);
  } catch {
    texts.delete(claim);
    shown = "";
    const sorry = document.createElement("p");
    sorry.textContent = "The article could not be loaded. Choose the claim again to retry.";
    text.replaceChildren(sorry);
    return;
  }
  if (shown !== claim) return; // another was chosen meanwhile
  text.replaceChildren(...parsed(html).childNodes);
  point();
}

// Only the pane is scrolled: the columns stay where they are.
function point() {
  const words = text.querySelector("mark.is-current");
  if (!words) return;
  const top = words.getBoundingClientRect().top - text.getBoundingClientRect().top;
  text.scrollTop += top - text.clientHeight / 3;
}
