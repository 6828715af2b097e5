// Warns, as one chooses, of answers that are Supported and cannot be true together. It keeps nobody from anything:
// who judges may know why both hold. Without a script the server asks once before it takes them.

export function look(form) {
  const notice = form?.querySelector("[data-contradiction]");
  if (!notice) return;
  notice.querySelector("[data-confirm]").hidden = true;
  const supported = [...form.querySelectorAll("[data-competes]")].filter((group) =>
    group.querySelector('input[value="supported"]:checked'),
  );
  const chosen = new Set(supported.map((group) => group.dataset.position));
  const numbers = supported
    .filter((group) => group.dataset.competes.split(" ").some((position) => chosen.has(position)))
    .map((group) => group.dataset.number);
  if (numbers.length) notice.querySelector("[data-which]").textContent = numbers.join(", ");
  notice.hidden = numbers.length === 0;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("#assess input[type=radio]")) look(event.target.form);
});
