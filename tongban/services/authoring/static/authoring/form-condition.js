// The condition builder: each choice is sent to the server, which answers with the builder as it then is and, once every row is
// complete, with the expression; only then is anything saved.
let tools = null;

export function attachConditions(given) {
  tools = given;
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-term], [data-every]") && builderOf(event.target)) choose(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-term-add], [data-term-remove], [data-insert]");
    if (!button) return;
    if (button.dataset.insert !== undefined) insert(button);
    else rows(button);
  });
  let timer = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-raw]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => typed(event.target), 350);
  });
}

function builderOf(element) {
  return element.closest("[data-condition]");
}

/** The rows as they stand on the page. */
export function currentTerms(builder) {
  return [...builder.querySelectorAll("[data-term]")].map((term) => {
    const part = (name) => term.querySelector(`[data-part="${name}"]`);
    const many = part("values");
    let value = many ? [...many.querySelectorAll(":checked")].map((box) => box.value) : (part("value")?.value ?? "");
    if (value === "fixed") value = part("day")?.value ?? "";
    return { name: part("name").value, operator: part("operator")?.value ?? "", value };
  });
}

async function choose(control) {
  const builder = builderOf(control);
  const terms = currentTerms(builder);
  const at = [...builder.querySelectorAll("[data-term]")].indexOf(control.closest("[data-term]"));
  if (control.dataset.part === "name") Object.assign(terms[at], { operator: "", value: "" });
  await show(builder, terms, { at, part: control.dataset.part, value: control.type === "checkbox" ? control.value : "" });
}

async function rows(button) {
  const builder = builderOf(button);
  const terms = currentTerms(builder);
  if (button.dataset.termAdd !== undefined) {
    await show(builder, [...terms, { name: "", operator: "", value: "" }], { at: terms.length, part: "name" });
    return;
  }
  const at = [...builder.querySelectorAll("[data-term]")].indexOf(button.closest("[data-term]"));
  terms.splice(at, 1);
  await show(builder, terms, { at: terms.length - 1, part: "name" });
}

async function show(builder, terms, focus) {
  const every = Boolean(builder.querySelector("[data-every]")?.value ?? "1");
  const told = await ask({ at: builder.dataset.condition, every, terms });
  if (!told) return;
  builder.querySelector("[data-terms]").innerHTML = told.html;
  const term = builder.querySelectorAll("[data-term]")[focus.at];
  let next = term?.querySelector(`[data-part="${focus.part}"]`) ?? builder.querySelector("[data-term-add]");
  if (focus.value) next = term?.querySelector(`input[value="${CSS.escape(focus.value)}"]`) ?? next;
  next?.focus();
  if (told.expression || !terms.length) keep(builder, told);
}

async function ask(body) {
  const answer = await tools.post("condition/", body).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

function keep(builder, told) {
  const raw = builder.querySelector("[data-raw]");
  if (raw && raw.value !== told.expression) raw.value = told.expression;
  explain(builder, told);
  tools.set(builder, builder.dataset.condition, told.expression);
}

function explain(builder, told) {
  const says = builder.querySelector("[data-says]");
  says.textContent = told.says;
  says.hidden = !told.says;
  const faults = told.faults.map((text) => Object.assign(document.createElement("p"), { className: "tb-error", textContent: text }));
  builder.querySelector("[data-raw-faults]")?.replaceChildren(...faults);
}

/** A typed expression is checked as one types; it is saved even with a fault, which then is a finding of the form. */
async function typed(control) {
  const builder = builderOf(control);
  const told = await ask({ at: builder.dataset.condition, raw: control.value.trim() });
  if (!told) return;
  explain(builder, told);
  tools.set(builder, builder.dataset.condition, control.value.trim());
}

function insert(button) {
  const control = builderOf(button).querySelector("[data-raw]");
  control.setRangeText(button.dataset.insert, control.selectionStart, control.selectionEnd, "end");
  control.focus();
  control.dispatchEvent(new Event("input", { bubbles: true }));
}
