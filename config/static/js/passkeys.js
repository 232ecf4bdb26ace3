"use strict";
// Passkeys. A form that holds [data-passkey] asks for one when it is sent, and carries the answer along; nothing here signs anything by itself.
{
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
  const isAddress = /^[\d.]+$|:/.test(location.hostname.replace(/^\[|\]$/g, "")); // a passkey belongs to a name, never to a number
  const works = Boolean(globalThis.PublicKeyCredential) && !isAddress;

  function written(credential) {
    const { response } = credential;
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    if (response.getTransports) parts.transports = response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: parts,
    });
  }

  async function sign({ publicKey }) {
    const asked = { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: named(publicKey.allowCredentials) };
    return written(await navigator.credentials.get({ publicKey: asked }));
  }

  async function make({ publicKey }) {
    const asked = {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    };
    return written(await navigator.credentials.create({ publicKey: asked }));
  }

  const asked = (given) => given.request_options ?? given;

  async function answered(request) {
    const answer = await request;
    if (!answer.ok) throw new Error("no challenge");
    return answer.json();
  }

  // What the browser is to sign: written into the page, or asked for at the instant it is needed.
  async function options(place, form) {
    const written = place.querySelector("script[type='application/json']");
    if (written) return asked(JSON.parse(written.textContent));
    if (place.dataset.method === "GET") return asked(await answered(fetch(place.dataset.passkey, { redirect: "error", headers: { Accept: "application/json" } })));
    const fields = new FormData();
    for (const name of ["csrfmiddlewaretoken", "request_id"]) {
      if (form.elements[name]) fields.set(name, form.elements[name].value);
    }
    return answered(fetch(place.dataset.passkey, { method: "POST", body: fields, redirect: "error", headers: { Accept: "application/json" } }));
  }

  function say(place, words) {
    const line = place.querySelector(".proof__said");
    if (line) line.textContent = words;
    const instead = place.querySelector("details");
    if (words && instead) instead.open = true;
  }

  async function ask(place, form, field, submitter) {
    say(place, "");
    try {
      const given = await options(place, form);
      field.value = place.dataset.makes === undefined ? await sign(given) : await make(given);
      form.requestSubmit(submitter);
    } catch {
      field.value = "";
      say(place, place.dataset.cancelled);
    }
  }

  // First of all that listens: what keeps a form or guards it against a second click sees only the one that carries the answer.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const place = form.querySelector("[data-passkey]");
      const field = place && (form.elements.passkey ?? form.elements.credential);
      if (!field || field.value || form.elements.password?.value || event.submitter?.dataset.unsigned !== undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (works) ask(place, form, field, event.submitter);
      else say(place, place.dataset.unsupported);
    },
    true,
  );

  // An answer counts once; a page that comes back from the browser's memory asks anew.
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("[data-passkey] [name=passkey], [data-passkey] [name=credential]")) field.value = "";
  });

  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = !works;
  for (const part of document.querySelectorAll("[data-lacks-passkeys]")) part.hidden = works;
}
