// Shows the claims of one outlet, speaker, mark or state. What is chosen stands in the address.

const NAMES = ["outlet", "speaker", "mark", "state"];
const SAID = { mark: { "": "not marked" } };
let selects;
let fields;
let toggle;

export function start() {
  const bar = document.getElementById("filters");
  fields = document.getElementById("filter-fields");
  toggle = document.getElementById("filter-toggle");
  const found = NAMES.map((name) => [name, bar.querySelector(`[data-filter=${name}]`)]);
  selects = new Map(found.filter(([, select]) => select !== null));
  bar.hidden = false;
  toggle.addEventListener("click", () => open(fields.hidden));
  document.getElementById("filter-clear").addEventListener("click", clear);
  for (const select of selects.values()) select.addEventListener("change", apply);
  document.addEventListener("compare:shown", fill);
  const asked = new URLSearchParams(window.location.search);
  fill();
  for (const [name, select] of selects) {
    const value = asked.get(`only-${name}`);
    if (value !== null && [...select.options].some((option) => option.value === `=${value}`)) select.value = `=${value}`;
  }
  if (isOn()) open(true);
  apply();
}

const cards = () => [...document.querySelectorAll("#live-columns .cc-claim-card")];
const isOn = () => [...selects.values()].some((select) => select.value !== "");

export function open(isOpen) {
  fields.hidden = !isOpen;
  toggle.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) selects.get("outlet").focus();
}

// The values there are, each with how many claims have it.
function fill() {
  for (const [name, select] of selects) {
    const counts = new Map();
    for (const card of cards()) counts.set(card.dataset[name], (counts.get(card.dataset[name]) ?? 0) + 1);
    const chosen = select.value;
    if (chosen !== "" && !counts.has(chosen.slice(1))) counts.set(chosen.slice(1), 0);
    const options = [...counts].sort(([one], [other]) => one.localeCompare(other));
    select.replaceChildren(
      new Option("all", ""),
      ...options.map(([value, count]) => new Option(`${SAID[name]?.[value] ?? value} (${count})`, `=${value}`)),
    );
    select.value = chosen;
  }
  apply();
}

function apply() {
  const chosen = [...selects].filter(([, select]) => select.value !== "").map(([name, select]) => [name, select.value.slice(1)]);
  let hidden = 0;
  for (const card of cards()) {
    const isHidden = chosen.some(([name, value]) => card.dataset[name] !== value);
    card.closest(".cc-slot").hidden = isHidden;
    hidden += isHidden;
  }
  for (const column of document.querySelectorAll(".cc-column")) {
    const away = column.querySelectorAll(".cc-slot[hidden]").length;
    column.toggleAttribute("data-hides", away > 0);
    if (away > 0) column.dataset.hides = `${away} hidden by filters`;
  }
  const total = cards().length;
  const said = document.getElementById("filter-said");
  const words = chosen.length ? `${total - hidden} of ${total} claims shown, ${hidden} hidden` : "";
  if (said.textContent !== words) said.textContent = words;
  document.getElementById("filter-clear").hidden = chosen.length === 0;
  remember(chosen);
}

function remember(chosen) {
  const url = new URL(window.location.href);
  for (const name of NAMES) url.searchParams.delete(`only-${name}`);
  for (const [name, value] of chosen) url.searchParams.set(`only-${name}`, value);
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
}

export function clear() {
  if (!isOn()) return false;
  for (const select of selects.values()) select.value = "";
  apply();
  return true;
}
