// Arrows go through what a search found, and back to its box. Without this, Tab does.
"use strict";

(() => {
  const box = document.getElementById("search-everything");
  const hits = [...document.querySelectorAll(".cc-hit")];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = hits.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box) return;
    if (event.key === "ArrowDown" && at + 1 < hits.length) {
      event.preventDefault();
      hits[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (hits[at - 1] ?? box).focus();
    } else if (event.key === "Escape" && at >= 0) {
      box.select();
    }
  });
})();
