// The situation tree: choosing, folding, moving with mouse and keys; ticks in the table. Every change is computed by the
// server (`operations/`) and done by drafting, so it saves itself and can be undone.
const board = document.querySelector("[data-board]");
const folded = new Set();
let at = "";
let way = "";

const view = () => board.querySelector("[data-view]")?.dataset.view ?? "edit";
const items = () => [...board.querySelectorAll('[role="treeitem"]')];
const shown = () => items().filter((item) => !item.parentElement.closest('[aria-expanded="false"]'));
const nameOf = (item) => item.dataset.node ?? item.dataset.leaf ?? "";
const say = (text) => (document.querySelector("[data-said]").textContent = text);

function address(part) {
  const query = new URLSearchParams({ view: view(), part });
  if (at) query.set("at", at);
  if (way !== "") query.set("way", way);
  return `${board.dataset.url}?${query}`;
}

/** Put a fresh piece of the page in its place; the script that saves looks after the controls in it. */
async function load(part, place) {
  const answer = await fetch(address(part), { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  place.innerHTML = await answer.text();
  window.htmx?.process(place);
  settle();
}

/** After a drawing: what was folded stays folded, and one item is in the way of the tab key. */
function settle() {
  const mark = board.querySelector("[data-view]");
  at = mark?.dataset.at || (board.querySelector(`[data-node="${CSS.escape(at)}"]`) ? at : "");
  for (const item of items()) {
    if (item.hasAttribute("aria-expanded")) item.setAttribute("aria-expanded", String(!folded.has(nameOf(item))));
  }
  const chosen = board.querySelector('[role="treeitem"][aria-selected="true"]') ?? items()[0];
  if (chosen) chosen.tabIndex = 0;
}

function reach(item) {
  if (!item) return;
  for (const other of items()) other.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
}

function fold(item, open) {
  if (!item.hasAttribute("aria-expanded")) return;
  item.setAttribute("aria-expanded", String(open));
  const name = nameOf(item);
  if (name) folded[open ? "delete" : "add"](name);
}

async function open(item) {
  if (item.dataset.node === undefined && item.dataset.leaf === undefined) {
    fold(item, item.getAttribute("aria-expanded") === "false");
    return;
  }
  for (const other of items()) if (other.hasAttribute("aria-selected")) other.setAttribute("aria-selected", String(other === item));
  if (item.dataset.node !== undefined) at = item.dataset.node;
  else way = item.dataset.leaf;
  board.querySelector("[data-view]").dataset.at = at;
  const panel = document.getElementById("tree-panel");
  await load("panel", panel);
  if (matchMedia("(max-width: 47.99rem)").matches) panel.scrollIntoView({ block: "start" });
}

async function change(asked) {
  const draft = window.tongban?.draft;
  if (!draft) return;
  draft.flush();
  const answer = await fetch(`${board.dataset.operations}?${new URLSearchParams(asked)}`, { headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) {
    say("");
    alertBeside(told.detail || told.title);
    if (asked.do === "tick") await load("board", board);
    return;
  }
  if (!told.ops.length || (told.uses.length && !(await confirmed(told.uses)))) return;
  const before = at;
  if (told.then !== undefined && asked.do !== "tick") at = told.then;
  board.querySelector("[data-view]").dataset.at = at;
  const typing = asked.do === "tick" ? document.activeElement?.closest("tr")?.dataset.row : "";
  try {
    await draft.edit(told.ops, told.label);
    await load("board", board);
    say(told.label);
    if (typing) board.querySelector(`[data-row="${typing}"] input[value="${asked.last}"]`)?.focus();
    else if (at.startsWith("/")) reach(board.querySelector(`[data-node="${CSS.escape(at)}"]`));
    else reach(board.querySelector('[role="treeitem"][aria-selected="true"]'));
  } catch {
    at = before;
    await load("board", board);
  }
}

function alertBeside(text) {
  const note = document.createElement("p");
  note.className = "tb-notice tb-notice--error";
  note.setAttribute("role", "alert");
  note.textContent = text;
  board.querySelectorAll(".tb-notice--error").forEach((old) => old.remove());
  (document.getElementById("tree-panel") ?? board).prepend(note);
}

function confirmed(uses) {
  const dialog = document.getElementById("tree-uses");
  dialog.querySelector("[data-uses]").replaceChildren(
    ...uses.map((use) => Object.assign(document.createElement("li"), { textContent: use })),
  );
  return new Promise((resolve) => {
    const answer = (event) => {
      const button = event.target.closest("[data-answer]");
      if (event.type === "click" && !button) return;
      dialog.removeEventListener("click", answer);
      dialog.removeEventListener("close", answer);
      resolve(button?.dataset.answer === "yes");
      if (dialog.open) dialog.close();
    };
    dialog.addEventListener("click", answer);
    dialog.addEventListener("close", answer);
    dialog.showModal();
  });
}

board.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) {
    const { do: act, at: node, by, on, from, name } = button.dataset;
    const asked = { do: act, at: node };
    if (by) asked.by = by;
    if (on) asked.on = on;
    if (from) asked[name] = document.getElementById(from).value;
    change(asked);
    return;
  }
  const link = event.target.closest("[data-open], a[data-leaf]");
  if (link) {
    event.preventDefault();
    if (link.dataset.open) at = link.dataset.open;
    else way = link.dataset.leaf;
    load("board", board);
    return;
  }
  if (event.target.closest("[data-print]")) window.print();
  const item = event.target.closest('[role="treeitem"]');
  if (!item || !event.target.closest(".tb-tree__label")) return;
  if (event.target.closest(".tb-tree__fold")) fold(item, item.getAttribute("aria-expanded") === "false");
  else open(item);
  reach(item);
});

