// Fields that can do more with script: a chosen file goes up at once, a signature can be drawn. Without script each has a button.
for (const root of document.querySelectorAll("[data-form]")) {
  wake(root);
  new MutationObserver(() => wake(root)).observe(root, { childList: true, subtree: true });
}
document.addEventListener("htmx:load", (event) => wake(event.target));

function wake(root) {
  for (const button of root.querySelectorAll("[data-without-script]:not([hidden])")) button.hidden = true;
  for (const field of root.querySelectorAll("[data-signature]:not([data-awake])")) sign(field);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("[data-form] input[data-upload]") || !input.files.length) return;
  const button = input.parentElement.querySelector("button[value^='upload:']");
  input.form.requestSubmit(button);
});

function sign(field) {
  field.dataset.awake = "1";
  const canvas = field.querySelector("canvas");
  if (!canvas) return;
  const drawn = field.querySelector("[data-drawn]");
  const buttons = field.querySelector("[data-with-script]");
  const pen = canvas.getContext("2d");
  let last = null;
  let ink = false;
  canvas.hidden = buttons.hidden = false;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#000";

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    stroke(last, event.pressure);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) stroke(place(part), part.pressure);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      last = null;
      if (ink) drawn.value = canvas.toDataURL("image/png");
    });
  }
  field.querySelector("[data-clear-signature]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn.value = "";
    ink = false;
  });

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * canvas.width) / box.width,
      y: ((event.clientY - box.top) * canvas.height) / box.height,
    };
  }

  function stroke(to, pressure) {
    pen.lineWidth = 3 + 4 * (pressure || 0.5);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(to.x + 0.01, to.y);
    pen.stroke();
    last = to;
    ink = true;
  }
}
