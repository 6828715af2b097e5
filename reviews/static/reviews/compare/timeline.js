// Marks of the timeline lead to their cards.
import { goToClaim } from "./walking.js";

export function start() {
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("#live-timeline [data-to-claim]");
    if (!mark) return;
    if (goToClaim(mark.dataset.toClaim)) event.preventDefault();
  });
}

export function toggleTimeline() {
  const timeline = document.getElementById("live-timeline");
  timeline.open = !timeline.open;
  if (!timeline.open) return;
  timeline.scrollIntoView({ block: "nearest" });
  document.getElementById("timeline-title").focus({ preventScroll: true });
}
