"use strict";
// Improves the desk's frame, which works without it: keys that lead to the search and through what it found, and a
// count of unread news that stays fresh while somebody looks.
{
  const EVERY = 60_000;
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";

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
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      box.blur();
      if (before?.isConnected && before !== document.body) before.focus();
    });
  }

  function arrowsThroughHits(box) {
    const hits = [...document.querySelectorAll("#hits .hit a")];
    if (hits.length === 0) return;
    document.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = hits.indexOf(document.activeElement);
      if (!step || event.altKey || event.ctrlKey || event.metaKey || (at < 0 && document.activeElement !== box)) return;
      if (at < 0 && step < 0) return;
      event.preventDefault();
      (hits[at + step] ?? (step < 0 ? box : hits[at])).focus();
    });
  }

  function keepFresh(bell) {
    const count = bell.querySelector("[data-unread]");
    let asked = Date.now();
    const ask = async () => {
      if (document.hidden || Date.now() - asked < EVERY / 2) return;
      asked = Date.now();
      try {
        const answer = await fetch(bell.dataset.counts, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return;
        count.textContent = (await answer.json()).unread;
        count.parentElement.hidden = count.textContent === "";
      } catch {
        // The line is down: the count stays as it is, and the next round asks again.
      }
    };
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
  }

  for (const bell of document.querySelectorAll(".desk-bell")) keepFresh(bell);
  const box = document.querySelector("#desk-search");
  if (box) {
    keysToSearch(box);
    arrowsThroughHits(box);
  }
}
