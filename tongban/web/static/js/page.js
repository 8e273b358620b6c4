// Small manners of every page. Each works on attributes; without script the page still does its job.

// Things that only serve pages without script step back.
document.documentElement.classList.add("tb-scripted");

// The error summary is read first.
document.querySelector("[data-focus]")?.focus();

// A form is sent once, however often the button is pressed. Coming back by the back button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A console's menu is folded while it is narrow.
const menu = document.querySelector(".tb-desk__side > details");
const narrow = window.matchMedia("(max-width: 59.99rem)");
const fold = () => {
  if (menu) menu.open = !narrow.matches;
};
narrow.addEventListener("change", fold);
fold();

// <button data-print> prints; <a data-dialog="id"> opens a dialog and still is a link without script.
document.addEventListener("click", (event) => {
  const print = event.target.closest("[data-print]");
  if (print) window.print();
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

// Only what changed is worth a request: a filter form sends itself when a choice is made.
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-send-on-change]")) event.target.form.requestSubmit();
});

// Signing in elsewhere changes the anti-forgery mark; every form is sent with the current one.
document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.querySelector?.("input[name=csrfmiddlewaretoken]");
    const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (field && mark) field.value = mark;
  },
  true,
);
