// The picture of a seal follows what is typed, once the hand rests.
const form = document.querySelector("[data-seal-preview]");
const picture = form?.querySelector("[data-picture]");
let resting;

function drawn() {
  const typed = new FormData(form);
  const asked = new URLSearchParams(["kind", "name", "business"].map((name) => [name, typed.get(name) ?? ""]));
  picture.src = `${form.dataset.sealPreview}?${asked}`;
}

form?.addEventListener("input", () => {
  clearTimeout(resting);
  resting = setTimeout(drawn, 400);
});
