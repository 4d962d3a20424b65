(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const items = [...document.querySelectorAll("li[data-p]")];
  const apply = () => {
    const chosen = [...form.querySelectorAll("select")].filter((list) => list.value);
    const least = Number(form.elements.probability.value);
    let shown = 0;
    for (const item of items) {
      const fits =
        Number(item.dataset.p) >= least &&
        chosen.every((list) => (item.dataset[list.name[0]] ?? "").split(" ").includes(list.value));
      item.hidden = !fits;
      shown += fits;
    }
    form.elements.shown.value = `${shown} of ${items.length} shown, from ${least.toFixed(2)} on`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  apply();
})();
