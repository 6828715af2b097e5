// The queue: "n" takes the next question, "j" and "k" go through the page, a form is sent once.
"use strict";

(() => {
  const links = [...document.querySelectorAll(".cc-queue .cc-hit")];
  const all = document.querySelector("[data-all]");

  document.addEventListener("crossclaim:key", ({ detail: event }) => {
    const at = links.indexOf(document.activeElement);
    if (event.key === "n") document.querySelector("[data-next]")?.click();
    else if (event.key === "j") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "k") links[Math.max(at - 1, 0)]?.focus();
    else return;
    event.preventDefault();
  });

  // A second press would take a second question.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-once]")) return;
    if (event.target.dataset.sent !== undefined) event.preventDefault();
    event.target.dataset.sent = "";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
  });

  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of document.querySelectorAll("[name=question][form=many]")) box.checked = all.checked;
    });
  }
})();
