// The panel in which a person assesses or adjudicates. Its form works without this; with it, a draft is kept as one
// types, keys go from choice to choice, claims are cited from their cards, and the page stays where it is.
import { show } from "../compare/live.js";
import { ask, parsed } from "../compare/server.js";
import { tell } from "../compare/telling.js";
import { current, go, goToClaim } from "../compare/walking.js";
import { look } from "./contradictions.js";
import { add, forClaim, mark, remove, start as startEvidence } from "./evidence.js";
import { isKept, pause, restore, resume, start as startDrafts, touched } from "./drafts.js";

const screen = document.getElementById("compare");
const panel = () => document.getElementById("assessing");
const form = () => document.getElementById("assess");
let isSubmitting = false;
let refreshed = Promise.resolve();

enhance();
startEvidence();
startDrafts();
restore().then((isElse) => isElse && refresh({ isOwn: true, isAsSaved: true }));

// Before the listener of the other steps, which knows nothing of drafts.
document.addEventListener(
  "submit",
  (event) => {
    const { target, submitter } = event;
    if (target.matches("[data-leaves]")) event.stopPropagation();
    if (target !== form()) return;
    event.preventDefault();
    event.stopPropagation();
    if (submitter === null || submitter.matches("[data-submit]")) submit();
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-looked]")) lookedAgain();
  const link = event.target.closest("#assessing [data-to-claim], #verdict [data-to-claim]");
  if (link && goToClaim(link.dataset.toClaim)) event.preventDefault();
});

document.addEventListener("crossclaim:key", ({ detail: event }) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "a") begin();
  else if (event.key === "e") cite();
  else if (event.key === "N") document.querySelector("[data-next]")?.click();
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#assess")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault(); // or it would be submitted from the middle of it
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    if (current()) go(current());
    else document.activeElement.blur();
  } else if (event.target.matches("input[type=radio]") && /^[1-9]$/.test(event.key)) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // or a field that gets the focus would get the digit, too
    choose(event.target.name, Number(event.key));
  }
});

document.addEventListener("compare:shown", ({ detail: answer }) => {
  mark();
  if (isSubmitting || answer.panel === undefined || answer.panel === panel().dataset.stamp) return;
  refresh({ isOwn: answer.news === undefined });
});

window.addEventListener("beforeunload", (event) => {
  if (!isKept()) event.preventDefault();
});

// What only a script can do is shown, what it does by itself is not.
function enhance() {
  for (const button of panel().querySelectorAll("[data-looked], [data-remove], [data-cite-file]")) button.hidden = false;
  for (const row of panel().querySelectorAll("[data-blank] [data-remove], [data-save]")) row.hidden = true;
  screen.classList.toggle("has-panel", panel().dataset.kind !== "");
  mark();
  look(form());
}

function begin() {
  const taking = panel().querySelector('[data-key="a"]');
  if (taking) taking.click();
  else if (form()) (missing()?.first ?? form().elements.namedItem("rationale")).focus();
  else if (!panel().hidden) (panel().querySelector("[data-reconsider], [data-next]") ?? panel().querySelector("h2")).focus();
  else tell("This question does not wait for you.");
}

function cite() {
  if (!form()) tell("Claims are cited while you assess or adjudicate.");
  else if (!current()) tell("Choose a claim first: press j.");
  else current().querySelector("[data-cite]")?.click();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cite]");
  if (!button || !form()) return;
  event.preventDefault();
  const card = button.closest(".cc-claim-card");
  const cited = forClaim(card.dataset.claim);
  if (cited) remove(cited);
  else {
    const said = card.querySelector(".cc-said").textContent.trim();
    add({ claim: card.dataset.claim, name: said.length > 120 ? `${said.slice(0, 119)}…` : said, href: `#${card.id}` });
  }
  mark();
  touched();
  tell(cited ? "No longer cited." : "Cited as evidence.");
});

// Groups of choices in the order of the page, each by its name.
const groups = () => [...new Set([...form().querySelectorAll("input[type=radio]")].map((radio) => radio.name))];
const choices = (name) => [...form().querySelectorAll(`input[type=radio][name="${name}"]`)];

function choose(name, number) {
  const radio = choices(name)[number - 1];
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  const next = groups()[groups().indexOf(name) + 1];
  const to = next ? (choices(next).find((one) => one.checked) ?? choices(next)[0]) : form().elements.namedItem("rationale");
  to.focus();
  to.closest("fieldset, .cc-field").scrollIntoView({ block: "nearest" });
}

function missing() {
  const name = groups().find((one) => !choices(one).some((radio) => radio.checked));
  return name && { first: choices(name)[0], legend: choices(name)[0].closest("fieldset").querySelector("legend").textContent.trim() };
}

