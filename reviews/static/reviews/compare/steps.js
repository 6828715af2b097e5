// Steps are taken one after the other, each on the version of the question that the one before left.
import { closeDialog, showDialog, showProblem } from "./dialogs.js";
import { show } from "./live.js";
import { ask } from "./server.js";
import { tell } from "./telling.js";
import { current, go, placeholder } from "./walking.js";

let last = Promise.resolve();
let running = 0;

export const isBusy = () => running > 0;

export function start() {
  document.getElementById("compare").addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const { submitter } = event;
    const url = submitter?.getAttribute("formaction") || form.getAttribute("action");
    const body = new FormData(form, submitter);
    const card = submitter?.closest(".cc-claim-card") ?? null;
    take({ url, body, card, dialog: submitter?.closest("dialog") !== null, form });
  });
}

// Press the button, or follow the link, that a key stands for on the current card. False where it has none.
export function press(key) {
  const button = current()?.querySelector(`[data-key="${key}"]`);
  button?.click();
  return button !== undefined && button !== null;
}

export function place(card, column, { follow = false } = {}) {
  if (card.closest(".cc-column") === column && card.classList.contains("is-confirmed")) {
    tell(`It stands under ${column.dataset.number}: ${column.dataset.answer} already.`);
    return;
  }
  const body = new FormData(document.getElementById("step"));
  body.set("claim_id", card.dataset.claim);
  body.set("position_id", column.dataset.position);
  const base = document.getElementById("compare").dataset.base;
  take({ url: `${base}place-claim/`, body, card, follow });
}

// One step: {url, body, card?, dialog?, form?, follow?}. With `follow` the focus goes with the card.
export function take(step) {
  running += 1;
  last = last.then(() => send(step)).finally(() => (running -= 1));
  return last;
}

async function send(step) {
  const screen = document.getElementById("compare");
  // Those that were typed in keep the version that was seen when they were; buttons act on what is shown now.
  if (!step.dialog && !step.form?.matches("[data-typed]")) step.body.set("seen_version", screen.dataset.version);
  const hadFocus = step.card?.contains(document.activeElement) || document.activeElement === document.body;
  const goOn = placeholder(step.card);
  screen.setAttribute("aria-busy", "true");
  const { status, answer } = await ask(step.url, step.body);
  screen.removeAttribute("aria-busy");
  if (answer.location) {
    window.location.assign(answer.location);
    return;
  }
  const focused = keepFocus();
  if (status === 200) {
    step.form?.matches("[data-typed], .cc-doing-form") || step.form?.reset?.();
    if (step.form?.matches("[data-typed]")) step.form.remove();
    show(answer);
    if (step.dialog) closeDialog();
    tell(answer.message);
    if (step.follow) go(document.getElementById(step.card.id));
    else if (step.card && (hadFocus || step.dialog)) goOn();
    else focused();
    return;
  }
  show(answer);
  focused();
  refused(step, status, answer);
}

function refused(step, status, answer) {
  const canWait = status === 0 || status === 401 || answer.is_stale;
  if (step.dialog) {
    if (answer.dialog) showDialog(answer.dialog);
    else showProblem(answer.message);
    return;
  }
  const why = answer.news?.length ? `${answer.news.join("; ")}. Your step waits.` : answer.message;
  if (answer.dialog && !answer.is_stale) {
    showDialog(answer.dialog, { card: step.card });
    return;
  }
  const again = canWait
    ? () => {
        const { version } = document.getElementById("compare").dataset;
        step.body.set("seen_version", version);
        take({ ...step, form: null });
      }
    : null;
  if (answer.is_stale && step.form?.isConnected) {
    const field = step.form.elements.namedItem("seen_version");
    if (field) field.value = document.getElementById("compare").dataset.version;
  }
  tell(why, { isProblem: true, again });
}

// Gives back the focus if what had it is replaced by something of the same name.
export function keepFocus() {
  const active = document.activeElement;
  if (!active || active === document.body) return () => {};
  const card = active.closest(".cc-claim-card")?.id;
  const selector = active.dataset.key
    ? `[data-key="${active.dataset.key}"]`
    : active.id
      ? `#${CSS.escape(active.id)}`
      : active.name
        ? `[name="${CSS.escape(active.name)}"]`
        : null;
  return () => {
    if (active.isConnected) {
      if (document.activeElement !== active) active.focus({ preventScroll: true });
      return;
    }
    const root = card ? document.getElementById(card) : document;
    const again = (selector && root?.querySelector(selector)) || (card ? root : null);
    again?.focus({ preventScroll: true });
  };
}
