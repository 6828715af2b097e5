// What was typed when the page was left, until the server is known to have it. The last save of a page goes out
// while the next one is on its way in, so that the next may show what stood before: it sends it once more, and what
// is kept already is no conflict. Only this tab holds it, for one person and round.
import { ask } from "../compare/server.js";

const KEY = "crossclaim.leaving";

export const entries = (body) => [...body].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");

// `sent` is what is under way, in order, and what is typed now; each as `entries`.
export function remember({ draft, writing }, sent) {
  sessionStorage.setItem(KEY, JSON.stringify({ draft, writing, sent }));
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

// Resolves to what the server said to the last of it, with what was typed; null where nothing was left.
export async function sendAgain({ draft, writing }) {
  const left = JSON.parse(sessionStorage.getItem(KEY));
  if (left?.draft !== draft || left.writing !== writing) return null;
  let seen;
  let said;
  for (const sent of left.sent) {
    said = await save(draft, sent, seen);
    if (said.status !== 200) break;
    seen = said.answer.saves;
  }
  if (said.status !== 0 && said.status < 500) forget();
  return { ...said, typed: left.sent.at(-1) };
}

// Without `seen`, as of the save that the page had seen when it was left.
export function save(draft, typed, seen) {
  const body = new FormData();
  for (const [name, value] of typed) body.append(name, value);
  if (seen !== undefined) body.set("seen_saves", seen);
  return ask(draft, body);
}
