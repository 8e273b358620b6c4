// Search as one types: the list under the box is fetched from data-suggest. Arrow keys walk it, Escape closes it.
for (const form of document.querySelectorAll("form[data-suggest]")) attach(form);

function attach(form) {
  const box = form.querySelector("input[type=search]");
  const list = document.createElement("div");
  list.className = "tb-search__list";
  list.setAttribute("role", "region");
  list.setAttribute("aria-live", "polite");
  list.setAttribute("aria-label", box.placeholder);
  form.append(list);
  let timer = 0;
  let latest = 0;

  async function look() {
    const text = box.value.trim();
    const turn = ++latest;
    if (!text) return list.replaceChildren();
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || turn !== latest) return undefined;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...found.body.childNodes);
    return undefined;
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.replaceChildren();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [box, ...list.querySelectorAll("a")];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (stops.length > 1 && next >= 0 && next < stops.length) {
      event.preventDefault();
      stops[next].focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) list.replaceChildren();
  });
}
