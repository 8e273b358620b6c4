// The page that needs no network: keys and lists come from the browser's store, or from within a saved file.
import { check, readList } from "./check.js";
import { wakeScanner } from "./scan.js";
// ---

const page = document.querySelector("[data-offline]");
const spoken = JSON.parse(document.getElementById("verify-words").textContent);
const saved = document.getElementById("verify-kept");
const held = saved ? kept(JSON.parse(saved.textContent)) : fetched();

async function kept({ keys, lists }) {
  return { keys, lists: await Promise.all(lists.map((list) => readList(list, keys))) };
}

async function fetched() {
  const got = async (address) => (await fetch(address)).json();
  const keys = await got("/verify/keys.json");
  const lists = await Promise.all(keys.lists.map((number) => got(`/verify/status/${number}.json`).catch(() => null)));
  return kept({ keys, lists: lists.filter(Boolean) });
}

function piece(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shown(found) {
  const { title, text, mark } = spoken.answers[found.answer];
  const box = piece("section", "", `tb-verdict tb-verdict--${mark}`);
  const heading = piece("h2", title);
  heading.tabIndex = -1;
  box.append(heading, piece("p", text));
  for (const doubt of found.doubts) box.append(piece("p", spoken.doubts[doubt], "tb-notice tb-notice--warning"));
  if (found.claims) box.append(face(found.claims));
  const steps = piece("ul", "", "tb-verdict__steps");
  for (const { step, ok } of found.steps) steps.append(row(step, ok));
  box.append(steps);
  if (found.asOf) box.append(piece("p", `${spoken.asOf} ${found.asOf.toLocaleString()}`, "tb-hint"));
  return box;
}

function face(claims) {
  const values = [claims.kind, claims.number, claims.holder, claims.issuer, claims.validFrom, claims.validUntil ?? spoken.forGood];
  const list = piece("dl", "", "tb-summary");
  spoken.labels.forEach((label, at) => {
    const line = piece("div");
    line.append(piece("dt", label), piece("dd", values[at]));
    list.append(line);
  });
  return list;
}

function row(step, ok) {
  const [name, passed, failed, open] = spoken.steps[step];
  const line = piece("li");
  const mark = ok ? ["green", spoken.passed] : ok === null ? ["grey", spoken.open] : ["red", spoken.failed];
  const sentence = ok ? passed : ok === null ? open : failed;
  line.append(piece("span", mark[1], `tb-tag tb-tag--${mark[0]}`), " ", piece("strong", name), ` ${sentence}`);
  return line;
}

async function answer(text) {
  const place = page.querySelector("[data-answer]");
  try {
    const { keys, lists } = await held;
    place.replaceChildren(shown(await check(text, keys, lists, new Date())));
  } catch {
    place.replaceChildren(piece("p", spoken.stale, "tb-notice tb-notice--warning"));
  }
  place.querySelector("h2")?.focus();
}

const form = page.querySelector("[data-check]");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  answer(form.elements.text.value);
});
wakeScanner(form, spoken, (text) => {
  form.elements.text.value = text;
  answer(text);
});

held.then(
  ({ lists }) => {
    const newest = Math.max(...lists.filter(Boolean).map((list) => +list.issuedAt));
    if (Number.isFinite(newest)) page.querySelector("[data-fresh]").textContent = `${spoken.asOf} ${new Date(newest).toLocaleString()}`;
  },
  () => {
    page.querySelector("[data-fresh]").textContent = spoken.stale;
  },
);

if (/^#[1-9][0-9]{100,}$/.test(location.hash)) {
  form.elements.text.value = location.hash.slice(1);
  answer(form.elements.text.value);
}
if (!saved) navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify/" }).catch(() => {});
