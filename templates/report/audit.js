"use strict";
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const items = [...document.querySelectorAll("[data-outcome]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const folds = [...document.querySelectorAll("details")];
  const count = document.querySelector(".count");
  let texts;
  const size = (item) => Number(item.dataset.count || 1);
  const total = items.reduce((sum, item) => sum + size(item), 0);

  const filter = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set([...form.querySelectorAll("[name=outcome]:checked")].map((box) => box.value));
    texts ??= new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
    let shown = 0;
    for (const item of items) {
      const text = texts.get(item);
      const found = wanted.has(item.dataset.outcome) && words.every((word) => text.includes(word));
      if (item.hidden === found) item.hidden = !found;
      shown += found ? size(item) : 0;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-outcome]:not([hidden])");
    tell(shown);
  };
  const tell = (shown) => { count.textContent = `${shown} of ${total} findings shown`; };
  const fold = (open) => { for (const one of folds) one.open = open; };
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); filter(); }
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    target.scrollIntoView();
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.querySelector("[value=open]").addEventListener("click", () => fold(true));
  form.querySelector("[value=close]").addEventListener("click", () => fold(false));
  window.addEventListener("hashchange", reveal);
  let before = [];
  window.addEventListener("beforeprint", () => { before = folds.filter((one) => !one.open); fold(true); });
  window.addEventListener("afterprint", () => { for (const one of before) one.open = false; });
  form.hidden = false;
  tell(total);
  if (location.hash) reveal();
})();
