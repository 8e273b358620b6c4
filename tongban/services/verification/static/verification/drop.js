// A file may be dropped on the page instead of chosen; either way the plain form sends it.

const form = document.querySelector("[data-verify-file]");
const zone = form?.querySelector("[data-drop]");

if (zone) {
  const input = form.elements.file;
  const status = form.querySelector("[data-drop-status]");
  form.querySelector("[data-drop-words]").hidden = false;

  const over = (is) => zone.classList.toggle("is-over", is);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  zone.addEventListener("dragleave", (event) => over(zone.contains(event.relatedTarget)));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    status.textContent = status.dataset.words;
  });
}
