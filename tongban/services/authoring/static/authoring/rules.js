// The tables of a rule set by keyboard: Alt with an arrow goes to the cell beside. Cells that are wrong say so where they stand.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const step = event.altKey && STEPS[event.key];
  const cell = step && event.target.closest("[data-grid] td, [data-grid] th");
  if (!cell) return;
  event.preventDefault();
  const rows = cell.closest("table").rows;
  const next = rows[cell.parentElement.rowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
  next?.querySelector("input, select, button")?.focus();
});

function mark() {
  const faults = new Map([...document.querySelectorAll("[data-fault]")].map((one) => [one.dataset.fault, one.textContent]));
  for (const control of document.querySelectorAll("[data-path]")) {
    const fault = faults.get(control.dataset.path);
    control.title = fault ?? "";
    if (fault) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

document.body.addEventListener("htmx:afterSettle", mark);
mark();
