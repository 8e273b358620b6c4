// The form's page: what is chosen, what is pressed, what is dragged. Every change goes through drafting.js, so that it is saved,
// told to colleagues and can be undone; which operations a press amounts to is asked of the server, which knows the form's rules.
import { attachConditions } from "./form-condition.js";
import { attachPaste } from "./form-paste.js";
import { attachPreview } from "./form-preview.js";

const root = document.querySelector("[data-designer]");
const base = root.dataset.designer;
const canvas = root.querySelector("[data-canvas]");
const pane = document.querySelector("[data-piece]");
const asked = document.getElementById("asked");
const state = { chosen: "/form", keepFocus: "" };

export async function post(address, body) {
  const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  const headers = { Accept: "application/json", "X-CSRFToken": mark };
  if (!isForm) headers["Content-Type"] = "application/json";
  const answer = await fetch(base + address, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) });
  return answer;
}

export async function page(address) {
  const answer = await fetch(base + address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

export function complain(words = root.dataset.lost) {
  const box = root.querySelector("[data-problem]");
  box.textContent = words;
  box.hidden = !words;
}

function say(words) {
  root.querySelector("[data-said]").textContent = words;
}

/** Ask what a press amounts to, do it, and choose what it says. Resolves to whether it was done. */
export async function press(body, address = "edits/") {
  complain("");
  const answer = await post(address, body).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!answer?.ok || !told?.ops) {
    complain(told?.reasons?.map((reason) => reason.text ?? reason).join(" ") || told?.detail || told?.title || undefined);
    return false;
  }
  return done(told);
}

export async function done(told) {
  if (!told.ops.length) return false;
  const before = state.chosen;
  state.chosen = told.select;
  try {
    await window.tongban.draft.edit(told.ops, told.label);
  } catch {
    state.chosen = before;
    return false;
  }
  say(told.label);
  return true;
}

/** One value of the chosen piece: set, or taken out when it is empty. */
export function set(control, path, value) {
  const empty = value === "" || value === null;
  const had = control.dataset.had !== undefined;
  if (empty && !had) return Promise.resolve();
  const op = empty ? { op: "remove", path } : { op: "add", path, value };
  if (empty) delete control.dataset.had;
  else control.dataset.had = "";
  return window.tongban.draft.edit([op], "", { quiet: true }).catch(() => {});
}

// --- what is chosen ---------------------------------------------------------------------------------------------------------

function pieces() {
  return [...canvas.querySelectorAll("[data-choose]")];
}

function pieceAt(pointer) {
  return canvas.querySelector(`[data-choose="${CSS.escape(pointer)}"]`);
}

function mark() {
  const all = pieces();
  const now = pieceAt(state.chosen);
  for (const one of all) {
    one.tabIndex = -1;
    one.toggleAttribute("aria-current", one === now);
  }
  const first = now ?? all[0];
  if (first) first.tabIndex = 0;
}

/** Whether a text or a condition of the shown piece is being written: its pane must not be put anew under the fingers. */
function typing(pointer) {
  const control = document.activeElement;
  return pane.contains(control) && control.matches("[data-path], [data-condition] *") && pane.querySelector("[data-at]").dataset.at === pointer;
}

function pieceAddress(pointer) {
  return `piece/?at=${encodeURIComponent(pointer)}`;
}

async function choose(pointer, focus = "") {
  state.chosen = pointer;
  mark();
  try {
    fill(await page(pieceAddress(pointer)), pointer, focus);
  } catch {
    complain();
  }
}

/** Put a piece's properties into the pane; the focus goes to `pane`, or back to where it was in it. */
function fill(fresh, pointer, focus = "") {
  if (!focus && typing(pointer)) return;
  const held = pane.contains(document.activeElement) ? document.activeElement.id : "";
  pane.innerHTML = fresh;
  window.htmx?.process(pane);
  document.body.dispatchEvent(new CustomEvent("htmx:afterSwap")); // drafting.js puts back what is typed and not yet saved
  state.chosen = pane.querySelector("[data-at]").dataset.at;
  mark();
  if (focus === "pane") (pane.querySelector("[data-first]") ?? pane.querySelector("[data-piece-title]")).focus();
  else if (held) document.getElementById(held)?.focus();
}

/** The canvas again, and with it, at the same moment, the pane where pieces came, went or moved: who sees the new order can
 * work on. The focus stays where it was or goes to what was pressed. */
async function redraw(withPane) {
  const chosen = state.chosen;
  const anew = withPane && !typing(chosen);
  let fresh;
  try {
    fresh = await Promise.all([page("canvas/"), anew ? page(pieceAddress(chosen)) : null]);
  } catch {
    return;
  }
  const wanted = withPane && state.keepFocus;
  const held = canvas.contains(document.activeElement);
  if (withPane) state.keepFocus = "";
  canvas.innerHTML = fresh[0];
  mark();
  if (held || wanted) pieceAt(state.chosen)?.focus();
  if (anew && state.chosen === chosen) fill(fresh[1], chosen);
  else await texts();
}

async function texts() {
  const box = pane.querySelector("[data-texts]");
  const [name, label] = [pane.querySelector("[data-piece-name]"), pieceAt(state.chosen)?.querySelector(".tb-piece__label")];
  if (name && label) name.textContent = label.textContent;
  if (box) box.innerHTML = await page(`texts/?at=${encodeURIComponent(state.chosen)}`).catch(() => box.innerHTML);
}

let timer = 0;
let reshaped = false;
let turn = Promise.resolve();
document.body.addEventListener("draft:changed", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const withPane = reshaped;
    reshaped = false;
    turn = turn.then(() => redraw(withPane)); // one after the other, or an old answer would come over a newer one
  }, 150);
});
document.body.addEventListener("draft:reshaped", () => {
  reshaped = true;
});

