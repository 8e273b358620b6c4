// The page of a licence type: boxes over the drawn page, moved by pointer or keyboard. Each move is an edit of the draft
// (js/drafting.js), so it is saved, told to others, and taken back by undo. Millimetres from the top left.
const STEP = 1; // mm a key moves
const PAUSE = 350; // ms after the last key before it is saved
const REDRAW = 500;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const round = (value) => Math.round(value * 10) / 10;
const edit = (ops, label, how) => window.tongban?.draft?.edit(ops, label, how)?.catch(() => {});

/** The numbers of a mark, as they stand in its controls: the document's own truth. */
function numbers(box) {
  const found = {};
  for (const name of ["x", "y", "w", "h", "x1", "y1", "x2", "y2"]) {
    const control = control_of(box, name);
    if (control) found[name] = Number(control.value);
  }
  return found;
}

function control_of(box, name) {
  return document.querySelector(`[data-path="${CSS.escape(`${box.dataset.mark}/${name}`)}"]`);
}

function place(box, [x, y, w, h]) {
  const sheet = box.closest("[data-sheet]");
  const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  box.style.left = `${(x / width) * 100}%`;
  box.style.top = `${(y / height) * 100}%`;
  box.style.width = `${(Math.max(w, 1.5) / width) * 100}%`;
  box.style.height = `${(Math.max(h, 1.5) / height) * 100}%`;
  box.at = [x, y, w, h];
}

function layOut() {
  for (const sheet of document.querySelectorAll("[data-sheet]")) {
    sheet.style.aspectRatio = `${sheet.dataset.width} / ${sheet.dataset.height}`;
    for (const box of sheet.querySelectorAll("[data-box]")) place(box, JSON.parse(box.dataset.box));
  }
  const box = box_of(chosen);
  if (box) choose(box, false);
  if (box && focused && document.activeElement === document.body) box.focus({ preventScroll: true });
}

function box_of(mark) {
  return mark && document.querySelector(`.lt-box[data-of="${CSS.escape(mark)}"]`);
}

let chosen = ""; // the id of its line in the list
let focused = false; // whether the focus was on a box before the page was drawn anew
function choose(box, open = true) {
  for (const other of document.querySelectorAll(".lt-box--chosen")) other.classList.remove("lt-box--chosen");
  chosen = box?.dataset.of ?? "";
  box?.classList.add("lt-box--chosen");
  const row = box && document.getElementById(box.dataset.of);
  if (row && (open || !row.open)) {
    for (const other of row.closest("ol").querySelectorAll("details[open]")) other.open = other === row;
    row.open = true;
    const list = row.closest("ol");
    list.scrollTop = row.offsetTop - list.offsetTop - 40;
  }
}

/** Where the box may be at most, so that nothing hangs over the edge. */
function within(box, [x, y, w, h]) {
  const sheet = box.closest("[data-sheet]");
  const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  return [Math.min(Math.max(x, 0), Math.max(0, width - w)), Math.min(Math.max(y, 0), Math.max(0, height - h)), w, h];
}

const waiting = new Map();
let timer = 0;

