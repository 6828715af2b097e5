// Every key does what a button or link on the page does.
import { isDialogOpen } from "./dialogs.js";
import { clear, open as openFilters } from "./filters.js";
import { isOpen, setOpen } from "./reading.js";
import { place, press } from "./steps.js";
import { again, hide, tell } from "./telling.js";
import { toggleTimeline } from "./timeline.js";
import { columns, current, go, sideways, step } from "./walking.js";

const WALKS = {
  j: () => step(1),
  k: () => step(-1),
  l: () => sideways(1),
  h: () => sideways(-1),
  ArrowRight: () => sideways(1),
  ArrowLeft: () => sideways(-1),
};
const MISSING = {
  c: "This claim is confirmed already, or you may not confirm it.",
  x: "There is nothing to take out here.",
  n: "That can be said of claims under a position.",
  m: "You may not mark this claim.",
  o: "The origin of this claim cannot be set here.",
};

export function start() {
  document.addEventListener("crossclaim:key", ({ detail: event }) => {
    if (isDialogOpen()) return;
    if (event.key in WALKS) {
      if (event.key.startsWith("Arrow") && !event.target.closest(".cc-claim-card")) return;
      event.preventDefault();
      WALKS[event.key]();
    } else act(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isDialogOpen()) return;
    if (event.target.closest("#filters") && event.target.matches("select")) {
      openFilters(false);
      document.getElementById("filter-toggle").focus();
    } else if (event.target.closest("#pane")) {
      setOpen(false);
      go(current());
    } else {
      hide();
      clear();
    }
  });
}

function act(event) {
  const { key } = event;
  if (key in MISSING) {
    if (!current()) tell("Choose a claim first: press j.");
    else if (!press(key)) tell(MISSING[key]);
  } else if (/^[1-9]$/.test(key)) number(Number(key));
  else if (key === "u") undo();
  else if (key === "r") setOpen(!isOpen());
  else if (key === "f") openFilters(true);
  else if (key === "t") toggleTimeline();
  else if (key === "v") document.getElementById("verdict").focus();
  else if (key === ".") again();
  else return;
  event.preventDefault();
}

function number(at) {
  const card = current();
  const column = columns()[at - 1];
  if (document.activeElement?.closest("#assessing")) tell("Digits place no claims from here: press Esc first, or a to judge.");
  else if (!card) tell("Choose a claim first: press j.");
  else if (!column) tell(`There is no position ${at}.`);
  else if (card.dataset.movable === undefined) tell("You may not place claims here.");
  else place(card, column);
}

function undo() {
  const button = document.querySelector("#history [data-own]");
  if (button) button.click();
  else tell("There is no step of yours here that can be taken back.");
}

