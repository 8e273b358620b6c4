// Listens from the first moment a page that edits a draft can be used, while js/drafting.js is still on its way: what is typed,
// chosen or pressed until then is kept in window.tongbanEarly and done by drafting.js when it starts. Loaded without `defer`.
(() => {
  const kept = { controls: new Set(), buttons: [], stop };
  const ops = "[data-op], [data-draft-undo], [data-draft-redo]";

  function typed(event) {
    if (event.target.matches?.("[data-path]")) kept.controls.add(event.target);
  }

  function pressed(event) {
    const button = event.target.closest?.(ops);
    if (button) kept.buttons.push(button);
  }

  function stop() {
    document.removeEventListener("input", typed, true);
    document.removeEventListener("change", typed, true);
    document.removeEventListener("click", pressed, true);
  }

  document.addEventListener("input", typed, true);
  document.addEventListener("change", typed, true);
  document.addEventListener("click", pressed, true);
  window.tongbanEarly = kept;
})();
