// Reads a QR code from the camera or a picture, where the browser can (BarcodeDetector). Pasting always works.

/** Shows the two buttons when they can do something; `found` is called with the text of a code. */
export function wakeScanner(root, words, found) {
  const area = root.querySelector("[data-scan]");
  const video = root.querySelector("[data-video]");
  const message = root.querySelector("[data-scan-message]");
  if (!area || !("BarcodeDetector" in globalThis)) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const camera = area.querySelector("[data-camera]");
  area.hidden = false;
  camera.hidden = !navigator.mediaDevices;

  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };

  area.querySelector("[data-picture]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const [code] = await detector.detect(await createImageBitmap(file));
      say(code ? "" : words.noCode);
      if (code) found(code.rawValue);
    } catch {
      say(words.noCode);
    }
  });

  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = true;
  };
  camera.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      say("");
      look();
    } catch {
      say(words.noCamera);
      stop();
    }
  });

  async function look() {
    if (!stream) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return setTimeout(look, 150);
    stop();
    found(code.rawValue);
  }
}
