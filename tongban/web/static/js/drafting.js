// A page that edits a draft together with others. <main data-draft="…" data-revision="7"> or any element holds:
//   controls with data-path="/plain_name" (data-type text, number, boolean, list, json), saved as one types;
//   buttons with data-op='[{"op":"add","path":"/materials/-","value":{}}]' (data-label: what it is called in the history).
// After every saved change `draft:changed` goes to <body> (detail: revision, paths), and `draft:reshaped` when rows came, went or
// moved, or others changed something (and `draft:rows-materials` for the top element it was in): regions ask for themselves again
// with hx-trigger. js/drafting-first.js, loaded before it without defer, keeps what is typed until then. window.tongban.draft.edit(ops, label) serves other scripts. See foundation/drafting/README.md.
import { Place, apply, follow, note, showConflict, valueOf } from "./drafting-page.js";

const PAUSE = 700;
const HERE_EVERY = 12000;
const MOST_WAIT = 30000;
const root = document.querySelector("[data-draft]");

class Draft {
  constructor(element) {
    this.address = `/console/drafting/${element.dataset.draft}`;
    this.revision = Number(element.dataset.revision);
    this.readonly = element.dataset.state !== "open";
    this.typed = new Map(); // path → {op, control}: not yet sent
    this.queue = [];
    this.busy = false;
    this.failures = 0;
  }

  /** Do operations; resolves when they are saved, rejects when they are refused. */
  edit(ops, label = "", how = {}) {
    this.flush();
    return this.enqueue({ way: "edit", ops, label, reshaped: !how.quiet });
  }

  undo() {
    this.flush();
    return this.enqueue({ way: "undo", reshaped: true });
  }

  redo() {
    this.flush();
    return this.enqueue({ way: "redo", reshaped: true });
  }

  type(control) {
    const value = valueOf(control);
    if (value === undefined) return;
    const path = control.dataset.path;
    const last = path.slice(path.lastIndexOf("/") + 1);
    this.typed.set(path, { op: /^\d+$/.test(last) ? "replace" : "add", path, value });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
    note("saving");
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.typed.size) return;
    const ops = [...this.typed.values()];
    this.typed.clear();
    this.enqueue({ way: "edit", ops, label: "", reshaped: false }).catch(() => {});
  }

  enqueue(job) {
    const done = new Promise((resolve, reject) => Object.assign(job, { resolve, reject }));
    job.token = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    this.queue.push(job);
    this.send();
    return done;
  }

  get unsaved() {
    return this.typed.size + this.queue.length > 0;
  }

  /** Paths that wait to be saved: what others wrote there must not be put over what one is typing. */
  waiting() {
    return new Set([...this.typed.keys(), ...this.queue.flatMap((job) => (job.ops ?? []).map((op) => op.path))]);
  }

  async send() {
    if (this.busy || !this.queue.length) return;
    this.busy = true;
    const job = this.queue[0];
    note("saving");
    try {
      const answer = await this.post(job.way, { revision: this.revision, ops: job.ops, label: job.label, token: job.token });
      if (answer.status >= 500 || [401, 403, 429].includes(answer.status)) throw new Error(String(answer.status));
      const told = await answer.json();
      this.failures = 0;
      this.queue.shift();
      if (answer.ok) this.saved(job, told);
      else if (told.conflicts) await this.conflict(job, told);
      else this.refused(job, told);
      this.busy = false;
      this.send();
    } catch (error) {
      // Nothing was lost: it waits here, and its token keeps it from being done twice.
      this.busy = false;
      this.failures += 1;
      note(["401", "403"].includes(error.message) ? "out" : "failed");
      clearTimeout(this.again);
      this.again = setTimeout(() => this.send(), Math.min(MOST_WAIT, 1000 * 2 ** this.failures));
    }
  }

  post(way, body) {
    const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": mark };
    return fetch(`${this.address}/${way}/`, { method: "POST", headers, body: JSON.stringify(body), keepalive: way === "edit" });
  }

  saved(job, told) {
    this.revision = told.revision;
    buttons(told);
    if (told.content) apply(told.content, this.waiting());
    if (!this.unsaved) note("saved", told.saved_at);
    tell({ ops: told.ops, others: told.others, reshaped: job.reshaped || Boolean(told.others?.length) }, this.revision);
    job.resolve(told);
  }

  refused(job, told) {
    note("refused", told.reasons?.map((reason) => reason.text).join(" ") || told.detail || told.title);
    job.reject(told);
  }

  /** Somebody changed the same place: show both, and do what is chosen. What was the same anyway needs no choice. */
  async conflict(job, told) {
    this.revision = told.revision;
    const differ = told.conflicts.filter((one) => JSON.stringify(one.theirs) !== JSON.stringify(one.mine));
    const mine = differ.length && (await showConflict(differ, job.way === "edit"));
    if (mine) {
      const again = { ...job, token: `${job.token}-` };
      this.queue.unshift(again);
      return;
    }
    apply(told.content, this.waiting());
    if (!this.unsaved) note("saved");
    tell({ ops: told.conflicts, others: told.conflicts, reshaped: true }, this.revision);
    job.reject(told);
  }

  /** Say that one is here and hear who else is, and what they did meanwhile. */
  async arrive() {
    if (document.hidden) return;
    const path = document.activeElement?.dataset?.path ?? "";
    try {
      const answer = await this.post(`presence`, { path, revision: this.revision });
      if (!answer.ok) return;
      const told = await answer.json();
      follow(told.others);
      if (told.state !== root.dataset.state) location.reload();
      if (!told.content || this.busy || told.revision <= this.revision) return;
      this.revision = told.revision;
      apply(told.content, this.waiting());
      note("news", told.news.join(" "));
      tell({ ops: told.ops, others: told.ops, reshaped: true }, this.revision);
    } catch {
      follow([]);
    }
  }
}

