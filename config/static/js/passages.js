"use strict";
// Marks in the text what comments are about, with a link to each comment and one back. Without this a comment says its passage.
{
  const section = document.querySelector("#comments");
  const isSpace = /\s/;

  // Where the ``position``-th occurrence of the quote stands, spaces left out, as stretches of text nodes.
  function stretches(holder, quote, position) {
    const places = [];
    let squeezed = "";
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      [...node.data].reduce((offset, letter) => {
        if (!isSpace.test(letter)) {
          squeezed += letter;
          for (let unit = 0; unit < letter.length; unit += 1) places.push({ node, start: offset + unit });
        }
        return offset + letter.length;
      }, 0);
    }
    let at = squeezed.indexOf(quote);
    for (let count = 0; at >= 0 && count < position; count += 1) at = squeezed.indexOf(quote, at + 1);
    if (at < 0) return [];
    const found = [];
    for (const { node, start } of places.slice(at, at + quote.length)) {
      const last = found.at(-1);
      if (last?.node === node) last.end = start + 1;
      else found.push({ node, start, end: start + 1 });
    }
    return found;
  }

  function wrap({ node, start, end }) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    const mark = document.createElement("mark");
    mark.className = "passage";
    range.surroundContents(mark);
    return mark;
  }

  // The links hold no words: what is selected and quoted from the text stays the text.
  function join(marks, comment, quote) {
    const number = comment.id.replace("comment-", "");
    const kind = comment.querySelector(".badge")?.textContent.trim() ?? "";
    marks[0].id = `passage-${number}`;
    marks[0].tabIndex = -1;
    const there = document.createElement("a");
    Object.assign(there, { href: `#${comment.id}`, className: "passage__link" });
    there.setAttribute("aria-label", `${section.dataset.saysComment}: ${kind}`);
    const last = marks.at(-1);
    (last.closest(".citation") ?? last.closest("a") ?? last).after(there);
    const back = document.createElement("a");
    Object.assign(back, { href: `#passage-${number}`, className: "comment__back", textContent: section.dataset.saysPassage });
    quote.append(" ", back);
    comment.tabIndex = -1;
  }

  for (const quote of section?.querySelectorAll("[data-passage]") ?? []) {
    const holder = document.querySelector(`[data-place="${CSS.escape(quote.dataset.passage)}"]`);
    const words = quote.querySelector("[data-quote]").textContent.replace(/\s+/g, "");
    const found = holder && words ? stretches(holder, words, Number(quote.dataset.position)) : [];
    const marks = found.map(wrap);
    if (marks.length) join(marks, quote.closest(".comment"), quote);
  }
}
