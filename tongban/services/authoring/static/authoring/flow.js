// The diagram of a flow: drawn by bpmn-js from what the server writes, drawn anew after every change.
const place = document.querySelector("[data-diagram]");
const state = document.querySelector("[data-diagram-state]");
const viewer = window.BpmnJS ? new window.BpmnJS({ container: place }) : null;
let again = 0;

async function draw() {
  if (!viewer) return;
  const answer = await fetch(place.dataset.diagram, { headers: { Accept: "application/xml, text/html" } });
  try {
    if (!answer.ok) throw new Error(String(answer.status));
    await viewer.importXML(await answer.text());
    state.hidden = true;
    readable();
  } catch {
    state.hidden = false;
  }
}

/** Large enough to read, from the left; the rest is reached by dragging, or by showing all of it. */
function readable() {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const scale = Math.max(0.75, Math.min(1.2, outer.width / (inner.width + 40)));
  canvas.viewbox({ x: inner.x - 20, y: inner.y - 20, width: outer.width / scale, height: outer.height / scale });
}

function fit() {
  viewer?.get("canvas").zoom("fit-viewport", "auto");
}

async function takeAway(name) {
  const { svg } = await viewer.saveSVG();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-svg]");
  if (button && viewer) takeAway(button.dataset.svg);
  if (event.target.closest("[data-fit]")) fit();
});
document.body.addEventListener("draft:changed", () => {
  clearTimeout(again);
  again = setTimeout(draw, 500);
});
draw();
