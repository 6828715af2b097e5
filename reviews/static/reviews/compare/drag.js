// A card is dragged by its grip to another column: the same step as the key.
import { place } from "./steps.js";

let dragged = null;

export const isDragging = () => dragged !== null;

export function start() {
  const screen = document.getElementById("compare");
  screen.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".cc-grip")?.closest("[data-movable]");
    if (!card) return;
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector(".cc-said").textContent);
    event.dataTransfer.setDragImage(card, 20, 20);
    card.classList.add("is-dragged");
    screen.classList.add("is-dragging");
  });
  const over = (event) => (dragged ? event.target.closest?.(".cc-column") : null);
  screen.addEventListener("dragover", (event) => {
    const column = over(event);
    for (const one of screen.querySelectorAll(".cc-column.is-target")) {
      if (one !== column) one.classList.remove("is-target");
    }
    if (!column) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    column.classList.add("is-target");
  });
  screen.addEventListener("drop", (event) => {
    const column = over(event);
    if (!column) return;
    event.preventDefault();
    const card = dragged;
    end();
    place(card, column, { follow: true });
  });
  screen.addEventListener("dragend", end);
}

function end() {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  document.getElementById("compare").classList.remove("is-dragging");
  for (const one of document.querySelectorAll(".cc-column.is-target")) one.classList.remove("is-target");
}