// --- pressing ---------------------------------------------------------------------------------------------------------------

function brick(button) {
  const { kind, element, shared } = button.dataset;
  return { do: "add", kind, element, shared };
}

async function remove(pointer) {
  let found;
  try {
    found = await page(`removal/?at=${encodeURIComponent(pointer)}`);
  } catch {
    complain();
    return;
  }
  asked.querySelector("[data-asked]").innerHTML = found;
  if (asked.querySelector("ul, .tb-notice")) asked.showModal();
  else removeNow(pointer);
}

function removeNow(pointer) {
  state.keepFocus = "piece";
  asked.close();
  press({ do: "remove", at: pointer });
}

async function ask(address) {
  try {
    asked.querySelector("[data-asked]").innerHTML = await page(address);
    asked.showModal();
  } catch {
    complain();
  }
}

const PRESSED = {
  add: (button) => {
    state.keepFocus = "piece";
    press({ ...brick(button), after: state.chosen });
  },
  choose: (button) => choose(button.dataset.choose, button.closest("[data-canvas]") ? "" : "pane"),
  step: (button) => press({ do: "step", at: state.chosen, way: button.dataset.step }),
  remove: () => remove(state.chosen),
  removeNow: (button) => removeNow(button.dataset.removeNow),
  newer: () => ask(`newer/?at=${encodeURIComponent(state.chosen)}`),
  take: (button) => {
    asked.close();
    press({ do: "take", at: button.dataset.take });
  },
  share: () => {
    const [key, note] = ["key", "note"].map((name) => pane.querySelector(`[data-share-${name}]`).value);
    press({ at: state.chosen, key, note }, "share/");
  },
  optionAdd: (button) => {
    const taken = new Set(button.dataset.taken.split(" "));
    let value = 1;
    while (taken.has(String(value))) value += 1;
    const option = { value: String(value), label: button.dataset.words };
    window.tongban.draft.edit([{ op: "add", path: `${button.dataset.optionAdd}/-`, value: option }], button.dataset.label);
  },
  checkAdd: (button) => {
    const path = `${button.dataset.checkAdd}/checks`;
    const ops = button.dataset.has === undefined ? [{ op: "add", path, value: [] }] : [];
    ops.push({ op: "add", path: `${path}/-`, value: { expr: "true", message: button.dataset.message } });
    window.tongban.draft.edit(ops, button.dataset.label);
  },
  open: (button) => document.getElementById(button.dataset.open).showModal(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const name = button && Object.keys(PRESSED).find((one) => button.dataset[one] !== undefined);
  if (name) PRESSED[name](button);
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.matches("[data-set]")) set(control, control.dataset.set, typed(control));
  if (control.matches("[data-retype]")) press({ do: "retype", at: state.chosen, type: control.value });
  if (control.matches("[data-rename]")) rename(control);
  if (control.matches("[data-needed] input[name=needed]")) needed(control);
});

function typed(control) {
  const text = control.value.trim();
  if (!control.dataset.as || text === "") return text;
  const number = Number(text);
  if (Number.isNaN(number)) return text;
  return control.dataset.as === "fen" ? Math.round(number * 100) : number;
}

