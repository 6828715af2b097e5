// The claims along time, fetched when the part is opened; its marks lead to their cards.
import { ask, parsed } from "./server.js";
import { tell } from "./telling.js";
import { goToClaim } from "./walking.js";

let part;
let body;

export function start() {
  part = document.getElementById("timeline");
  body = document.getElementById("timeline-body");
  part.addEventListener("toggle", load);
  document.addEventListener("compare:shown", load);
  part.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-to-claim]");
    if (mark && goToClaim(mark.dataset.toClaim)) event.preventDefault();
  });
}

async function load() {
  if (!part.open) return;
  const { base } = document.getElementById("compare").dataset;
  const { status, answer } = await ask(`${base}compare/?timeline=1`);
  if (status !== 200) {
    tell(answer.message, { isProblem: true });
    return;
  }
  const tables = [...body.querySelectorAll("details")].map((table) => table.open);
  body.replaceChildren(...parsed(answer.timeline).childNodes);
  body.querySelectorAll("details").forEach((table, index) => (table.open = tables[index] ?? false));
}

export function toggleTimeline() {
  part.open = !part.open;
  if (!part.open) return;
  part.scrollIntoView({ block: "nearest" });
  document.getElementById("timeline-title").focus({ preventScroll: true });
}
