// The editor of an item: each finding beside its field, the guide kept fresh, tables pasted from Word, rows dragged into order.
const body = document.body;

// --- findings: the list is the truth, the sentences beside the fields follow it -------------------------------------------
function placeFindings() {
  const list = document.getElementById("author-findings");
  if (!list) return;
  for (const spot of document.querySelectorAll("[data-finding-for]")) clear(spot);
  for (const finding of list.querySelectorAll("[data-finding]")) {
    const spot = nearest(finding.dataset.finding);
    if (spot) say(spot, finding);
  }
}

function nearest(path) {
  for (; path; path = path.slice(0, path.lastIndexOf("/"))) {
    const spot = document.querySelector(`[data-finding-for="${CSS.escape(path)}"]`);
    if (spot) return spot;
  }
  return null;
}

function control(spot) {
  return spot.id ? document.getElementById(spot.id.replace(/-finding$/, "")) : null;
}

function clear(spot) {
  const field = control(spot);
  spot.hidden = true;
  spot.textContent = "";
  field?.removeAttribute("aria-invalid");
  if (field?.hasAttribute("aria-describedby")) describe(field, spot.id, false);
}

function say(spot, finding) {
  const gap = finding.hasAttribute("data-gap");
  const field = control(spot);
  spot.hidden = false;
  spot.classList.toggle("tb-part__finding--gap", gap && !spot.textContent);
  spot.textContent += (spot.textContent ? " " : "") + finding.dataset.text;
  if (field) describe(field, spot.id, true);
  if (field && !gap && field.matches("input, select, textarea")) field.setAttribute("aria-invalid", "true");
}

function describe(field, id, add) {
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  ids[add ? "add" : "delete"](id);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
  else field.removeAttribute("aria-describedby");
}

body.addEventListener("htmx:afterSettle", placeFindings);
placeFindings();

// A link to a field of this page jumps there again even when the address already says so.
body.addEventListener("click", (event) => {
  const link = event.target.closest("#author-findings a");
  if (link && link.href === location.href) window.dispatchEvent(new HashChangeEvent("hashchange"));
});

// --- the guide beside the editor: loaded again, at the same place of the page ---------------------------------------------
let wait = 0;
body.addEventListener("draft:changed", () => {
  clearTimeout(wait);
  wait = setTimeout(refreshGuide, 500);
});

function refreshGuide() {
  const frame = document.querySelector("iframe[data-fresh]");
  const page = frame?.contentWindow;
  if (!page) return;
  const top = page.scrollY;
  frame.addEventListener("load", () => page.scrollTo({ top, behavior: "instant" }), { once: true });
  page.location.reload();
}

// --- a table from Word or Excel becomes rows; its looks are dropped --------------------------------------------------------
body.addEventListener("paste", (event) => {
  const list = event.target.closest?.("[data-rows]");
  if (!list || !event.clipboardData) return;
  const table = tableIn(event.clipboardData);
  if (!table) return;
  event.preventDefault();
  const ops = rowsOf(table, list).map((value) => ({ op: "add", path: `${list.dataset.rows}/-`, value }));
  if (ops.length) window.tongban.draft.edit(ops, `粘贴表格 ${ops.length}`).catch(() => {});
});

function tableIn(clipboard) {
  const html = clipboard.getData("text/html");
  if (html.includes("<t")) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const rows = [...page.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("td, th")].map((cell) => plain(cell.textContent)));
    if (rows.length && rows.some((row) => row.length > 1)) return rows;
  }
  const lines = clipboard.getData("text/plain").replace(/\s+$/, "").split(/\r?\n/);
  return lines.some((line) => line.includes("\t")) ? lines.map((line) => line.split("\t").map(plain)) : null;
}

function plain(text) {
  return text.replace(/[\s\u00a0]+/g, " ").trim();
}

function rowsOf(table, list) {
  const columns = JSON.parse(list.dataset.columns);
  const blank = JSON.parse(list.dataset.blank);
  const named = table[0].map((head) => columns.find((column) => head && (column.label === head || column.label.includes(head) || head.includes(column.label))));
  const hasHead = named.filter(Boolean).length > 1;
  const order = hasHead ? named : columns;
  const rows = (hasHead ? table.slice(1) : table).filter((row) => row.some(Boolean));
  return rows.map((cells, place) => {
    const value = { ...blank };
    if (blank.key) value.key = blank.key.replace(/\d+$/, (number) => String(Number(number) + place));
    cells.forEach((cell, at) => fill(value, order[at], cell));
    return value;
  });
}

function fill(value, column, cell) {
  if (!column || !cell) return;
  if (column.kind === "number") value[column.name] = Number(cell.match(/\d+/)?.[0] ?? 0);
  else if (column.kind === "money") value[column.name] = Math.round(Number(cell.match(/[\d.]+/)?.[0] ?? 0) * 100);
  else if (column.kind !== "choice") value[column.name] = cell;
  else if (cell in column.options) value[column.name] = column.options[cell];
}

// --- rows dragged into another order; by keyboard the buttons do the same --------------------------------------------------
let dragged = null;
body.addEventListener("pointerdown", (event) => {
  const row = event.target.closest(".tb-row__handle")?.closest("[data-row]");
  if (row) row.draggable = true;
});
body.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-row][draggable=true]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
});
body.addEventListener("dragover", (event) => {
  const over = target(event);
  if (!over) return;
  event.preventDefault();
  for (const row of over.parentElement.children) row.classList.toggle("tb-row--over", row === over);
});
body.addEventListener("drop", (event) => {
  const over = target(event);
  if (!over) return;
  event.preventDefault();
  window.tongban.draft.edit([{ op: "move", from: dragged.dataset.row, path: over.dataset.row }], "").catch(() => {});
});
body.addEventListener("dragend", () => {
  if (dragged) dragged.draggable = false;
  dragged = null;
  for (const row of document.querySelectorAll(".tb-row--over")) row.classList.remove("tb-row--over");
});

function target(event) {
  const over = dragged && event.target.closest?.("[data-row]");
  return over && over !== dragged && over.parentElement === dragged.parentElement ? over : null;
}
