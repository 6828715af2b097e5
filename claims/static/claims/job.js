// Follows an unfinished job until it is done, ever more patiently, then shows the page anew.
"use strict";

(() => {
  const job = document.getElementById("job");
  const said = document.getElementById("said");
  const state = document.getElementById("state");
  const attempts = document.getElementById("attempts");
  const steps = [...job.querySelectorAll("[data-stage]")];
  const LONGEST_WAIT = 10_000;
  let wait = 700;
  let shown = "";

  function show(progress) {
    const at = steps.findIndex((step) => step.dataset.stage === progress.stage);
    for (const [number, step] of steps.entries()) {
      step.classList.toggle("is-past", number < at);
      step.classList.toggle("is-now", number === at);
      step.toggleAttribute("aria-current", false);
    }
    steps[at]?.setAttribute("aria-current", "step");
    state.textContent = progress.state[0].toUpperCase() + progress.state.slice(1);
    state.classList.toggle("is-info", progress.state === "running");
    attempts.textContent = progress.attempts;
    said.textContent = `${progress.said} …`;
  }

  async function ask() {
    try {
      const response = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const progress = await response.json();
      if (progress.is_finished) {
        window.location.reload();
        return;
      }
      const now = JSON.stringify(progress);
      wait = now === shown ? Math.min(wait * 1.4, LONGEST_WAIT) : 700;
      if (now !== shown) show(progress);
      shown = now;
    } catch {
      said.textContent = "The server does not answer; asking again soon.";
      shown = "";
      wait = LONGEST_WAIT;
    }
    window.setTimeout(ask, wait);
  }

  window.setTimeout(ask, wait);
})();
