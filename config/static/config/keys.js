// Keys that work on every page. A page adds its own by listening for "crossclaim:key".
"use strict";

(() => {
  const places = { d: "dashboard", q: "reviews/question/", a: "claims/article/", c: "claims/claim/", r: "reviews/question/queue/", j: "claims/job/", i: "reviews/notification/" };
  // A page that has a better use for "/" than the box in the header marks its own.
  const boxes = {
    "/": () => document.querySelector('[data-key="/"]') ?? document.getElementById("search-everything"),
    s: () => document.getElementById("searchbar"),
  };
  const help = document.getElementById("keys");
  const home = document.querySelector("#site-name a");
  let pending = "";

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  // Choices take keys of their own, but no question mark.
  const choosing = (target) => target.matches("input[type=radio], input[type=checkbox]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) && !(event.key === "?" && choosing(event.target))) return;
    if (help && help.open) return;
    if (pending === "g" && event.key in places && home) {
      pending = "";
      window.location.assign(event.key === "d" ? home.href : new URL(places[event.key], home.href));
      return;
    }
    pending = event.key === "g" ? "g" : "";
    if (event.key === "?" && help) {
      help.showModal();
    } else if (event.key in boxes && boxes[event.key]()) {
      event.preventDefault();
      boxes[event.key]().focus();
      boxes[event.key]().select();
    } else {
      document.dispatchEvent(new CustomEvent("crossclaim:key", { detail: event }));
    }
  });
})();
