// The discussion without leaving the page: write, answer, withdraw, look back, complete names.
// Every step is a form or a link that works without this, too.
import { completeNames } from "./mentions.js";

const panel = () => document.getElementById("discussion");
let busy = false;

function say(text, { isProblem = false } = {}) {
  const said = document.getElementById("discussion-said");
  said.textContent = text;
  said.classList.toggle("is-bad", isProblem);
}

// Resolves to the answer, or to null when there was none to show; what went wrong is said, beside the panel as it is
// now where the server sent it with what was typed.
async function ask(url, body = null) {
  let response;
  try {
    response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: { Accept: "application/json" },
      body,
      credentials: "same-origin",
    });
  } catch {
    say("The server could not be reached. Nothing was lost; try again.", { isProblem: true });
    return null;
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const answer = isJson ? await response.json() : {};
  if (response.ok && answer.panel) return answer;
  if (answer.panel) show(answer.panel);
  const otherwise = response.redirected ? "You are signed out. Sign in in another tab, then try again." : "";
  say(answer.message ?? (otherwise || `The server refused that (${response.status}).`), { isProblem: true });
  return null;
}

// The server's own, escaped, HTML in the place of what is there.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("discussion");
  panel().replaceWith(document.adoptNode(fresh));
  enhance();
}

async function submit(form) {
  if (busy) return;
  busy = true;
  const answer = await ask(form.action, new FormData(form));
  busy = false;
  if (!answer) return;
  show(answer.panel);
  say(answer.message);
  const written = answer.comment && document.getElementById(`comment-${answer.comment}`);
  if (written) written.scrollIntoView({ block: "nearest" });
  (document.getElementById("comment-text") ?? document.getElementById("discussion-title")).focus({ preventScroll: true });
}

function answerTo(link) {
  const form = document.getElementById("comment-form");
  form.elements.reply_to.value = link?.dataset.reply ?? "";
  form.querySelector("[data-answered]").hidden = !link;
  form.querySelector("[data-answered-author]").textContent = link?.dataset.author ?? "";
  form.elements.text.focus();
}

async function turn(link) {
  if (await renew(link.href)) document.getElementById("discussion-title").focus();
}

// Another page of it, or the same one as it is now; what was typed stays. Resolves to whether it is there.
async function renew(url) {
  const answer = await ask(url);
  if (!answer) return false;
  const old = document.getElementById("comment-form");
  const isWriting = document.activeElement === document.getElementById("comment-text");
  show(answer.panel);
  const form = document.getElementById("comment-form");
  if (!old || !form) return true;
  for (const name of ["text", "reply_to"]) form.elements[name].value = old.elements[name].value;
  form.querySelector("[data-answered]").replaceWith(old.querySelector("[data-answered]"));
  if (isWriting) form.elements.text.focus({ preventScroll: true });
  return true;
}

function enhance() {
  const section = panel();
  section.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // the page around it has steps of its own
    submit(event.target);
  });
  section.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ("part" in link.dataset) turn(link);
    else if (link.dataset.reply && document.getElementById("comment-form")) answerTo(link);
    else if ("noReply" in link.dataset) answerTo(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const box = document.getElementById("comment-text");
  if (!box) return;
  section.querySelector("[data-keys]").hidden = false;
  completeNames(box, document.getElementById("comment-people"), section.dataset.people);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    box.form.requestSubmit();
  });
}

if (panel()) {
  enhance();
  // Who sees what is written changes with the question's state: not only its verdict is to be shown at once.
  document.addEventListener("compare:shown", ({ detail: answer }) => {
    if (answer.state !== panel().dataset.state) renew(panel().dataset.base);
  });
  document.addEventListener("crossclaim:key", ({ detail: event }) => {
    if (event.key !== "d" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    (document.getElementById("comment-text") ?? document.getElementById("discussion-title")).focus();
  });
}
