// After a proof the browser may get a file, and stays where it is. The answer that brings the file leaves a sign (web/middleware.py);
// seen here, the person goes back to the page on which he asked for it.

const place = document.querySelector("[data-back]");
const token = place?.dataset.token ?? "";

const seen = setInterval(() => {
  if (!token || !document.cookie.split("; ").includes(`proof-done=${token}`)) return;
  clearInterval(seen);
  document.cookie = "proof-done=; path=/; max-age=0";
  location.replace(place.dataset.back);
}, 300);
