// A form marked data-autosave is saved as one types. The server answers with the fields as they now are, and the page takes
// over what changed: fields that appear or go, computed values, the next level of an address. What is being typed stays.
// Children of [data-parts] named data-part are taken over likewise, and a button marked data-partly (one thing done about one
// part: a file sent, a row dropped) goes by the same way instead of drawing the page anew.
const PAUSE = 1200;

for (const form of document.querySelectorAll("form[data-autosave]")) attach(form);

function attach(form) {
  const note = document.getElementById("saved");
  const edited = new Set();
  let timer = 0;
  let busy = false;
  let again = false;
  let waiting = null; // the button pressed while a save was under way: the form goes when the answer is here

  form.addEventListener("input", (event) => {
    remember(event.target);
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE, null);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") {
      event.target.closest("[data-part]")?.querySelector("button[data-partly][value^='files:']")?.click();
      return;
    }
    remember(event.target);
    clearTimeout(timer);
    timer = setTimeout(save, event.target.matches("[data-decides]") ? 0 : PAUSE, null);
  });
  form.addEventListener(
    "submit",
    (event) => {
      clearTimeout(timer);
      const partly = event.submitter?.matches("[data-partly]");
      if (!busy && !partly) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (busy) waiting = { button: event.submitter };
      else save(event.submitter);
    },
    true,
  );
  window.addEventListener("online", () => save());

  function remember(control) {
    // A row's field stands inside its group: both count as touched, or a late answer would undo what was typed since.
    for (let widget = control.closest("[data-widget]"); widget; widget = widget.parentElement.closest("[data-widget]"))
      edited.add(widget.dataset.widget);
  }

  async function save(button = null) {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    const sent = new Set(edited);
    edited.clear();
    note.dataset.state = "saving";
    note.textContent = note.dataset.saving;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: written(form, button), headers: { "HX-Request": "true" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fields = page.getElementById("fields");
      if (fields) {
        take(fields, sent, edited);
        takeParts(page);
        note.replaceChildren(...page.getElementById("saved-words").content.childNodes);
        note.dataset.state = "saved";
      } else {
        refused(page, sent);
      }
    } catch {
      failed(sent);
    }
    busy = false;
    if (waiting) {
      const { button } = waiting;
      waiting = null;
      form.requestSubmit(button?.isConnected ? button : null);
    } else if (again) {
      save();
    }
  }

  function refused(page, sent) {
    document.getElementById("tb-toast").replaceChildren(...page.body.childNodes);
    failed(sent);
  }

  function failed(sent) {
    for (const name of sent) edited.add(name);
    note.dataset.state = "failed";
    note.textContent = note.dataset.failed;
  }
}

function written(form, button) {
  const body = new FormData(form);
  const part = button?.closest("[data-part]");
  for (const [name, value] of [...body]) {
    if (value instanceof File && !part?.querySelector(`[name="${CSS.escape(name)}"]`)) body.delete(name);
  }
  if (button) body.set(button.name, button.value);
  const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (mark) body.set("csrfmiddlewaretoken", mark);
  return body;
}

function take(fresh, sent, edited) {
  const now = document.getElementById("fields");
  now.querySelector("input[name=revision]").value = fresh.dataset.revision;
  match(now.querySelector("[data-form]"), fresh.querySelector("[data-form]"), "group", (old, given) =>
    match(old, given, "widget", (one, other) => replace(one, other, sent, edited)),
  );
}

function takeParts(page) {
  for (const fresh of page.querySelectorAll("[data-parts]")) {
    const now = document.getElementById(fresh.id);
    if (!now) continue; // of a field that the page does not show: it is being typed in around it
    match(now, fresh, "part", (old, given) => {
      const typing = old.contains(document.activeElement) && document.activeElement.matches("input[type=text], input:not([type])");
      if (typing || old.isEqualNode(given)) return old;
      const focused = old.contains(document.activeElement) ? document.activeElement : null;
      old.replaceWith(given);
      if (focused) (document.getElementById(focused.id) || given.querySelector("select, input, button"))?.focus();
      return given;
    });
  }
}

// Children of two parents, paired by a data name: new ones come in at their place, those gone go, pairs are handed on.
function match(old, fresh, name, pair) {
  const kept = new Map(own(old, name).map((child) => [child.dataset[name], child]));
  let last = null;
  for (const child of own(fresh, name)) {
    const before = kept.get(child.dataset[name]);
    kept.delete(child.dataset[name]);
    if (before) {
      last = pair(before, child) || before;
    } else {
      if (last) last.after(child);
      else if (own(old, name).length) own(old, name)[0].before(child);
      else old.append(child);
      last = child;
    }
  }
  for (const gone of kept.values()) gone.remove();
}

function own(parent, name) {
  return [...parent.children].filter((child) => child.dataset[name] !== undefined);
}

function replace(old, fresh, sent, edited) {
  const name = old.dataset.widget;
  const typing = old.contains(document.activeElement) && document.activeElement.matches("input:not([type=radio],[type=checkbox]), textarea");
  const error = old.querySelector(".tb-error") && !sent.has(name);
  if (typing || error || edited.has(name) || old.querySelector("canvas") || old.isEqualNode(fresh)) return old;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  old.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((one, at) => {
    one.open = open[at] ?? one.open;
  });
  if (focused) document.getElementById(focused)?.focus();
  return fresh;
}
