"use strict";
// The article's form works without this. It keeps what is typed on the server, shows the page it makes, and cites from the library.
{
  const form = document.querySelector("#article_form");
  const panel = document.querySelector("[data-live]");
  const finder = document.querySelector("[data-cite]");
  const { post, keeper } = Keeping;

  function typed() {
    const fields = new FormData();
    for (const [name, value] of new FormData(form)) if (!name.includes("__prefix__")) fields.append(name, value);
    return fields;
  }

  const written = () => new URLSearchParams([...typed()].filter(([name]) => name !== "csrfmiddlewaretoken")).toString();

  function keeping() {
    const place = panel.querySelector("[data-fragment]");
    let stored = "dirty" in panel.dataset ? "" : null;

    function replace(parts, only) {
      if (only) return;
      const closed = new Map([...place.querySelectorAll("details[data-part]")].map((each) => [each.dataset.part, each.open]));
      const top = place.scrollTop;
      place.replaceChildren(parts);
      for (const each of place.querySelectorAll("details[data-part]")) if (closed.has(each.dataset.part)) each.open = closed.get(each.dataset.part);
      place.scrollTop = top;
    }

    function send(now, only, options) {
      const fields = typed();
      fields.set("keep", now === stored ? "saved" : "text");
      if (only) fields.set("only", "1");
      return post(panel.dataset.url, fields, options);
    }

    const { begin, later, guard } = keeper({ says: panel.dataset, place: panel.querySelector("[data-said]"), written, send, took: replace });

    // The pickers fill themselves on load; only then is the form what was stored.
    addEventListener("load", () => {
      setTimeout(() => {
        const now = written();
        if (stored === null) stored = now;
        begin(now);
        const changed = () => later();
        form.addEventListener("input", changed);
        form.addEventListener("change", changed);
        document.addEventListener("formset:added", changed);
        document.addEventListener("formset:removed", changed);
        window.django?.jQuery(form).on("change", "select", changed);
      }, 0);
    });
    guard(form);
  }

  function citing() {
    const query = finder.querySelector("input");
    const found = finder.querySelector("[data-found]");
    let area = form.querySelector("textarea[name^='variants-'][name$='-body']");
    let timer = 0;
    let asked = 0;

    finder.hidden = false;
    form.addEventListener("focusin", (event) => {
      if (event.target.matches("textarea[name^='variants-'][name$='-body']")) area = event.target;
    });

    function rows() {
      const keys = [...form.querySelectorAll("input[name^='citations-'][name$='-key']:not([name*='__prefix__'])")];
      const other = (key, name) => form.elements[key.name.replace(/-key$/, name)];
      return keys.map((key) => ({ key: key.value.trim(), reference: other(key, "-reference")?.value ?? "", gone: other(key, "-DELETE") }));
    }

    async function look() {
      const turn = (asked += 1);
      const fields = new FormData();
      fields.set("q", query.value);
      for (const row of rows()) fields.append("row", `${row.reference}:${row.key}`);
      try {
        const { answer, parts, isOut } = await post(finder.dataset.url, fields);
        if (turn !== asked) return;
        if (isOut) found.replaceChildren(panel.dataset.saysSignedOut, " ", panel.dataset.saysThen);
        else if (answer.ok || answer.status === 409 || answer.status === 422) found.replaceChildren(parts);
        else found.replaceChildren(panel.dataset.saysFailed);
      } catch {
        if (turn === asked) found.replaceChildren(panel.dataset.saysOffline);
      }
    }

    function addRow(key, reference, label) {
      const known = rows().find((row) => row.key === key && row.reference === reference);
      if (known) {
        if (known.gone) known.gone.checked = false; // cited again: it isn't to be deleted any more
        return;
      }
      document.querySelector("#citations-group .add-row a")?.click();
      const number = Number(form.elements["citations-TOTAL_FORMS"].value) - 1;
      const select = form.elements[`citations-${number}-reference`];
      form.elements[`citations-${number}-key`].value = key;
      select.append(new Option(label, reference, true, true));
      window.django.jQuery(select).trigger("change");
    }

    function insert(key) {
      if (!area?.isConnected) area = form.querySelector("textarea[name^='variants-'][name$='-body']");
      const start = area.selectionStart;
      const before = area.value.slice(0, start);
      const marker = `${before && !/\s$/.test(before) ? " " : ""}[@${key}]`;
      area.focus();
      area.setRangeText(marker, start, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }

    query.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 250);
    });
    query.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(timer);
      look();
    });
    addEventListener("focus", () => {
      if (query.value.trim()) look();
    });
    found.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert]");
      if (!button) return;
      addRow(button.dataset.key, button.dataset.reference, button.dataset.label);
      insert(button.dataset.key);
      query.value = "";
      found.replaceChildren();
    });
  }

  // While a draft waits for its choice nothing may be typed over it.
  const waits = document.querySelector(".kept [name=_take_up]");
  if (form && waits) form.inert = true;
  if (form && panel && !waits) keeping();
  if (form && finder && !waits) citing();
}
