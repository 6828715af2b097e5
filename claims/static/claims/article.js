// Text and claims side by side: one claim is current in both. Without this the anchors still lead there and back.
"use strict";

(() => {
  const list = document.getElementById("claims");
  const text = document.querySelector(".cc-text");
  const cards = [...list.querySelectorAll("[data-claim]")];
  const LOOKS = { claims: "is-current", cues: "is-cue", speakers: "is-speaker", sentences: "is-context" };
  const sideBySide = window.matchMedia("(min-width: 1025px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let current = null;

  list.classList.add("is-live");

  const marked = (role, id) => text.querySelectorAll(`[data-${role}~="${id}"]`);

  function paint(card, on) {
    card.classList.toggle("is-current", on);
    for (const [role, look] of Object.entries(LOOKS)) {
      for (const piece of marked(role, card.dataset.claim)) piece.classList.toggle(look, on);
    }
  }

  function isInSight(place) {
    const { top, bottom } = place.getBoundingClientRect();
    return top > 0 && bottom < window.innerHeight;
  }

  // "from" is the pane the reader is in: it moves only if what was chosen is out of its sight.
  function choose(card, from) {
    if (!card) return;
    if (current) paint(current, false);
    current = card;
    paint(card, true);
    window.history.replaceState(null, "", `#${card.id}`);
    const place = marked("claims", card.dataset.claim)[0];
    const behavior = still.matches ? "auto" : "smooth";
    if (from !== "text" && (sideBySide.matches || from === "show") && place && !isInSight(place)) {
      place.scrollIntoView({ block: "center", behavior });
    }
    if (from !== "show" && (sideBySide.matches || from !== "list")) {
      if (sideBySide.matches) {
        list.scrollTo({ top: card.offsetTop - list.clientHeight / 4, behavior });
      } else {
        card.scrollIntoView({ block: "nearest", behavior });
      }
    }
    if (from !== "show") card.focus({ preventScroll: true });
  }

  const byHash = () => document.getElementById(window.location.hash.slice(1))?.closest("[data-claim]");

  text.addEventListener("click", (event) => {
    const piece = event.target.closest("[data-claims]");
    if (!piece || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // Where claims overlap, each click shows the next of them.
    const ids = piece.dataset.claims.split(" ");
    const next = ids[(ids.indexOf(current?.dataset.claim) + 1) % ids.length];
    choose(document.getElementById(`claim-${next}`), "text");
  });

  list.addEventListener("click", (event) => {
    const card = event.target.closest("[data-claim]");
    if (!card) return;
    if (event.target.closest(".cc-show")) {
      event.preventDefault();
      choose(card, "show");
    } else if (!event.target.closest("a, button, input, select, textarea, label, summary") && window.getSelection().isCollapsed) {
      choose(card, "list");
    }
  });

  list.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-claim]");
    if (card && card !== current) {
      if (current) paint(current, false);
      current = card;
      paint(card, true);
    }
  });

  document.addEventListener("crossclaim:key", ({ detail: event }) => {
    const at = cards.indexOf(current);
    if (event.key === "j") choose(cards[Math.min(at + 1, cards.length - 1)], "keys");
    else if (event.key === "k") choose(cards[Math.max(at - 1, 0)], "keys");
    else if (event.key === "Enter" && current && !event.target.closest("a, button, summary")) {
      current.querySelector(".cc-open").click();
    }
  });

  window.addEventListener("hashchange", () => choose(byHash(), "link"));
  if (window.location.hash.startsWith("#claim-")) choose(byHash(), "link");
})();
