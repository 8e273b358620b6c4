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
    fit();
  } catch {
    state.hidden = false;
  }
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
