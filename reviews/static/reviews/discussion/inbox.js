// Who follows a notice has read it. The page it leads to counts what is unread, so it is asked for afterwards.
const form = document.getElementById("inbox");

form?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-notification]");
  if (!link) return;
  const body = new FormData(form);
  body.set("notification", link.dataset.notification);
  const read = fetch(form.action, {
    method: "POST",
    body,
    keepalive: true,
    redirect: "manual",
    credentials: "same-origin",
  });
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // opens beside this page
  event.preventDefault();
  read.catch(() => {}).finally(() => location.assign(link.href));
});
