// What is asked of the server: JSON, with the page's own token.

const token = () => document.querySelector("#step [name=csrfmiddlewaretoken]").value;

// Resolves to {status, answer}; status 0 when the server could not be reached, 401 when nobody is signed in.
export async function ask(url, body = null, { keepalive = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body) headers["X-CSRFToken"] = token();
  let response;
  try {
    response = await fetch(url, { method: body ? "POST" : "GET", headers, body, credentials: "same-origin", keepalive });
  } catch {
    return { status: 0, answer: { message: "The server could not be reached." } };
  }
  if (response.status === 204) return { status: 204, answer: {} };
  if (response.headers.get("Content-Type")?.startsWith("application/json")) {
    return { status: response.status, answer: await response.json() };
  }
  if (response.redirected) {
    return { status: 401, answer: { message: "You are signed out. Sign in in another tab, then repeat your step." } };
  }
  const message =
    response.status === 403
      ? "The server refused that: you may not, or this page is too old. Reload it and try again."
      : response.status === 404
        ? "That is not there any more. The page is brought up to date."
        : `The server failed (${response.status}). Nothing was changed; try again.`;
  return { status: response.status, answer: { message } };
}

export async function fetchText(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  return response.text();
}

// The server's own, escaped, HTML as nodes; scripts in it do not run.
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}
