// The card reader types into the first field, unless an error wants to be read first.
if (!document.querySelector("[data-focus]")) document.querySelector("form[data-begin] input:not([type=hidden])")?.focus();

// A long list of items is narrowed as one types; Enter begins the first that is left. Without script the list stands whole.
for (const form of document.querySelectorAll("form[data-narrow]")) {
  const field = form.querySelector("[data-with-script]");
  const input = field.querySelector("input");
  const items = [...form.querySelectorAll("[data-words]")];
  const none = form.querySelector("[data-none]");
  field.hidden = false;
  if (input.autofocus) input.focus();

  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase().split(/\s+/);
    for (const item of items) item.hidden = !words.every((word) => item.dataset.words.toLowerCase().includes(word));
    none.hidden = items.some((item) => !item.hidden);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    items.find((item) => !item.hidden)?.querySelector("button").click();
  });
}
