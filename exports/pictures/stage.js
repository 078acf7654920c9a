/* Draws one sheet after another on a page that is never reloaded; the same order gives the same bytes. */
"use strict";
(function () {
  /* Plotly names clip paths and traces by chance: here chance begins anew with every sheet. */
  function seed() {
    let state = 20141;
    Math.random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  /* Which attribute is set first depends on what was measured before; in the file they stand in order. */
  const ordered = (svg) => svg.replace(/<([\w:]+)((?:\s+[\w:-]+="[^"]*")+)\s*(\/?)>/g, (tag, name, attributes, end) =>
    "<" + name + " " + attributes.match(/[\w:-]+="[^"]*"/g).sort().join(" ") + end + ">");

  const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

  const lineOf = (l, font) =>
    `<text x="${l.x}" y="${l.y}" font-family="${safe(font)}" font-size="${l.size}" fill="${l.colour}"` +
    `${l.bold ? ' font-weight="bold"' : ""}>${safe(l.text)}</text>`;

  function tracesIn(svg) {
    const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    if (root.querySelector("parsererror")) throw new Error("the drawing is not valid SVG");
    const groups = root.querySelectorAll(".scatterlayer > g.trace, .barlayer > g.trace, .heatmaplayer > g");
    return [...groups].filter((g) => g.childNodes.length > 0).length;
  }

  async function compose(order) {
    seed();
    const plot = { width: order.plot_width, height: order.plot_height };
    const config = { staticPlot: true, topojsonURL: "" };
    const figure = { data: order.figure.data, layout: order.figure.layout, config: config };
    const inner = await Plotly.toImage(figure, Object.assign({ format: "svg", imageDataOnly: true }, plot));
    const placed = ordered(inner).replace(/^<svg /, `<svg x="${order.left}" y="${order.top}" `);
    const shown = `width="${order.shown_width}" height="${order.shown_height}"`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${shown}` +
      ` viewBox="0 0 ${order.width} ${order.height}" role="img"><title>${safe(order.title)}</title>` +
      `<rect width="${order.width}" height="${order.height}" fill="#ffffff"/>` +
      order.lines.map((l) => lineOf(l, order.font)).join("") + placed + "</svg>";
    return { svg: svg, traces: tracesIn(inner) };
  }

  async function painted(svg, width, height) {
    const image = new Image();
    const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
    try {
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const brush = canvas.getContext("2d", { alpha: false });
      brush.fillStyle = "#ffffff";
      brush.fillRect(0, 0, width, height);
      brush.drawImage(image, 0, 0, width, height);
      return canvas.toDataURL("image/png").split(",", 2)[1];
    } finally { URL.revokeObjectURL(url); }
  }

  function staged(svg, order) {
    const style = `@page { size: ${order.shown_width}px ${order.shown_height}px; margin: 0 } body { margin: 0 } svg { display: block }`;
    document.body.innerHTML = `<style>${style}</style>${svg}`;
  }

  window.bilateral = {
    draw: async (order) => {
      const made = await compose(order);
      if (order.format === "png") return { body: await painted(made.svg, order.pixel_width, order.pixel_height), traces: made.traces };
      if (order.format === "pdf") staged(made.svg, order);
      return { body: made.svg, traces: made.traces };
    },
    clear: () => { document.body.innerHTML = ""; },
  };
})();
