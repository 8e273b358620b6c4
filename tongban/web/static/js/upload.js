// Materials: files go up with a progress bar and only their card is drawn again. Without script the form posts and the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-card-form]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file" && event.target.files.length) send(form, null);
});

// Whoever was quicker than this script: what he has chosen goes up now.
for (const input of document.querySelectorAll("form[data-upload] input[type=file]")) {
  if (input.files.length) send(input.form, null);
}

function send(form, button) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const bar = form.querySelector("progress");
  if (bar && form.matches("[data-upload]")) bar.hidden = false;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Card", "1");
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (bar && event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => {
    delete form.dataset.busy;
    form.submit();
  });
  request.send(body);
}

function finish(form, request) {
  delete form.dataset.busy;
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = answer.querySelector("[data-card]");
  const card = form.closest("[data-card]");
  if (!fresh) {
    const toast = document.getElementById("tb-toast");
    toast.replaceChildren(...answer.body.childNodes);
    toast.scrollIntoView({ block: "center" });
    return;
  }
  card.replaceWith(fresh);
  fresh.setAttribute("tabindex", "-1");
  fresh.focus();
}
