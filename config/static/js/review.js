"use strict";
// The review page works without this: it fills the comment's passage from the selected words.
{
  const form = document.querySelector("#remark form");
  const squeezed = (text) => text.replace(/\s+/g, "");

  function occurrencesBefore(holder, range, quote) {
    const before = document.createRange();
    before.setStart(holder, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = squeezed(before.toString()).length;
    const whole = squeezed(holder.textContent);
    let count = 0;
    for (let at = whole.indexOf(quote); at >= 0 && at < start; at = whole.indexOf(quote, at + 1)) count += 1;
    return count;
  }

  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = range.commonAncestorContainer;
    const holder = (inside.nodeType === Node.ELEMENT_NODE ? inside : inside.parentElement)?.closest("[data-place]");
    const quote = range.toString().trim();
    return holder && quote ? { holder, range, quote } : null;
  }

  function fill({ holder, range, quote }) {
    form.elements.quote.value = quote;
    form.elements.place.value = holder.dataset.place;
    form.elements.position.value = occurrencesBefore(holder, range, squeezed(quote));
    form.closest("details").open = true;
    form.elements.words.focus();
    form.scrollIntoView({ block: "center" });
  }

  if (form) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--primary remark-here";
    button.textContent = form.closest("details").dataset.selection;
    button.hidden = true;
    document.body.append(button);
    let chosen = null;
    const look = () => {
      chosen = selected() ?? chosen;
      setTimeout(() => {
        button.hidden = !selected();
      }, 250);
    };
    document.addEventListener("selectionchange", look);
    look();
    button.addEventListener("click", () => {
      if (chosen) fill(chosen);
      button.hidden = true;
    });
    form.elements.quote.addEventListener("input", () => {
      form.elements.place.value = "";
      form.elements.position.value = "";
    });
  }
}