board.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick]")) return;
  const row = event.target.closest("tr");
  const ways = [...row.querySelectorAll("[data-tick]:checked")].map((box) => box.value).join(",");
  change({ do: "tick", at: row.dataset.row, ways, last: event.target.value });
});

const KEYS = {
  ArrowDown: (item, all) => reach(all[all.indexOf(item) + 1]),
  ArrowUp: (item, all) => reach(all[all.indexOf(item) - 1]),
  Home: (_item, all) => reach(all[0]),
  End: (_item, all) => reach(all[all.length - 1]),
  ArrowRight: (item, all) => (item.getAttribute("aria-expanded") === "false" ? fold(item, true) : reach(item.querySelector('[role="treeitem"]') ?? all[all.indexOf(item)])),
  ArrowLeft: (item) => (item.getAttribute("aria-expanded") === "true" ? fold(item, false) : reach(item.parentElement.closest('[role="treeitem"]') ?? item)),
  Enter: (item) => open(item),
  " ": (item) => open(item),
  Delete: (item) => item.dataset.node && change({ do: "remove", at: item.dataset.node }),
};

board.addEventListener("keydown", (event) => {
  if (!event.target.matches('[role="treeitem"]')) return;
  const item = event.target;
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && item.dataset.node) {
    event.preventDefault();
    change({ do: "move", at: item.dataset.node, by: event.key === "ArrowUp" ? "-1" : "1" });
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key](item, shown());
});

// Dragging: a question onto an answer is asked after it; onto the question before or after it, they change places.
let dragged = null;
const target = (event) => event.target.closest?.("[data-node]");
const overTree = (event) => event.target.closest?.(".tb-tree");
board.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-node]");
  event.dataTransfer?.setData("text/plain", dragged?.dataset.node ?? "");
});
board.addEventListener("dragover", (event) => {
  if (!dragged || !overTree(event)) return;
  event.preventDefault();
  board.querySelectorAll(".tb-tree__node--over").forEach((item) => item.classList.remove("tb-tree__node--over"));
  target(event)?.classList.add("tb-tree__node--over");
});
board.addEventListener("dragend", () => {
  board.querySelectorAll(".tb-tree__node--over").forEach((item) => item.classList.remove("tb-tree__node--over"));
  dragged = null;
});
board.addEventListener("drop", (event) => {
  const onto = target(event);
  if (!dragged || !onto || onto === dragged || dragged.contains(onto)) return;
  event.preventDefault();
  const from = dragged.dataset.node;
  if (onto.dataset.kind === "option") change({ do: "carry", at: from, to: onto.dataset.node });
  else if (onto.parentElement === dragged.parentElement) {
    const rows = [...onto.parentElement.children];
    change({ do: "move", at: from, by: String(rows.indexOf(onto) - rows.indexOf(dragged)) });
  } else change({ do: "carry", at: from, to: onto.dataset.node.replace(/\/\d+$/, "") });
});

// What one types in the panel shows in the drawing; what others did, or was undone, is drawn anew.
document.body.addEventListener("draft:changed", () => {
  const drawing = document.getElementById("tree-drawing");
  if (drawing && view() === "edit" && document.activeElement?.closest("#tree-panel")) load("tree", drawing);
});
document.body.addEventListener("draft:reshaped", () => {
  if (!document.activeElement?.matches?.("#tree-panel [data-path], [data-tick]")) load("board", board);
});

way = board.querySelector("[data-view]")?.dataset.way ?? "";
settle();
