"use strict";
// Improves the search boxes, which work without it: titles while somebody types, chosen by keyboard, mouse or touch.
{
  const PAUSE = 150;
  const LEAST = 2;

  function suggest(box, number) {
    const form = box.form;
    const list = document.createElement("ul");
    list.className = "find__list";
    list.id = `find-list-${number}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label").textContent);
    form.append(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    let waiting = 0;
    let asked = null;
    let at = -1;

    const options = () => [...list.children];
    const mark = (to) => {
      at = to;
      options().forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
      const chosen = options()[at];
      if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
      else box.removeAttribute("aria-activedescendant");
    };
    const show = (open) => {
      list.hidden = !open;
      box.setAttribute("aria-expanded", String(open));
      if (!open) mark(-1);
    };
    const close = () => {
      clearTimeout(waiting);
      asked?.abort();
      show(false);
    };
    const follow = (option) => { location.href = option.dataset.url; };
    const fill = ({ suggestions }) => {
      list.replaceChildren(...suggestions.map(({ title, url }, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.textContent = title;
        option.dataset.url = url;
        return option;
      }));
      mark(-1);
      show(suggestions.length > 0 && document.activeElement === box);
    };
    const ask = async (typed) => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: typed })}`, { signal: asked.signal });
        if (answer.ok && box.value.trim() === typed) fill(await answer.json());
      } catch {
        // Another key came first, or the line is down: Enter still searches.
      }
    };

    box.addEventListener("input", () => {
      clearTimeout(waiting);
      const typed = box.value.trim();
      if (typed.length < LEAST) close();
      else waiting = setTimeout(ask, PAUSE, typed);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      const last = options().length - 1;
      if (event.key === "ArrowDown") mark(at === last ? -1 : at + 1);
      else if (event.key === "ArrowUp") mark(at === -1 ? last : at - 1);
      else if (event.key === "Enter" && at >= 0) follow(options()[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    box.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) follow(option);
    });
    form.addEventListener("submit", close);
  }

  document.querySelectorAll("input[data-suggest]").forEach(suggest);
}
