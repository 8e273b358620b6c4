// A table copied from Word: its HTML is taken from the clipboard, read by the server, shown for checking, and only then added.
export function attachPaste({ post, press, chosen }) {
  const dialog = document.getElementById("paste");
  const box = dialog.querySelector("[data-paste]");
  const first = dialog.querySelector("[data-paste-step]");
  const found = dialog.querySelector("[data-paste-found]");
  let html = "";

  box.addEventListener("paste", (event) => {
    html = event.clipboardData.getData("text/html");
  });
  box.addEventListener("input", (event) => {
    if (event.inputType !== "insertFromPaste") html = "";
  });

  dialog.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.pasteRead !== undefined) await read();
    if (button?.dataset.pasteBack !== undefined) again();
    if (button?.dataset.pasteAdd !== undefined && (await press({ do: "paste", after: chosen(), rows: rows() }))) {
      again();
      dialog.close();
    }
  });

  async function read() {
    const body = new URLSearchParams({ table: /<table[\s>]/i.test(html) ? html : box.value });
    const answer = await post("pasted/", body).catch(() => null);
    if (!answer?.ok) return;
    found.innerHTML = await answer.text();
    first.hidden = Boolean(found.querySelector("[data-guess]"));
    found.querySelector("input, select, button")?.focus();
  }

  function again() {
    html = box.value = "";
    found.replaceChildren();
    first.hidden = false;
    box.focus();
  }

  function rows() {
    return [...found.querySelectorAll("[data-guess]")]
      .filter((row) => row.querySelector("[data-take-row]").checked)
      .map((row) => ({
        label: row.querySelector("[data-row-label]").value,
        type: row.querySelector("[data-row-type]").value,
        required: row.querySelector("[data-row-required]").checked,
        element: row.querySelector("[data-row-element]")?.checked ? row.dataset.element : "",
        key: row.dataset.key,
        hint: row.dataset.hint,
        options: row.dataset.options ? row.dataset.options.split("|") : [],
      }));
  }
}
