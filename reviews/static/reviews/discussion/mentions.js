// Completes "@na" in a text box with the names of people: arrows choose, Enter or Tab takes, Esc closes.
const WAIT_MS = 150;

export function completeNames(box, list, url) {
  let timer = 0;
  let asked = 0;
  let chosen = -1;

  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  // What is typed of a name before the caret, or null.
  const typed = () => /(?:^|[^\w.@/])@([\w.+@-]{1,150})$/u.exec(box.value.slice(0, box.selectionStart))?.[1] ?? null;

  function close() {
    asked += 1;
    chosen = -1;
    list.hidden = true;
    list.replaceChildren();
    box.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    chosen = (index + options.length) % options.length;
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === chosen));
    box.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const begun = typed();
    const end = box.selectionStart;
    box.setRangeText(`@${option.dataset.username} `, end - begun.length - 1, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    box.focus();
  }

  function offer(people) {
    if (!people.length) {
      close();
      return;
    }
    list.replaceChildren(
      ...people.map(({ username, name }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.role = "option";
        option.dataset.username = username;
        option.append(username);
        if (name) {
          const full = document.createElement("span");
          full.className = "cc-meta";
          full.textContent = name;
          option.append(" ", full);
        }
        return option;
      }),
    );
    list.hidden = false;
    choose(0);
  }

  async function look() {
    const begun = typed();
    if (begun === null) {
      close();
      return;
    }
    asked += 1;
    const own = asked;
    const response = await fetch(`${url}?${new URLSearchParams({ typed: begun })}`, { credentials: "same-origin" }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const { people } = await response.json();
    if (own === asked) offer(people);
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  box.addEventListener("blur", () => setTimeout(close, WAIT_MS));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
