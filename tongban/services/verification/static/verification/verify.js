// The online page: a code opened as an address is put in the box and asked about; what stands behind `#` was never sent before.
import { wakeScanner } from "./scan.js";

const form = document.querySelector("[data-verify]");
const words = JSON.parse(document.getElementById("verify-words").textContent);

function ask(text) {
  form.elements.text.value = text;
  form.requestSubmit();
}

wakeScanner(form, words, ask);

const code = location.hash.slice(1);
if (/^[1-9][0-9]{100,}$/.test(code)) {
  history.replaceState(null, "", location.pathname); // going back does not ask again
  ask(code);
}

navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify/" }).catch(() => {});
