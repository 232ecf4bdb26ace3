"use strict";
// Improves the queue, which works without it: a choice shows at once, ticks are counted, counts stay fresh.
{
  const EVERY = 60_000;

  function showAtOnce(form) {
    for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
  }

  function countTicks(bar) {
    const form = bar.closest("form");
    const boxes = [...form.querySelectorAll("input[name='chosen']")];
    const all = bar.querySelector("[data-all]");
    const said = bar.querySelector("[data-chosen]");
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      said.textContent = ticked ? bar.dataset.said.replace("#", ticked) : "";
      bar.classList.toggle("is-idle", ticked === 0);
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
    for (const box of boxes) box.addEventListener("change", tell);
    tell();
  }

  function keepFresh(queue) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(queue.dataset.counts, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return;
        const counts = await answer.json();
        for (const count of queue.querySelectorAll("[data-count]")) {
          count.textContent = counts[count.dataset.count] ?? count.textContent;
          count.closest("li").classList.toggle("is-quiet", count.textContent === "0");
        }
      } catch {
        // The line is down: the counts stay as they are, and the next round asks again.
      }
    }, EVERY);
  }

  for (const form of document.querySelectorAll(".queue__filters")) showAtOnce(form);
  for (const bar of document.querySelectorAll(".queue__acts")) countTicks(bar);
  for (const queue of document.querySelectorAll(".queue")) keepFresh(queue);
}
