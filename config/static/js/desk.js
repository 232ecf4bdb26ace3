"use strict";
// Improves desk pages that work without it: labels for rows on a phone, names for the pickers, menus that close,
// and where to begin reading.
{
  function labelCells() {
    for (const table of document.querySelectorAll("#result_list")) {
      const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
      for (const row of table.querySelectorAll("tbody tr")) {
        [...row.children].forEach((cell, index) => {
          cell.dataset.label = names[index] ?? "";
          if (["–", "-", ""].includes(cell.textContent.trim()) && !cell.querySelector("img, input")) cell.classList.add("is-empty");
        });
      }
    }
  }

  function namePickers(root) {
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const box = select.parentElement.querySelector(".select2-selection");
      if (!label || !box) continue;
      const name = label.textContent.replace(/:\s*$/, "").trim();
      box.setAttribute("aria-label", name);
      box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
      box.querySelector(".select2-selection__rendered[role='textbox']")?.setAttribute("aria-label", name);
    }
  }

  function reachScrollers() {
    for (const box of document.querySelectorAll(".inline-group, .results")) {
      if (box.scrollWidth <= box.clientWidth + 1) continue;
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", box.querySelector("h2")?.textContent.trim() || document.title);
    }
  }

  function closeMenus() {
    const menus = [...document.querySelectorAll(".desk-menu, .filter")];
    document.addEventListener("click", (event) => {
      for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      for (const menu of menus.filter((each) => each.open)) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  // What was just done is read first, unless somebody has gone on already.
  function beginWithWhatWasDone() {
    if (document.activeElement === document.body) document.querySelector(".outcome")?.focus();
  }

  function openWhatIsWrong() {
    for (const problem of document.querySelectorAll(".errorlist, .errors")) {
      for (let box = problem.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
  }

  labelCells();
  closeMenus();
  beginWithWhatWasDone();
  openWhatIsWrong();
  addEventListener("load", () => {
    setTimeout(() => namePickers(document), 0);
    reachScrollers();
  });
  document.addEventListener("formset:added", (event) => setTimeout(() => namePickers(event.target), 0));
}
