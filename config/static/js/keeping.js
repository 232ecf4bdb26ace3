"use strict";
// What pages share on which people write: sending without leaving the page, and keeping on the server what is typed until it is sent.
globalThis.Keeping = (() => {
  const PAUSE = 600;
  const AGAIN = 5000;
  const LONGEST = 4000;
  const FLIGHT = 60_000; // bytes that a browser still sends for a page that is going away

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

  // After a new sign-in in another tab the old token is void; the cookie holds the one that counts.
  function refreshToken() {
    const fresh = token();
    if (!fresh) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
  }

  // Never follows to the sign-in page: "signed out" is an answer here.
  async function post(url, fields, { keepalive = false } = {}) {
    refreshToken();
    fields.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(url, { method: "POST", body: fields, redirect: "manual", keepalive, headers: { "X-Requested-With": "fetch" } });
    const page = answer.type === "opaqueredirect" ? "" : await answer.text();
    const holder = document.createElement("template");
    holder.innerHTML = page;
    return { answer, parts: holder.content, isOut: answer.type === "opaqueredirect" || answer.status === 401 };
  }

  // Takes: says (a dataset with what to say), place (the element that says it, or a function that gives it), written (all that is
  // typed, as one string), send(now, only, options) (posts it), took(parts, only) (what came back),
  // instead(parts, again) (an element that says what can be done about a refusal, or nothing).
  function keeper({ says, place, written, send, took = () => {}, instead = () => null, pause = PAUSE }) {
    let sent = null;
    let timer = 0;
    let running = null;
    let state = "kept";
    let leaving = false;

    const said = () => (typeof place === "function" ? place() : place);
    const isCut = () => state === "out" || state === "offline";

    function say(kind, text, ...more) {
      const line = said();
      state = kind;
      line.className = `said said--${kind}`;
      if (line.dataset.text === text) return;
      line.dataset.text = text;
      line.replaceChildren(text, ...more);
    }

    function sayOut() {
      const link = document.createElement("a");
      Object.assign(link, { href: says.signIn, target: "_blank", rel: "noopener", textContent: says.saysSignIn });
      say("out", says.saysSignedOut, " ", link, ", ", says.saysThen);
    }

    async function ask(only, hurried = false) {
      const now = written();
      try {
        const { answer, parts, isOut } = await send(now, only, { keepalive: hurried && now.length < FLIGHT });
        if (isOut) return sayOut();
        const refusal = parts.querySelector("[data-refusal]")?.textContent;
        if (!answer.ok) return say("refused", refusal ?? says.saysRefused, instead(parts, () => later(0)) ?? "");
        sent = now;
        say("kept", parts.querySelector("[data-kept]")?.textContent ?? "");
        took(parts, only);
      } catch {
        say("offline", says.saysOffline);
      }
      return undefined;
    }

    async function turn(hurried = false) {
      clearTimeout(timer);
      if (running || sent === null) return;
      if (written() !== sent) {
        running = ask(false, hurried);
        await running;
        running = null;
      }
      if (isCut()) later(AGAIN);
      else if (state === "kept" && written() !== sent) later(pause);
    }

    function later(wait = pause) {
      clearTimeout(timer);
      timer = setTimeout(turn, wait);
    }

    // From now on what differs from ``stored`` is sent.
    function begin(stored) {
      sent = stored;
      addEventListener("focus", () => {
        if (state !== "kept") turn();
      });
      addEventListener("online", () => turn());
      document.addEventListener("visibilitychange", () => {
        if (document.hidden) turn(true);
      });
      addEventListener("pagehide", () => turn(true));
      addEventListener("beforeunload", (event) => {
        if (!leaving && state !== "kept" && written() !== sent) event.preventDefault();
      });
    }

    // A form is sent for good only while it can arrive. A second click while the first is on its way would meet its own send.
    function guard(form) {
      let passed = false;
      let going = false;
      addEventListener("pageshow", () => {
        going = leaving = false;
      });
      form.addEventListener("submit", async (event) => {
        if (passed) return;
        event.preventDefault();
        if (going) return;
        going = true;
        clearTimeout(timer);
        const asked = running ?? Promise.resolve();
        await Promise.race([asked.then(() => ask(true)), new Promise((done) => setTimeout(done, LONGEST))]);
        if (isCut()) {
          going = false;
          later(AGAIN);
          said().scrollIntoView({ block: "center" });
          return;
        }
        refreshToken();
        leaving = passed = true;
        form.requestSubmit(event.submitter);
        passed = false;
        setTimeout(() => {
          going = leaving = false; // a field may have become invalid meanwhile, or the way was broken off
        }, LONGEST);
      });
    }

    return { begin, later, guard };
  }

  return { post, keeper };
})();
