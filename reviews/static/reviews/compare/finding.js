// Claims from elsewhere, found without leaving the page.
import { isBusy } from "./steps.js";
import { ask, parsed } from "./server.js";
import { tell } from "./telling.js";

export function start() {
  const form = document.getElementById("find-form");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const url = new URL(window.location.href);
    url.searchParams.delete("claim");
    url.searchParams.set("find", form.elements.find.value);
    window.history.replaceState(window.history.state, "", url);
    find();
  });
  document.addEventListener("compare:shown", tidy);
}

async function find() {
  const words = document.getElementById("find-words").value;
  const { base } = document.getElementById("compare").dataset;
  const { status, answer } = await ask(`${base}compare/?${new URLSearchParams({ find: words })}`);
  if (status !== 200) {
    tell(answer.message, { isProblem: true });
    return;
  }
  document.getElementById("found").replaceChildren(...parsed(answer.found).childNodes);
  const count = document.querySelectorAll("#found .cc-claim-card").length;
  tell(count ? `${count} claim${count === 1 ? "" : "s"} found. Press j to go on, a number to place.` : "No claim found.");
  if (count && !isBusy()) document.getElementById("found").scrollIntoView({ block: "nearest" });
}

// What was placed leaves the list; its card stands in a column now.
function tidy() {
  for (const card of document.querySelectorAll("#found .cc-claim-card")) {
    if (document.querySelector(`#live-columns [data-claim="${card.dataset.claim}"]`)) card.closest(".cc-slot").remove();
  }
}
