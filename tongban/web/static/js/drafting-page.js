// What an edited page shows: values in its controls, the state line, who else is here, the choice when two wrote the same.

/** The value of a control as it stands in the document; undefined when it cannot be read yet. */
export function valueOf(control) {
  const { path, type } = control.dataset;
  if (control.type === "checkbox") {
    if (type !== "list") return control.checked;
    return [...document.querySelectorAll(selector(path))].filter((box) => box.checked).map((box) => box.value);
  }
  if (control.type === "radio" && !control.checked) return undefined;
  if (control.tagName === "SELECT" && control.multiple) return [...control.selectedOptions].map((option) => option.value);
  return read(control.value, type);
}

function read(text, type) {
  if (type === "number") return text.trim() === "" ? null : Number(text);
  if (type === "money") return Math.round(Number(text.replace(/[,，¥]/g, "")) * 100) || 0;
  if (type === "boolean") return text === "true";
  if (type === "list") return text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (type !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function selector(path) {
  return `[data-path="${CSS.escape(path)}"]`;
}

function at(content, path) {
  let found = content;
  for (const token of path.split("/").slice(1)) found = found?.[token.replaceAll("~1", "/").replaceAll("~0", "~")];
  return found;
}

/** Put the document's values into the controls, except where something waits to be saved; `typed` is put back after a swap. */
export function apply(content, waiting, typed = new Map()) {
  for (const control of document.querySelectorAll("[data-path]")) {
    const { path } = control.dataset;
    if (typed.has(path)) put(control, typed.get(path).value);
    else if (content && !waiting.has(path)) put(control, at(content, path));
  }
}

function put(control, value) {
  if (control.type === "checkbox") {
    control.checked = control.dataset.type === "list" ? Boolean(value?.includes?.(control.value)) : value === true;
  } else if (control.type === "radio") {
    control.checked = value !== null && value !== undefined && String(value) === control.value;
  } else if (control.tagName === "SELECT" && control.multiple) {
    for (const option of control.options) option.selected = Boolean(value?.includes?.(option.value));
  } else if (control.tagName === "SELECT" && control.dataset.type === "json") {
    control.value = JSON.stringify(value ?? null);
  } else {
    const text = written(value, control.dataset.type);
    if (control.value !== text) control.value = text;
  }
}

function written(value, type) {
  if (value === null || value === undefined) return "";
  if (type === "json") return JSON.stringify(value);
  if (type === "money") return value ? String(value / 100) : "";
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** The state line: saved, saving, failed (will be sent again), refused with the reason, news of others. */
export function note(state, words = "") {
  for (const line of document.querySelectorAll("[data-draft-state]")) {
    const text = `${line.dataset[state] ?? ""} ${words}`.trim();
    line.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
  }
}

/** Who else has the draft open. */
export function follow(others) {
  for (const line of document.querySelectorAll("[data-draft-others]")) {
    const text = others.map((one) => (one.place ? `${one.name}（${one.place}）` : one.name)).join("、");
    const said = text ? `${line.dataset.here}${text}` : "";
    if (line.textContent !== said) line.textContent = said;
  }
}

/** Both versions side by side. Resolves to true when one's own is chosen. */
export function showConflict(conflicts, mayChoose) {
  const dialog = document.getElementById("draft-conflict");
  if (!dialog) return Promise.resolve(false);
  const rows = conflicts.map((one) => {
    const row = dialog.querySelector("template").content.cloneNode(true);
    for (const part of row.querySelectorAll("[data-part]")) part.textContent = one[part.dataset.part] || part.dataset.empty || "";
    return row;
  });
  dialog.querySelector("[data-rows]").replaceChildren(...rows);
  dialog.querySelector("[value=mine]").hidden = !mayChoose;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "mine"), { once: true });
  });
}

function unfold(found) {
  for (let box = found.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

/** Where the focus goes: into a row just added, to the place a link names, to where it was when a row went. */
export class Place {
  expect(button) {
    const ops = JSON.parse(button.dataset.op);
    const added = ops.find((op) => op.op === "add" && op.value && typeof op.value === "object");
    this.list = added ? added.path.replace(/\/[^/]*$/, "") : "";
    this.count = this.rows().length;
    this.focus = button.dataset.then ?? "";
    this.until = Date.now() + 10000;
  }

  /** The rows of the list that grows. */
  rows() {
    if (!this.list) return [];
    const rows = [...document.querySelectorAll(`[data-row^="${CSS.escape(this.list)}/"]`)];
    return rows.filter((row) => row.dataset.row.slice(this.list.length + 1).match(/^\d+$/));
  }

  reach() {
    if (!this.until || Date.now() > this.until) return;
    let found = this.focus && document.querySelector(this.focus);
    if (!found && this.list) {
      const rows = this.rows();
      const last = rows.length > this.count ? rows.pop() : null;
      found = last?.querySelector("input, select, textarea");
    }
    if (found) {
      this.until = 0;
      unfold(found);
      found.focus();
    }
  }

  /** A link such as `#at=/promise/days` jumps to the control of that place, or to the nearest around it. */
  arriveAtHash() {
    const jump = () => {
      if (!location.hash.startsWith("#at=")) return;
      let path = decodeURIComponent(location.hash.slice(4));
      for (; path; path = path.slice(0, path.lastIndexOf("/"))) {
        const found = document.querySelector(selector(path)) ?? document.querySelector(`[data-row="${CSS.escape(path)}"]`);
        if (!found) continue;
        unfold(found);
        found.scrollIntoView({ block: "center" });
        (found.matches("input, select, textarea, button") ? found : (found.querySelector("input, select, textarea, button") ?? found)).focus();
        return;
      }
    };
    window.addEventListener("hashchange", jump);
    jump();
  }
}
