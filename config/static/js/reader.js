"use strict";
// Improves an article that is complete without it: remembers the audience, shows references beside citations, prints.
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

  function showReferences() {
    const card = document.createElement("div");
    card.className = "reference-card";
    card.id = "reference-card";
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    document.body.append(card);
    let shownFor = null;

    function show(link) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const text = target && target.querySelector(".references__text");
      if (!text) return;
      card.textContent = `${target.value}. ${text.textContent.trim()}`;
      card.hidden = false;
      const at = link.getBoundingClientRect();
      const left = Math.min(at.left + scrollX, scrollX + document.documentElement.clientWidth - card.offsetWidth - 16);
      const below = at.bottom + card.offsetHeight + 8 < innerHeight;
      card.style.left = `${Math.max(left, 16)}px`;
      card.style.top = `${scrollY + (below ? at.bottom + 4 : at.top - card.offsetHeight - 4)}px`;
      link.setAttribute("aria-describedby", card.id);
      shownFor = link;
    }

    function hide() {
      card.hidden = true;
      if (shownFor) shownFor.removeAttribute("aria-describedby");
      shownFor = null;
    }

    let leaving = 0;
    for (const link of document.querySelectorAll(".citation a[href^='#']")) {
      link.addEventListener("mouseenter", () => { clearTimeout(leaving); show(link); });
      link.addEventListener("mouseleave", () => { leaving = setTimeout(hide, 200); });
      link.addEventListener("focus", () => show(link));
      link.addEventListener("blur", hide);
    }
    card.addEventListener("mouseenter", () => clearTimeout(leaving));
    card.addEventListener("mouseleave", hide);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
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
  showReferences();
  offerPrinting();
  addEventListener("hashchange", openLinkedDetails);
  openLinkedDetails();
}
