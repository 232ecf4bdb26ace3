"use strict";
// Improves the desk's frame, which works without it: the count of unread news stays fresh while somebody looks.
{
  const EVERY = 60_000;

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
}
