// The list of evidence: a row each for a claim, a link or a file, and an empty one for the next link.
import { ask } from "../compare/server.js";
import { tell } from "../compare/telling.js";
import { touched } from "./drafts.js";

const items = () => document.querySelector("#assess [data-items]");
const blank = () => items().querySelector("[data-blank]");
const field = (row, name) => row.querySelector(`[name=${name}]`);

export function start() {
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-remove]")?.closest(".cc-item");
    if (!row) return;
    remove(row);
    mark();
    touched();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-cite-file]");
    if (button) citeFile(button.dataset.citeFile, button.parentElement.querySelector("a"));
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("#assess [data-blank] [name=evidence_url]") && target.value) keepBlank();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("#assess [data-upload]") && target.files.length) upload(target);
  });
}

export const forClaim = (claim) => [...items().children].find((row) => field(row, "evidence_claim").value === claim);

export function remove(row) {
  const next = row.nextElementSibling;
  row.remove();
  if (!document.activeElement || document.activeElement === document.body) next?.querySelector("input:not([type=hidden])")?.focus();
}

// The empty row becomes an ordinary one, and another empty one follows it.
function keepBlank() {
  const row = blank();
  const another = row.cloneNode(true);
  for (const input of another.querySelectorAll("input, select")) input.value = "";
  row.removeAttribute("data-blank");
  row.querySelector("[data-remove]").hidden = false;
  items().append(another);
  return row;
}

export function add({ claim = "", sha256 = "", name, href }) {
  const row = blank().cloneNode(true);
  row.removeAttribute("data-blank");
  for (const input of row.querySelectorAll("input, select")) input.value = "";
  field(row, "evidence_claim").value = claim;
  field(row, "evidence_file").value = sha256;
  field(row, "evidence_url").type = "hidden";
  const link = document.createElement("a");
  link.href = href;
  link.textContent = name;
  if (claim) link.dataset.toClaim = claim;
  const place = row.querySelector("[data-name]");
  place.replaceChildren(link);
  place.hidden = false;
  row.querySelector("[data-remove]").hidden = false;
  blank().before(row);
}

async function upload(input) {
  const body = new FormData();
  body.set("file", input.files[0]);
  const { status, answer } = await ask(input.dataset.upload, body);
  input.value = "";
  if (status !== 200) {
    tell(status === 413 ? "The file is too large." : answer.message, { isProblem: true });
    return;
  }
  const is = isCited(answer.sha256);
  if (!is) add({ sha256: answer.sha256, name: answer.name, href: `${input.dataset.upload}${answer.sha256}/` });
  touched();
  tell(is ? "That file is cited already." : "The file is kept, and cited.");
}

const isCited = (sha256) => [...items().children].some((row) => field(row, "evidence_file").value === sha256);

// A file that an assessment rests on, which who adjudicates rests on, too.
function citeFile(sha256, { textContent: name, href }) {
  const is = isCited(sha256);
  if (!is) add({ sha256, name, href });
  touched();
  tell(is ? "That file is cited already." : "Cited as evidence.");
}

// Show on the cards which claims are cited.
export function mark() {
  const cited = new Set(items() ? [...items().children].map((row) => field(row, "evidence_claim").value) : []);
  for (const button of document.querySelectorAll("[data-cite]")) {
    const is = cited.has(button.closest(".cc-claim-card").dataset.claim);
    button.setAttribute("aria-pressed", String(is));
    button.textContent = is ? "Cited" : "Cite";
  }
}
