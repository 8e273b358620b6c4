// The worklist by keyboard: j/k move, Enter opens, x picks, / searches, n/p turn pages, ? explains. Without script all works by mouse and Tab.

const table = document.querySelector("[data-worklist]");
const keys = document.getElementById("keys");
const boxes = () => [...document.querySelectorAll('input[name="case"]')];

function tell() {
  const picked = boxes().filter((box) => box.checked).length;
  const place = document.querySelector("[data-picked]");
  if (place) place.textContent = picked ? `✓ ${picked}` : "";
  for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", box.checked);
}

function move(step) {
  const links = [...table.querySelectorAll("[data-open]")];
  const row = document.activeElement?.closest?.("[data-worklist] tbody tr");
  const here = links.findIndex((link) => row?.contains(link));
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function pick() {
  const box = document.activeElement?.closest?.("tr")?.querySelector('input[name="case"]');
  if (!box) return;
  box.checked = !box.checked;
  tell();
}

const turn = (rel) => document.querySelector(`.tb-pagination a[rel="${rel}"]`)?.click();
const search = () => document.getElementById("case-search")?.focus();
const doings = { j: () => move(1), k: () => move(-1), x: pick, "/": search, n: () => turn("next"), p: () => turn("prev"), "?": () => keys.showModal() };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys?.open) return;
  const typing = event.target.matches?.('input:not([type="checkbox"]), select, textarea');
  const doing = doings[event.key];
  if (typing || !doing || (!table && event.key !== "?")) return;
  event.preventDefault();
  doing();
});

document.querySelector("[data-all]")?.addEventListener("change", (event) => {
  for (const box of boxes()) box.checked = event.target.checked;
  tell();
});
document.addEventListener("change", (event) => event.target.matches('input[name="case"]') && tell());

const help = document.querySelector("[data-help]");
if (help) {
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());
}
tell();