/** Keep in mind how far a box has moved and grown, and save it when the hand rests. */
function change(box, dx, dy, dw, dh, pause = PAUSE) {
  const [x, y, w, h] = box.at;
  const next = within(box, [x + dx, y + dy, Math.max(2, w + dw), box.dataset.kind === "line" ? h + dh : Math.max(2, h + dh)]);
  const moved = waiting.get(box.dataset.of) ?? { box, from: box.at };
  place(box, next);
  waiting.set(box.dataset.of, moved);
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function save() {
  for (const { box, from } of waiting.values()) {
    const now = numbers(box);
    const [dx, dy, dw, dh] = box.at.map((value, place) => value - from[place]);
    const values = {};
    if ("x1" in now) {
      Object.assign(values, { x1: now.x1 + dx, y1: now.y1 + dy, x2: now.x2 + dx + dw, y2: now.y2 + dy + dh });
    } else {
      Object.assign(values, { x: now.x + dx, y: now.y + dy });
      if ("w" in now && (dw || dh)) values.w = now.w + (box.dataset.kind === "qr" ? Math.max(dw, dh) : dw);
      if ("h" in now && dh) values.h = now.h + dh;
    }
    const ops = [];
    for (const [name, value] of Object.entries(values)) {
      const control = control_of(box, name);
      if (!control || round(value) === Number(control.value)) continue;
      control.value = round(value);
      ops.push({ op: "replace", path: `${box.dataset.mark}/${name}`, value: round(value) });
    }
    box.dataset.box = JSON.stringify(box.at);
    if (ops.length) edit(ops, "", { quiet: true });
  }
  waiting.clear();
}

let hold = null;
document.addEventListener("pointerdown", (event) => {
  const box = event.target.closest(".lt-box");
  if (!box || event.button) return;
  const free = event.pointerType === "mouse" || box.dataset.of === chosen; // a finger scrolls until a box is chosen
  choose(box);
  if (!free) return;
  const edge = box.getBoundingClientRect();
  const grows = event.clientX > edge.right - 9 && event.clientY > edge.bottom - 9 && box.dataset.kind !== "seal";
  hold = { box, x: event.clientX, y: event.clientY, grows };
  box.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (!hold) return;
  const sheet = hold.box.closest("[data-sheet]");
  const scale = Number(sheet.dataset.width) / sheet.clientWidth;
  const [dx, dy] = [(event.clientX - hold.x) * scale, (event.clientY - hold.y) * scale];
  hold = { ...hold, x: event.clientX, y: event.clientY };
  if (hold.grows) change(hold.box, 0, 0, dx, dy, 60000);
  else change(hold.box, dx, dy, 0, 0, 60000);
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (!hold) return;
    hold = null;
    clearTimeout(timer);
    save();
  });
}

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".lt-box");
  if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Delete") {
    event.preventDefault();
    edit([{ op: "remove", path: box.dataset.mark }], "");
    return;
  }
  const way = KEYS[event.key];
  if (!way) return;
  event.preventDefault();
  const [dx, dy] = way.map((one) => one * STEP);
  if (event.shiftKey && box.dataset.kind !== "seal") change(box, 0, 0, dx, dy);
  else change(box, dx, dy, 0, 0);
});
document.addEventListener("focusin", (event) => {
  const box = event.target.closest?.(".lt-box");
  focused = Boolean(box);
  if (box && box.dataset.of !== chosen) choose(box);
});
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.(".lt-mark") && event.target.open) choose(box_of(event.target.id), false);
  },
  true,
);

document.addEventListener("change", async (event) => {
  const input = event.target.closest?.("[data-picture]");
  const file = input?.files[0];
  if (!file) return;
  const told = input.closest("details").querySelector("[data-picture-error]");
  const fits = file.type === "image/png" && file.size <= Number(input.dataset.most);
  told.hidden = fits;
  told.textContent = fits ? "" : input.dataset.toobig;
  input.value = "";
  if (!fits) return;
  const image = await createImageBitmap(file);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const png = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const value = { kind: "picture", x: 20, y: 20, w: 40, h: round((40 * image.height) / image.width), png, alt: "" };
  edit([{ op: "add", path: input.dataset.picture, value }], "");
});

// What was typed or moved is drawn anew once the hand rests: only the picture, so that the focus stays where it is.
let redraw = 0;
document.body.addEventListener("draft:changed", (event) => {
  clearTimeout(redraw);
  redraw = setTimeout(() => {
    for (const drawn of document.querySelectorAll(".lt-sheet__drawn, .lt-drawn")) {
      drawn.src = drawn.src.replace(/\?.*$/, `?revision=${event.detail.revision}`);
    }
    follow(event.detail.paths);
  }, REDRAW);
});

/** A box goes where its numbers say, when they were typed. */
function follow(paths) {
  for (const box of document.querySelectorAll("[data-box]")) {
    if (!paths.some((path) => path.startsWith(`${box.dataset.mark}/`)) || waiting.has(box.dataset.of)) continue;
    const now = numbers(box);
    if (box.dataset.kind === "seal") place(box, [now.x - box.at[2] / 2, now.y - box.at[3] / 2, box.at[2], box.at[3]]);
    else if ("x1" in now) place(box, [Math.min(now.x1, now.x2), Math.min(now.y1, now.y2), Math.abs(now.x2 - now.x1), Math.abs(now.y2 - now.y1)]);
    else place(box, [now.x, now.y, now.w, now.h ?? now.w]);
  }
}

document.body.addEventListener("htmx:afterSettle", layOut);
window.addEventListener("load", layOut);
layOut();
