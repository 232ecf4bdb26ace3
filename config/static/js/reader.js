"use strict";
// Improves an article that is complete without it: remembers the audience, copies how to cite it, prints.
{
  const KEY = "imprimatur.audience";

  function rememberAudience() {
    const links = [...document.querySelectorAll(".chooser a")];
    for (const link of links) {
      link.addEventListener("click", () => {
        try {
          localStorage.setItem(KEY, new URL(link.href).searchParams.get("for"));
        } catch { /* storage is off: the address alone carries the choice */ }
      });
    }
    if (new URLSearchParams(location.search).has("for")) return;
    let wanted = null;
    try {
      wanted = localStorage.getItem(KEY);
    } catch { return; }
    const link = links.find((each) => new URL(each.href).searchParams.get("for") === wanted);
    if (link && !link.hasAttribute("aria-current")) location.replace(link.href + location.hash);
  }

  function offerPrinting() {
    for (const button of document.querySelectorAll(".print-button")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
    const closed = [];
    addEventListener("beforeprint", () => {
      for (const each of document.querySelectorAll("details:not([open])")) {
        closed.push(each);
        each.open = true;
      }
    });
    addEventListener("afterprint", () => { while (closed.length) closed.pop().open = false; });
  }

  function offerCopying() {
    if (!navigator.clipboard) return; // the text can be selected with one press
    for (const button of document.querySelectorAll(".copy-button")) {
      const label = button.textContent;
      button.hidden = false;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).innerText.trim());
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 3000);
      });
    }
  }

  function openLinkedDetails() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) details.open = true;
  }

  rememberAudience();
  offerCopying();
  offerPrinting();
  addEventListener("hashchange", openLinkedDetails);
  openLinkedDetails();
}
