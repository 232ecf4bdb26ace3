"use strict";
// The review page works without this: it fills the comment's passage from the selected words, and keeps what is typed.
{
  const page = document.querySelector(".review");
  const form = document.querySelector("#remark form");
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "stamp", "request_id", "password", "one_time_code", "passkey"]);
  const squeezed = (text) => text.replace(/\s+/g, "");

  function occurrencesBefore(holder, range, quote) {
    const before = document.createRange();
    before.setStart(holder, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = squeezed(before.toString()).length;
    const whole = squeezed(holder.textContent);
    let count = 0;
    for (let at = whole.indexOf(quote); at >= 0 && at < start; at = whole.indexOf(quote, at + 1)) count += 1;
    return count;
  }

  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = range.commonAncestorContainer;
    const holder = (inside.nodeType === Node.ELEMENT_NODE ? inside : inside.parentElement)?.closest("[data-place]");
    const quote = range.toString().trim();
    return holder && quote ? { holder, range, quote } : null;
  }

  function fill({ holder, range, quote }) {
    form.elements.quote.value = quote;
    form.elements.place.value = holder.dataset.place;
    form.elements.position.value = occurrencesBefore(holder, range, squeezed(quote));
    form.closest("details").open = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.words.focus();
    form.scrollIntoView({ block: "center" });
  }

  function keeping() {
    const forms = [document.querySelector("#decision"), form].filter(Boolean);
    let active = forms[0];
    const fields = (entries) => entries.filter(([name]) => name && !NOT_KEPT.has(name));
    const typed = () => fields(forms.flatMap((each) => [...new FormData(each)]));
    const asString = (entries) => new URLSearchParams(entries.map(([name, value]) => [name, value.replace(/\r\n/g, "\n")])).toString();

    // What the server wrote into the page: a browser that fills a form again on the way back is taken at its word.
    function given() {
      const elements = forms.flatMap((each) => [...each.elements]).filter((each) => each.name && !each.matches("button, fieldset"));
      const chosen = elements.filter((each) => !each.matches("[type=radio], [type=checkbox]") || each.defaultChecked);
      return fields(chosen.map((each) => [each.name, each.matches("[type=radio], [type=checkbox]") ? each.value : each.defaultValue]));
    }

    function send(now, only, options) {
      const sent = new FormData();
      for (const [name, value] of typed()) sent.append(name, value);
      sent.append("window", page.dataset.window);
      sent.append("since", page.dataset.since);
      return Keeping.post(page.dataset.keep, sent, options);
    }

    // What another window kept meanwhile is replaced only by whoever says so.
    function mineAfterAll(newer, again) {
      if (!newer) return null;
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button button--small", textContent: newer.textContent });
      button.addEventListener("click", () => {
        page.dataset.since = newer.dataset.newer;
        button.closest("[data-said]").dataset.text = "";
        again();
      });
      return button;
    }

    const { begin, later, guard } = Keeping.keeper({
      says: page.dataset,
      place: () => active.querySelector("[data-said]"),
      written: () => asString(typed()),
      send,
      instead: (parts, again) => mineAfterAll(parts.querySelector("[data-newer]"), again),
      took: () => document.querySelector("[data-saved]")?.remove(),
      pause: 1000,
    });
    const isDirty = "dirty" in page.dataset || forms.some((each) => "dirty" in each.dataset);
    begin(isDirty ? "" : asString(given()));
    for (const each of forms) {
      const changed = (event) => {
        if (NOT_KEPT.has(event.target.name)) return;
        active = each;
        later();
      };
      each.addEventListener("input", changed);
      each.addEventListener("change", changed);
      each.addEventListener("submit", () => {
        active = each;
      });
      guard(each);
    }
    if (isDirty || asString(typed()) !== asString(given())) later();
  }

  if (page?.dataset.keep) keeping();
  if (form) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--primary remark-here";
    button.textContent = form.closest("details").dataset.selection;
    button.hidden = true;
    document.body.append(button);
    let chosen = null;
    const look = () => {
      chosen = selected() ?? chosen;
      if (selected()) button.hidden = false;
      else setTimeout(() => {
        button.hidden = !selected(); // not at once: pressing the button takes the selection away
      }, 250);
    };
    document.addEventListener("selectionchange", look);
    look();
    button.addEventListener("click", () => {
      if (chosen) fill(chosen);
      button.hidden = true;
    });
    form.elements.quote.addEventListener("input", () => {
      form.elements.place.value = "";
      form.elements.position.value = "";
    });
  }
}
