// What is said to the person: shown in a corner, and read out by screen readers.

let box;
let text;
let repeat;
let said;
let waiting = null;
let timer;

export function start() {
  box = document.getElementById("told");
  text = document.getElementById("told-text");
  repeat = document.getElementById("told-repeat");
  said = document.getElementById("said");
  document.getElementById("told-close").addEventListener("click", hide);
  repeat.addEventListener("click", again);
}

// `again`, if given, is the step that had to wait: it is offered until it is done or something else is said.
export function tell(message, { isProblem = false, again: step = null } = {}) {
  clearTimeout(timer);
  waiting = step;
  text.textContent = message;
  box.hidden = false;
  box.classList.toggle("is-problem", isProblem);
  repeat.hidden = step === null;
  said.textContent = "";
  // Another turn, or the same words twice are read out once.
  requestAnimationFrame(() => (said.textContent = step ? `${message} To do it all the same, press the full stop.` : message));
  if (!isProblem && !step) timer = setTimeout(hide, 8000);
}

export function again() {
  const step = waiting;
  waiting = null;
  hide();
  step?.();
}

export const isWaiting = () => waiting !== null;

export function hide() {
  box.hidden = true;
  repeat.hidden = true;
}
