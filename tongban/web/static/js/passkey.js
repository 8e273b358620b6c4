// Passkeys (WebAuthn): a form marked data-passkey asks the device before it is sent. Without support nothing is shown.
//   data-passkey="create"  register a new one      data-options: id of a JSON script with the options
//   data-passkey="get"     show one that exists    data-options: as above
//   data-passkey="login"   sign in with one; the options come from the form's own address

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function prepared(options) {
  const key = structuredClone(options.publicKey);
  key.challenge = decode(key.challenge);
  if (key.user) key.user.id = decode(key.user.id);
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    for (const known of key[name] ?? []) known.id = decode(known.id);
  }
  return { publicKey: key };
}

function plain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function optionsOf(form) {
  if (form.dataset.passkey === "login") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }
  return JSON.parse(document.getElementById(form.dataset.options).textContent);
}

async function ask(form) {
  const options = prepared(await optionsOf(form));
  if (form.dataset.passkey !== "create") return navigator.credentials.get(options);
  const alone = form.elements.passwordless?.checked ?? false;
  options.publicKey.authenticatorSelection = {
    ...options.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : "preferred",
  };
  return navigator.credentials.create(options);
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = form.querySelector(".tb-error[role=alert]");
      said.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(plain(await ask(form)));
        HTMLFormElement.prototype.submit.call(form);
      } catch {
        said.hidden = false;
      }
    });
  }
}
