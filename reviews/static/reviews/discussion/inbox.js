// Who follows a notice has read it.
const form = document.getElementById("inbox");

form?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-notification]");
  if (!link) return;
  const body = new FormData(form);
  body.set("notification", link.dataset.notification);
  fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual", credentials: "same-origin" });
});