function tell({ ops = [], others = [], reshaped }, revision) {
  const paths = [...new Set([...ops, ...(others ?? [])].map((op) => op.path))];
  const detail = { revision, paths };
  document.body.dispatchEvent(new CustomEvent("draft:changed", { detail }));
  if (!reshaped) return;
  document.body.dispatchEvent(new CustomEvent("draft:reshaped", { detail }));
  for (const top of new Set(paths.map((path) => path.split("/")[1]))) {
    document.body.dispatchEvent(new CustomEvent(`draft:rows-${top}`, { detail }));
  }
}

function buttons({ undo, redo }) {
  for (const [name, can] of [["undo", undo], ["redo", redo]]) {
    for (const button of document.querySelectorAll(`[data-draft-${name}]`)) button.disabled = !can;
  }
}

function attach(draft) {
  const place = new Place();
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-path]") && event.target.type !== "radio") draft.type(event.target);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-path]")) return;
    draft.type(event.target);
    draft.flush();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-op]");
    if (button) {
      place.expect(button);
      draft.edit(JSON.parse(button.dataset.op), button.dataset.label).catch(() => {});
    }
    if (event.target.closest("[data-draft-undo]")) draft.undo().catch(() => {});
    if (event.target.closest("[data-draft-redo]")) draft.redo().catch(() => {});
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    if (!back && !(key === "y" || (key === "z" && event.shiftKey))) return;
    if (event.target.closest("dialog, [data-own-undo]")) return;
    event.preventDefault();
    (back ? draft.undo() : draft.redo()).catch(() => {});
  });
  document.body.addEventListener("htmx:afterSwap", () => apply(null, new Set(), draft.typed));
  document.body.addEventListener("htmx:afterSettle", () => place.reach());
  window.addEventListener("online", () => draft.send());
  window.addEventListener("offline", () => note("failed"));
  window.addEventListener("pagehide", () => draft.flush());
  window.addEventListener("beforeunload", (event) => {
    draft.flush();
    if (draft.unsaved && (draft.failures || !navigator.onLine)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    draft.send(); // one may have signed in again in another window
    draft.arrive();
  });
  setInterval(() => draft.arrive(), HERE_EVERY);
  draft.arrive();
  place.arriveAtHash();
  catchUp(draft);
}

/** What was typed and pressed before this script was here (js/drafting-first.js), done now, in its order. */
function catchUp(draft) {
  const early = window.tongbanEarly;
  if (!early) return;
  early.stop();
  for (const control of early.controls) if (control.isConnected) draft.type(control);
  draft.flush();
  for (const button of early.buttons) if (button.isConnected) button.click();
}

if (root) {
  const draft = new Draft(root);
  window.tongban = { ...window.tongban, draft };
  attach(draft);
}
