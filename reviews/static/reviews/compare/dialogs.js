// The forms of steps, fetched when they are asked for and shown over the page.
import { show } from "./live.js";
import { ask, parsed } from "./server.js";
import { tell } from "./telling.js";
import { current } from "./walking.js";

let dialog;
let openedBy = null;

export function start() {
  dialog = document.getElementById("dialog");
  document.getElementById("doing")?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await open(new URL(link.href).search, link);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !isFilled()) closeDialog();
    if (!event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    closeDialog();
  });
  dialog.addEventListener("close", () => {
    const back = openedBy?.isConnected ? openedBy : current();
    if (document.activeElement === document.body) back?.focus({ preventScroll: true });
  });
}

async function open(query, link) {
  const url = new URL(document.getElementById("compare").dataset.base + "compare/", window.location.href);
  const { status, answer } = await ask(url.pathname + query);
  if (status !== 200) {
    show(answer);
    tell(answer.message, { isProblem: true });
    return;
  }
  showDialog(answer.dialog, { opener: link });
}

const isFilled = () =>
  [...dialog.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);

export function showDialog(html, { opener = null, card = null } = {}) {
  openedBy = opener?.closest(".cc-claim-card") ?? opener ?? card ?? openedBy;
  dialog.replaceChildren(...parsed(html).childNodes);
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector(".has-errors :is(input, textarea, select)") ??
    dialog.querySelector("input:not([type=hidden]), textarea, select");
  first?.focus();
}

// The page behind a dialog cannot be seen well: what goes wrong is said in the dialog.
export function showProblem(message) {
  const notice = document.createElement("p");
  notice.className = "cc-notice is-bad";
  notice.setAttribute("role", "alert");
  notice.textContent = message;
  dialog.querySelector("[role=alert]")?.remove();
  dialog.querySelector("h2").after(notice);
}

export function closeDialog() {
  dialog.close();
  dialog.replaceChildren();
}

export const isDialogOpen = () => document.querySelector("dialog[open]") !== null;