async function rename(control) {
  if (!(await press({ do: "rename", at: state.chosen, key: control.value }))) control.focus();
}

function needed(control) {
  const box = control.closest("[data-needed]");
  const when = box.querySelector("[data-needed-when]");
  when.hidden = control.value !== "sometimes";
  if (control.value === "sometimes") when.querySelector("[data-term-add]")?.focus();
  else set(box, box.dataset.needed, control.value === "always");
}

// --- by keyboard ------------------------------------------------------------------------------------------------------------

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "into" };

canvas.addEventListener("keydown", (event) => {
  const piece = event.target.closest("[data-choose]");
  if (!piece || event.ctrlKey || event.metaKey) return;
  if (event.altKey && STEPS[event.key]) {
    event.preventDefault();
    state.keepFocus = "piece";
    press({ do: "step", at: piece.dataset.choose, way: STEPS[event.key] });
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown" || event.key === "Home" || event.key === "End") {
    event.preventDefault();
    walk(piece, event.key);
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(piece.dataset.choose, "pane");
  } else if (event.key === "Delete") {
    event.preventDefault();
    remove(piece.dataset.choose);
  }
});

function walk(piece, key) {
  const all = pieces();
  const at = all.indexOf(piece);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[key];
  if (!all[next]) return;
  state.chosen = all[next].dataset.choose;
  mark();
  all[next].focus();
}

// --- by dragging ------------------------------------------------------------------------------------------------------------

let dragged = null;
const drop = document.createElement("div");
drop.className = "tb-drop";

document.addEventListener("dragstart", (event) => {
  const button = event.target.closest?.("[data-choose], [data-add]");
  if (!button) return;
  dragged = button;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", button.textContent.trim());
});

document.addEventListener("dragend", () => {
  dragged = null;
  drop.remove();
});

canvas.addEventListener("dragover", (event) => {
  const place = dragged && placeUnder(event);
  if (!place) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  if (place.before) place.before.before(drop);
  else place.list.append(drop);
});

canvas.addEventListener("drop", (event) => {
  const place = dragged && placeUnder(event);
  if (!place) return;
  event.preventDefault();
  const { array, number } = place;
  const body = dragged.dataset.choose ? { do: "move", at: dragged.dataset.choose } : brick(dragged);
  drop.remove();
  state.keepFocus = "piece";
  press({ ...body, array, number });
});

/** Where a drop would land: before which row, in which list. Groups stand among groups, fields in the lists of a group. */
function placeUnder(event) {
  const isGroup = dragged.dataset.group !== undefined || dragged.dataset.kind === "group";
  const list = isGroup ? canvas : event.target.closest("ul[data-array]");
  if (!list) return null;
  const rows = [...list.children].filter((child) => child.dataset.row);
  const number = rows.findIndex((row) => event.clientY < row.getBoundingClientRect().top + row.offsetHeight / 2);
  const at = number < 0 ? rows.length : number;
  return { list, array: isGroup ? "/form/groups" : list.dataset.array, number: at, before: rows[at] };
}

// --- the palette ------------------------------------------------------------------------------------------------------------

root.querySelector("[data-palette-search]").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  let some = false;
  for (const one of root.querySelectorAll("[data-palette] .tb-brick")) {
    const fits = one.dataset.words.toLowerCase().includes(wanted);
    one.closest("li").hidden = !fits;
    some ||= fits;
  }
  for (const drawer of root.querySelectorAll("[data-palette] details, [data-palette] .tb-brick-title")) {
    const list = drawer.matches("details") ? drawer : drawer.nextElementSibling;
    drawer.hidden = Boolean(wanted) && !list.querySelector("li:not([hidden])");
  }
  root.querySelector("[data-palette-none]").hidden = some;
});

/** A link such as `#at=/form/groups/0/fields/2/label` chooses the piece it points into. */
function arrive() {
  if (!location.hash.startsWith("#at=/form")) return;
  const path = decodeURIComponent(location.hash.slice(4));
  const inside = pieces().filter((one) => `${path}/`.startsWith(`${one.dataset.choose}/`));
  choose(inside.length ? inside[inside.length - 1].dataset.choose : "/form", "pane");
}

window.addEventListener("hashchange", arrive);
attachConditions({ post, set, pane });
attachPaste({ post, press, chosen: () => state.chosen });
attachPreview({ post, done, complain });
mark();
arrive();
