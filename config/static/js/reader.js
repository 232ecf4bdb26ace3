"use strict";
// Improves an article that is complete without it: remembers the audience, prints.
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

  function openLinkedDetails() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) details.open = true;
  }

  rememberAudience();
  offerPrinting();
  addEventListener("hashchange", openLinkedDetails);
  openLinkedDetails();
}
