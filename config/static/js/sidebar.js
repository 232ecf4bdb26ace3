"use strict";
// Folds the desk's sidebar to its icons and remembers that in this browser. It runs before the page is drawn, so that
// nothing jumps; pages that need the width are remembered apart, since they come folded.
{
  const root = document.documentElement;
  const NEEDS_WIDTH = ".article-page--editing, :has(.queue)";
  const KEYS = { side: "desk-side", sideBeside: "desk-side-beside" };

  for (const [name, key] of Object.entries(KEYS)) {
    try {
      const kept = localStorage.getItem(key);
      if (kept) root.dataset[name] = kept;
    } catch {
      // Nothing may be kept in this browser: the page's own width stands.
    }
  }

  function fold(button) {
    const needsWidth = document.body.matches(NEEDS_WIDTH);
    const name = needsWidth ? "sideBeside" : "side";
    const label = button.querySelector("[data-fold]");
    const isFolded = () => (needsWidth ? root.dataset[name] !== "full" : root.dataset[name] === "narrow");
    const tell = () => {
      label.textContent = isFolded() ? label.dataset.unfold : label.dataset.fold;
      button.title = label.textContent;
    };
    button.addEventListener("click", () => {
      root.dataset[name] = isFolded() ? "full" : "narrow";
      try {
        localStorage.setItem(KEYS[name], root.dataset[name]);
      } catch {
        // It holds until the page is left.
      }
      tell();
    });
    tell();
    button.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll(".side__fold")) fold(button);
  });
}
