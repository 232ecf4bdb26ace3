"use strict";
// Improves the desk's search, which works without it: keys that lead to the box, hits while somebody types, and arrows
// through them, in the box's own list and on the page of hits.
{
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";
  const PAUSE = 250;
  const LEAST = 2;

  function keysToSearch(box) {
    const key = box.form.querySelector("kbd");
    key.textContent = /Mac|iPhone|iPad/.test(navigator.platform) ? key.dataset.mac : key.dataset.other;
    key.hidden = false;
    let before = null;
    document.addEventListener("keydown", (event) => {
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
      const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (event.defaultPrevented || event.isComposing || !(slash || letter) || event.target.closest?.(FIELDS)) return;
      event.preventDefault();
      before = document.activeElement;
      box.focus();
      box.select();
    });
    box.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      document.activeElement.blur();
      if (before?.isConnected && before !== document.body) before.focus();
    });
  }

  function hitsWhileTyping(box) {
    const list = box.form.querySelector("[data-hits]");
    const said = box.form.querySelector("[role=status]");
    let waiting = 0;
    let asked = null;
    let shown = "";
    const close = () => {
      clearTimeout(waiting);
      asked?.abort();
      list.hidden = true;
    };
    const ask = async (query) => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${list.dataset.hits}?${new URLSearchParams({ q: query })}`, { signal: asked.signal });
        if (answer.redirected || !answer.ok || box.value.trim() !== query) return close();
        list.innerHTML = await answer.text();
        said.textContent = list.querySelector("[data-said]").textContent;
        shown = query;
        list.hidden = !box.form.contains(document.activeElement);
      } catch {
        // Another key came first, or the line is down: Enter still opens the page of hits.
      }
    };
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      const query = box.value.trim();
      if (query.length < LEAST) close();
      else waiting = setTimeout(ask, PAUSE, query);
    });
    box.addEventListener("focus", () => {
      if (shown && shown === box.value.trim()) list.hidden = false;
    });
    box.form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.form.contains(event.relatedTarget)) close();
    });
    box.form.addEventListener("keydown", (event) => event.key === "Escape" && close());
    box.form.addEventListener("submit", close);
    document.addEventListener("pointerdown", (event) => !box.form.contains(event.target) && close());
  }

  function arrowsThroughHits(box) {
    document.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      const own = [...box.form.querySelectorAll("[data-hits]:not([hidden]) .hit a")];
      const hits = own.length ? own : [...document.querySelectorAll("#hits .hit a")];
      const at = hits.indexOf(document.activeElement);
      if (at < 0 && (step < 0 || document.activeElement !== box || hits.length === 0)) return;
      event.preventDefault();
      (hits[at + step] ?? (step < 0 ? box : hits[at])).focus();
    });
  }

  const box = document.querySelector("#desk-search");
  if (box) {
    keysToSearch(box);
    hitsWhileTyping(box);
    arrowsThroughHits(box);
  }
}
