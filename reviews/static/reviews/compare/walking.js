// One card is the current one. Keys and clicks move it; it keeps the focus when the columns change.

let currentId = "";

export const cards = () => [...document.querySelectorAll(".cc-claim-card")].filter((card) => !card.closest("[hidden]"));
export const current = () => document.getElementById(currentId);
export const columns = () => [...document.querySelectorAll(".cc-column")];

export function start() {
  document.addEventListener("focusin", ({ target }) => {
    const card = target.closest(".cc-claim-card");
    if (card && card.id !== currentId) mark(card);
  });
  document.getElementById("compare").addEventListener("click", ({ target }) => {
    const card = target.closest(".cc-claim-card");
    if (card && !target.closest("a, button, summary, input") && !window.getSelection().toString()) go(card);
  });
  document.addEventListener("compare:shown", () => current()?.classList.add("is-current"));
  window.addEventListener("hashchange", toHash);
  toHash();
}

function toHash() {
  const linked = document.getElementById(window.location.hash.slice(1));
  if (linked?.matches(".cc-claim-card")) go(linked);
}

function mark(card) {
  current()?.classList.remove("is-current");
  currentId = card.id;
  card.classList.add("is-current");
  document.dispatchEvent(new CustomEvent("compare:current", { detail: card }));
}

export function go(card, { focus = true } = {}) {
  if (!card) return;
  mark(card);
  if (focus) card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function goToClaim(id) {
  const card = cards().find((one) => one.dataset.claim === id);
  go(card);
  return card;
}

export function step(by) {
  const all = cards();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  go(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

// To the next column that has a card, at about the same height.
export function sideways(by) {
  const all = columns();
  const card = current();
  const from = all.indexOf(card?.closest(".cc-column"));
  if (from < 0) return step(by);
  const height = card.getBoundingClientRect().top;
  for (let to = from + by; to >= 0 && to < all.length; to += by) {
    const there = cards().filter((one) => all[to].contains(one));
    if (there.length === 0) continue;
    const far = (one) => Math.abs(one.getBoundingClientRect().top - height);
    return go(there.reduce((best, one) => (far(one) < far(best) ? one : best)));
  }
}

// Where the work goes on after a step on a card: the card itself while it stays in its column, else the one
// that follows there. Call it before the step; call what it returns after.
export function placeholder(card) {
  const column = card?.closest(".cc-column, .cc-found");
  if (!column) return () => {};
  const { key } = column.dataset;
  const within = (one) => (key ? one.closest(".cc-column")?.dataset.key === key : one.closest(".cc-found"));
  const index = cards().filter(within).indexOf(card);
  const { id } = card;
  return () => {
    const there = cards().filter(within);
    const same = there.find((one) => one.id === id);
    const next = same ?? there[Math.min(index, there.length - 1)] ?? document.getElementById(id);
    if (next) return go(next);
    const head = document.getElementById(key ?? "find-title");
    head?.focus({ preventScroll: true });
  };
}
