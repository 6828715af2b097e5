// Keys of the compare screen. Every one presses a link or a button that is on the page anyway.
"use strict";

(() => {
  const cards = [...document.querySelectorAll(".cc-claim-card")];
  let current = -1;

  function go(to) {
    if (cards.length === 0) return;
    cards[current]?.classList.remove("is-current");
    current = (to + cards.length) % cards.length;
    const card = cards[current];
    card.classList.add("is-current");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const linked = cards.findIndex((card) => `#${card.id}` === window.location.hash);
  if (linked >= 0) go(linked);

  for (const [index, card] of cards.entries()) {
    card.addEventListener("focusin", () => {
      if (index !== current) {
        cards[current]?.classList.remove("is-current");
        current = index;
        card.classList.add("is-current");
      }
    });
  }

  document.addEventListener("crossclaim:key", ({ detail: event }) => {
    const card = cards[current];
    if (event.key === "j") go(current + 1);
    else if (event.key === "k") go(current < 0 ? -1 : current - 1);
    else if (event.key === "m") card?.querySelector("[data-key=m]")?.click();
    else if (event.key === "v") document.getElementById("verdict").focus();
    else if (/^[1-9]$/.test(event.key)) {
      card?.closest(".cc-found-item")?.querySelector(`.cc-place[data-key="${event.key}"]`)?.click();
    }
  });
})();
