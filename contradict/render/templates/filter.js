(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const items = [...document.querySelectorAll("li[data-p]")];
  const apply = () => {
    const [speaker, language, kind] = ["speaker", "language", "kind"].map((name) => form.elements[name].value);
    const least = Number(form.elements.probability.value);
    let shown = 0;
    for (const item of items) {
      const of = item.dataset;
      const fits =
        (!speaker || of.a === speaker || of.b === speaker) &&
        (!language || of.la === language || of.lb === language) &&
        (!kind || of.kind === kind) &&
        Number(of.p) >= least;
      item.hidden = !fits;
      shown += fits;
    }
    form.elements.shown.value = `${shown} of ${items.length} shown, from ${least.toFixed(2)} on`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  apply();
})();