function problem(message) {
  const box = form()?.querySelector("[data-problem]");
  if (!box) return tell(message, { isProblem: true });
  box.hidden = message === "";
  box.querySelector("p").textContent = message;
  if (message) box.scrollIntoView({ block: "nearest" });
}

async function submit() {
  if (isSubmitting) return;
  const gap = missing();
  if (gap) {
    problem(`Judge “${gap.legend}”${form().dataset.assess === "write" ? ", and say how sure you are" : ""}.`);
    gap.first.focus();
    return;
  }
  const rationale = form().elements.namedItem("rationale");
  if (!rationale.value.trim()) {
    problem("Say why, in words that others can check.");
    rationale.focus();
    return;
  }
  isSubmitting = true;
  screen.setAttribute("aria-busy", "true");
  await pause();
  await refreshed; // by a step that was taken just before
  const { status, answer } = await ask(form().getAttribute("action"), new FormData(form()));
  screen.removeAttribute("aria-busy");
  if (status === 200) {
    resume({ isSent: true });
    show(answer);
    await refresh({ isOwn: true });
    tell(answer.message);
    const decided = panel().querySelector("[data-next]") ?? document.getElementById("verdict");
    decided.focus();
  } else {
    if (status === 409) await refresh({ isOwn: false });
    resume();
    problem(answer.message);
  }
  isSubmitting = false;
}

function lookedAgain() {
  form().elements.namedItem("seen_basis").value = panel().dataset.stamp.split(" ")[1];
  form().querySelector("[data-outdated]").hidden = true;
  problem("");
  form().querySelector("[data-submit]").focus();
}

// Put the panel there as it is now. What was typed stays, unless it is to be as it was saved; and what others
// changed is to be looked at again, while one's own steps are known to who took them.
function refresh(after) {
  refreshed = refreshed.then(() => replace(after));
  return refreshed;
}

async function replace({ isOwn, isAsSaved = false }) {
  const { status, answer } = await ask(`${screen.dataset.base}compare/?panel=1`);
  if (status !== 200) return;
  const old = panel();
  const typed = form();
  const fresh = parsed(answer.panel).querySelector("#assessing");
  const active = document.activeElement;
  const focused = old.contains(active) ? { name: active.name, value: active.value, isRadio: active.type === "radio" } : null;
  const again = fresh.querySelector("#assess");
  if (typed && again && !isAsSaved && old.dataset.kind === fresh.dataset.kind) carry(typed, again, isOwn);
  old.replaceWith(fresh);
  enhance();
  if (isOwn && old.dataset.kind === "take" && form()) begin();
  if (!focused) return;
  const same = [...(form()?.elements ?? [])].find(
    (field) => field.name === focused.name && (!focused.isRadio || field.value === focused.value),
  );
  (same ?? panel().querySelector("h2"))?.focus({ preventScroll: true });
}

function carry(typed, again, isOwn) {
  const wasCurrent = typed.querySelector("[data-outdated]").hidden;
  const seen = again.elements.namedItem("seen_basis");
  const known = typed.elements.namedItem("seen_basis").value;
  if (seen.value !== known && !(isOwn && wasCurrent)) {
    seen.value = known;
    again.querySelector("[data-outdated]").hidden = false;
  }
  const items = again.querySelector("[data-items]");
  const options = items.querySelector("[data-blank] select");
  items.replaceChildren(...typed.querySelector("[data-items]").children);
  for (const select of items.querySelectorAll("select")) {
    const { value } = select;
    select.replaceChildren(...[...options.options].map((option) => option.cloneNode(true)));
    select.value = [...select.options].some((option) => option.value === value) ? value : "";
  }
  for (const field of typed.elements) {
    if (!field.name || ["csrfmiddlewaretoken", "seen_basis", "position", "file"].includes(field.name)) continue;
    if (field.type === "radio") {
      for (const radio of again.querySelectorAll(`input[name="${field.name}"]`)) {
        if (radio.value === field.value) radio.checked = field.checked;
      }
    } else {
      const target = again.elements.namedItem(field.name);
      if (!target || target.value === undefined) continue;
      target.value = field.value;
      if (field.value && target.closest("details")) target.closest("details").open = true;
    }
  }
}

// Opened by taking the question: the first digit judges the first answer. After the browser has gone to the
// fragment, which takes the focus away from wherever it is.
window.addEventListener("load", () => {
  if (window.location.hash !== "#assessing") return;
  setTimeout(() => (panel().dataset.kind === "write" ? begin() : panel().querySelector("h2")?.focus()), 50);
});
