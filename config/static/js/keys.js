"use strict";
// Keys of the review page, shown by "?". None of them signs, none works while something is typed, and all can be switched off.
{
  const page = document.querySelector(".review");
  const sheet = document.querySelector("#keys");
  const STORED = "imprimatur.keys";
  const TYPED_IN = "textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox]):not([type=submit])";
  const STOPS = "#content-main .difference__hunk, .passage[id], .comment";

  function remembered() {
    try {
      return localStorage.getItem(STORED) !== "off";
    } catch {
      return true; // storage is off: the keys work, and can't be switched off for longer than this page
    }
  }

  let areOn = remembered();

  function remember(on) {
    areOn = on;
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch { /* storage is off: it holds for this page alone */ }
  }

  function goTo(element, { block = "center" } = {}) {
    if (!element) return;
    for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block });
  }

  // Each change, each marked passage, and each comment that no passage stands for.
  function stops() {
    const marked = (comment) => document.getElementById(comment.id.replace("comment", "passage"));
    return [...document.querySelectorAll(STOPS)].filter((each) => !each.matches(".comment") || !marked(each));
  }

  function step(forward) {
    const from = document.activeElement === document.body ? null : document.activeElement;
    const all = forward ? stops() : stops().reverse();
    const wanted = forward ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    goTo(from ? all.find((each) => from.compareDocumentPosition(each) & wanted) : all[0]);
  }

  function decide() {
    const form = document.querySelector("#decision");
    if (!form) return goTo(document.querySelector("#declare button"));
    const groups = [...form.querySelectorAll(".checklist__item")];
    const open = groups.find((group) => !group.querySelector(":checked"));
    const verdict = form.querySelector("[name=verdict]:checked") ?? form.querySelector("[name=verdict]");
    return goTo(open?.querySelector("input") ?? verdict);
  }

  function choose(number) {
    const verdict = document.querySelectorAll("#decision [name=verdict]")[number - 1];
    if (!verdict) return;
    goTo(verdict);
    verdict.click();
  }

  function comment() {
    const box = document.querySelector("#remark");
    if (!box) return;
    const here = document.querySelector(".remark-here");
    if (here && !here.hidden) here.click();
    else goTo(box.querySelector("[name=quote]"));
  }

  const ACTS = {
    n: () => step(true),
    p: () => step(false),
    t: () => goTo(document.querySelector("#text"), { block: "start" }),
    d: decide,
    c: comment,
    "?": () => (sheet.open ? sheet.close() : sheet.showModal()),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.(TYPED_IN) || (sheet.open && event.key !== "?")) return;
    if (!areOn && event.key !== "?") return;
    const act = /^[1-5]$/.test(event.key) ? () => choose(Number(event.key)) : ACTS[event.key];
    if (!act || (event.repeat && !"np".includes(event.key))) return;
    event.preventDefault();
    act();
  });

  if (page && sheet) {
    const line = document.querySelector("[data-keys]");
    const box = sheet.querySelector("input");
    line.hidden = false;
    line.querySelector("button").addEventListener("click", () => sheet.showModal());
    sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
    box.checked = areOn;
    box.addEventListener("change", () => remember(box.checked));
  }
}
