// The preview: the real page of the form in a frame as wide as a phone, a desk or a counter's screen. What is filled in stays
// while the form changes; a press makes a test of it.
const PAUSE = 500;

export function attachPreview({ post, done, complain }) {
  const section = document.querySelector("[data-preview]");
  const stage = section.querySelector("[data-preview-stage]");
  const opener = document.querySelector("[data-preview-open]");
  let frame = null;
  let timer = 0;

  const view = () => section.querySelector("[data-preview-as]:checked").value;

  function open() {
    frame = document.createElement("iframe");
    frame.title = section.querySelector("h2").textContent;
    frame.setAttribute("sandbox", "allow-same-origin allow-scripts allow-forms");
    frame.src = `${section.dataset.address}?as=${view()}`;
    stage.dataset.as = view();
    stage.replaceChildren(frame);
  }

  function filled() {
    return frame?.contentDocument?.querySelector("form[data-previewed]") ?? null;
  }

  /** The same answers in the form as it now is. */
  function refresh() {
    const form = filled();
    if (form) form.submit();
    else open();
  }

  opener.addEventListener("click", () => {
    section.hidden = !section.hidden;
    opener.setAttribute("aria-expanded", String(!section.hidden));
    if (section.hidden) return;
    open();
    section.scrollIntoView({ block: "start" });
    section.querySelector("[data-preview-as]:checked").focus();
  });

  section.addEventListener("change", (event) => {
    if (!event.target.matches("[data-preview-as]")) return;
    const form = filled();
    stage.dataset.as = view();
    if (!form) return open();
    form.action = `${section.dataset.address}?as=${view()}`;
    form.submit();
  });

  document.body.addEventListener("draft:changed", () => {
    if (section.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });

  async function record(body) {
    const answer = await post("record/", body).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok || !told?.ops) complain(told?.reasons?.map((reason) => reason.text ?? reason).join(" ") || told?.detail || told?.title || undefined);
    else await done(told);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-record], [data-record-again]");
    if (!button) return;
    const name = section.querySelector("[data-test-name]");
    if (button.dataset.recordAgain !== undefined) {
      await record(new URLSearchParams({ _again: button.dataset.recordAgain }));
      return;
    }
    const body = filled() ? new FormData(filled()) : new FormData();
    for (const [key, value] of [...body]) if (value instanceof File) body.delete(key);
    body.set("_name", name.value);
    await record(body);
    name.value = "";
  });
}
