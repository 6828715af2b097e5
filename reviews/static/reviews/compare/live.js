// Brings the parts of the page that steps change up to date, and leaves alone what is as it was: nodes,
// focus, scroll positions, and whatever was typed.
import { parsed } from "./server.js";

const printed = new WeakMap(); // element without keyed children -> its HTML as the server printed it
const KEYED = "[data-key], [data-live]";

const holdsKeys = (element) => element.matches(".cc-cards") || element.querySelector(":scope > [data-key]") !== null;

function record(root) {
  for (const element of [root, ...root.querySelectorAll(KEYED)]) {
    if (!holdsKeys(element)) printed.set(element, element.outerHTML);
  }
}

export function remember() {
  for (const part of document.querySelectorAll("[data-live]")) record(part);
}

function setAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

// Make `old` what `fresh` is; children with keys that did not change stay the same nodes.
function update(old, fresh) {
  if (!holdsKeys(old) || !holdsKeys(fresh)) {
    const before = printed.get(old);
    if (before !== undefined && before === printed.get(fresh)) return old;
    keepOpen(old, fresh);
    carryTyped(old, fresh);
    old.replaceWith(fresh);
    return fresh;
  }
  setAttributes(old, fresh);
  const there = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let at = old.firstElementChild;
  for (const child of [...fresh.children]) {
    const known = there.get(child.dataset.key);
    there.delete(child.dataset.key);
    if (!known) {
      old.insertBefore(child, at);
      continue;
    }
    const isNext = known === at;
    if (isNext) at = at.nextElementSibling;
    else old.insertBefore(known, at);
    update(known, child);
  }
  for (const gone of there.values()) gone.remove();
  return old;
}

function keepOpen(old, fresh) {
  const opened = [old, ...old.querySelectorAll("details[data-keep-open][id]")].filter((one) => one.open);
  for (const { id } of opened) {
    const again = fresh.id === id ? fresh : fresh.querySelector(`#${id}`);
    if (again) again.open = true;
  }
}

export const isTyped = (form) =>
  [...form.elements].some((field) =>
    field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0
      : field.matches("textarea, input:not([type=hidden])") && field.value !== field.defaultValue,
  );

// What was typed in a form stays, with the version it was typed at: so that who sends it is told what changed.
function carryTyped(old, fresh) {
  for (const form of old.querySelectorAll("form[data-typed]")) {
    if (!isTyped(form)) continue;
    const again = fresh.querySelector(`form[action="${CSS.escape(form.getAttribute("action"))}"]`);
    if (!again) continue;
    for (const field of form.elements) {
      const target = field.name && again.elements.namedItem(field.name);
      if (target && field.name !== "csrfmiddlewaretoken") target.value = field.value;
    }
    const details = again.closest("details");
    if (details) details.open = true;
  }
}

// Swap in what the server says of the question now. `answer` has html, version and state.
export function show(answer) {
  const screen = document.getElementById("compare");
  if (answer.html === undefined) return;
  const fresh = parsed(answer.html);
  for (const part of fresh.querySelectorAll("[data-live]")) record(part);
  for (const part of [...fresh.querySelectorAll("[data-live]")]) {
    const old = document.getElementById(part.id);
    if (old) update(old, part);
  }
  const tools = document.getElementById("tools");
  if (tools) tools.hidden = document.getElementById("live-head").dataset.editable === undefined;
  screen.dataset.version = answer.version;
  screen.dataset.state = answer.state;
  for (const field of document.querySelectorAll("#compare input[name=seen_version]")) {
    const form = field.form;
    if (!form.closest("dialog") && !(form.matches("[data-typed]") && isTyped(form))) field.value = answer.version;
  }
  document.title = document.title.replace(/^.*?(?= \| Crossclaim)/, document.querySelector("#live-head h1").textContent);
  document.dispatchEvent(new CustomEvent("compare:shown", { detail: answer }));
}
