"use strict";
// A citation shows its reference beside it; without this it is a link to the list. Under [data-citations] a press (mouse, Enter or
// touch) opens the reference with its links and stays open; elsewhere a press goes to the list.
{
  document.documentElement.classList.add("has-script");
  const card = document.createElement("div");
  card.className = "reference-card";
  card.id = "reference-card";
  card.tabIndex = -1;
  card.hidden = true;
  document.body.append(card);
  let shownFor = null;
  let isOpen = false;
  let isQuiet = false;

  const entryOf = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

  function place(link) {
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left + scrollX, scrollX + document.documentElement.clientWidth - card.offsetWidth - 16);
    const below = at.bottom + card.offsetHeight + 8 < innerHeight;
    card.style.left = `${Math.max(left, 16)}px`;
    card.style.top = `${scrollY + (below ? at.bottom + 4 : at.top - card.offsetHeight - 4)}px`;
  }

  function show(link) {
    if (isOpen || isQuiet) return;
    const entry = entryOf(link);
    const text = entry?.querySelector(".references__text");
    if (!text) return;
    hide();
    card.setAttribute("role", "tooltip");
    card.removeAttribute("aria-label");
    card.textContent = `${entry.value}. ${text.textContent.trim()}`;
    card.hidden = false;
    place(link);
    link.setAttribute("aria-describedby", card.id);
    shownFor = link;
  }

  function hide() {
    card.hidden = true;
    shownFor?.removeAttribute("aria-describedby");
    shownFor?.removeAttribute("aria-expanded");
    shownFor = null;
    isOpen = false;
  }

  // With its links, and the focus in it: Escape, Tab past the end and a press elsewhere close it, back to the citation.
  function open(link, says) {
    const entry = entryOf(link);
    const text = entry?.querySelector(".references__text");
    if (!text) return false;
    hide();
    const words = document.createElement("p");
    const note = entry.querySelector(".references__note")?.textContent ?? "";
    words.textContent = `${entry.value}. ${text.textContent.trim()} ${note}`;
    const links = document.createElement("p");
    links.className = "references__links";
    for (const each of entry.querySelectorAll(".badge")) words.prepend(each.cloneNode(true), " ");
    for (const each of entry.querySelectorAll(".references__links a")) links.append(each.cloneNode(true));
    const list = Object.assign(document.createElement("a"), { href: link.hash, textContent: says });
    list.addEventListener("click", () => hide());
    links.append(list);
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", link.getAttribute("aria-label") ?? words.textContent.slice(0, 80));
    card.replaceChildren(words, links);
    card.hidden = false;
    place(link);
    link.setAttribute("aria-expanded", "true");
    shownFor = link;
    isOpen = true;
    card.focus({ preventScroll: true });
    return true;
  }

  function close() {
    const link = shownFor;
    hide();
    isQuiet = true; // closed on purpose: coming back to the citation doesn't show it again
    link?.focus({ preventScroll: true });
    isQuiet = false;
  }

  let leaving = 0;
  for (const link of document.querySelectorAll(".citation a[href^='#']")) {
    const says = link.closest("[data-citations]")?.dataset.citations;
    link.addEventListener("mouseenter", () => {
      clearTimeout(leaving);
      show(link);
    });
    link.addEventListener("mouseleave", () => {
      leaving = setTimeout(() => isOpen || hide(), 200);
    });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", () => isOpen || hide());
    if (!says) continue;
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (isOpen && shownFor === link) close();
      else if (!open(link, says)) return;
      event.preventDefault();
    });
  }
  card.addEventListener("mouseenter", () => clearTimeout(leaving));
  card.addEventListener("mouseleave", () => isOpen || hide());
  card.addEventListener("keydown", (event) => {
    const last = [...card.querySelectorAll("a")].pop();
    const out = event.shiftKey ? document.activeElement === card : document.activeElement === last;
    if (event.key === "Tab" && isOpen && out) close(); // the browser goes on from the citation
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    if (isOpen) close();
    else hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen && !card.contains(event.target) && !shownFor.contains(event.target)) hide();
  });
  addEventListener("resize", () => {
    if (shownFor) place(shownFor);
  });
}
