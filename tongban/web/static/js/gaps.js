// A button marked data-insert writes its words into the sentence that was typed in last; with data-close, around what is selected.
let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-gaps]")) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const control = last?.isConnected ? last : document.querySelector("textarea[data-gaps]");
  if (!control) return;
  const { selectionStart: from, selectionEnd: to } = control;
  const words = button.dataset.insert + (button.dataset.close ? control.value.slice(from, to) + button.dataset.close : "");
  control.setRangeText(words, from, to, "end");
  control.focus();
  control.dispatchEvent(new Event("input", { bubbles: true }));
});
