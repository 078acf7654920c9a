/* Draws the answers of the server: figures in the reader's colours, addresses that hold the state, marks that open. */
"use strict";
(function () {
  const B = (window.bilateral = { raw: {}, meta: {}, exhibits: {}, busy: true, themes: {}, own: null, asked: {}, known: "latest|" });
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const stay = () => window.dash_clientside.no_update;
  /* A page may be replaced between a click and its effect: then there is nothing left to set. */
  const put = (id, props) => {
    try { window.dash_clientside.set_props(id, props); } catch (gone) { return; }
  };
  const el = (type, props, children) => ({
    namespace: "dash_html_components", type: type, props: Object.assign({}, props, { children: children }),
  });
  const narrow = () => window.innerWidth < 640;

  /* ---- the address ---- */

  const pathOf = (url) => url.pathname.replace(/\/+$/, "") || "/";

  const bare = (href) => String(href).split("#")[0];

  function query(raw) {
    const kept = Object.entries(raw).filter(([k, v]) => v !== "" && v !== undefined && B.meta.defaults[k] !== v);
    return kept.length ? "?" + new URLSearchParams(kept).toString() : "";
  }

  function remember(raw) {
    B.raw = raw;
    const url = B.meta.path + query(raw) + window.location.hash;
    window.history.replaceState(window.history.state, "", url);
    B.own = window.location.href;
    // Later, for a callback that starts while it is still running would lose its own result.
    window.setTimeout(() => put("url", { href: window.location.href, search: window.location.search }), 0);
  }

  function loadScript(src) {
    B.scripts = B.scripts || {};
    B.scripts[src] = B.scripts[src] || new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = src;
      tag.onload = resolve;
      tag.onerror = reject;
      document.head.appendChild(tag);
    });
    return B.scripts[src];
  }

  async function route(href, site) {
    if (!href || bare(href) === bare(B.own)) {
      B.own = href || B.own;
      arrived();
      return [stay(), stay(), stay(), stay()];
    }
    B.themes = site.themes;
    inkWords(site.words);
    B.graph = site.graph;
    B.exports = site.exports;
    const url = new URL(href);
    const path = pathOf(url);
    const raw = Object.fromEntries(url.searchParams);
    if (url.hash.startsWith("#finding-") && !raw.finding) raw.finding = url.hash.slice("#finding-".length);
    const [mode, date] = B.known.split("|");
    const carried = mode !== "latest" && !raw.mode && !raw.as_of && B.meta.path !== undefined;
    if (carried) Object.assign(raw, { mode: mode, as_of: date });
    B.known = (raw.mode || (raw.as_of ? "published" : "latest")) + "|" + (raw.as_of || "");
    B.raw = raw;
    B.meta = site.pages[path] || { path: path, defaults: {}, views: {}, title: "Not found" };
    B.exhibits = {};
    B.busy = false;
    Object.keys(laid).forEach((view) => delete laid[view]);
    B.own = href;
    document.title = B.meta.title + " · Bilateral";
    document.querySelectorAll("a.nav-link").forEach((a) => {
      if (pathOf(new URL(a.href)) === path) a.setAttribute("aria-current", "page");
      else a.removeAttribute("aria-current");
    });
    if (site.scripts[path]) await loadScript(site.scripts[path]);
    if (!url.hash) window.scrollTo(0, 0);
    if (carried) remember(raw);
    // Whoever follows a link out of the panel wants to see where it leads.
    if (!raw.mark) window.setTimeout(() => put("provenance", { opened: false }), 0);
    const [m, d] = B.known.split("|");
    return [{ path: path, raw: raw }, m, d, raw.mark ? { mark: raw.mark, view: "", raw: raw } : stay()];
  }

  function choose() {
    const values = Array.prototype.slice.call(arguments, 0, -1);
    const names = B.meta.names || [];
    const raw = Object.assign({}, B.raw);
    names.forEach((name, i) => {
      const v = values[i];
      if (v === null || v === undefined || (v === "" && B.meta.defaults[name] !== "")) return;
      raw[name] = v === true ? "on" : v === false ? "off" : String(v);
    });
    if (!same(raw, B.raw)) B.busy = true;
    remember(raw);
    return raw;
  }

  /* A button that sets one parameter: through its control where it has one. */
  function setTo(name, value) {
    const control = "ctl-" + B.meta.slug + "-" + name;
    if (document.getElementById(control)) return put(control, { value: value });
    const raw = Object.assign({}, B.raw, { [name]: value });
    remember(raw);
    put("raw-" + B.meta.slug, { data: raw });
  }

  function know(mode, date) {
    const on = mode !== "latest";
    const known = mode + "|" + (on ? date || "" : "");
    const ready = !on || /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(date || "");
    if (known !== B.known && ready && B.meta.slug) {
      B.known = known;
      const raw = Object.assign({}, B.raw, { mode: on ? mode : "", as_of: on ? date : "" });
      if (!on) { delete raw.mode; delete raw.as_of; }
      B.busy = Object.keys(B.meta.views).length > 0;
      remember(raw);
      put("raw-" + B.meta.slug, { data: raw });
    }
    if (!on) return ["", { display: "none" }, { display: "none" }, "Known: everything"];
    if (!ready) return ["Write a date as 2016, 2016-08 or 2016-08-31.", {}, {}, "Known: no date yet"];
    const words = mode === "published"
      ? "Showing only what was published by " + (date || "…") + ". Figures that came later do not exist here."
      : "Showing today’s values, cut at the end of " + String(date || "…").slice(0, 4) + ". Later revisions are included.";
    return [words, {}, {}, (mode === "published" ? "Known by " : "Cut at ") + (date || "…")];
  }

  function everything() { return ["latest", ""]; }

  /* ---- from a page to its charts ---- */

  const picked = (raw, names) =>
    Object.fromEntries(names.filter((n) => n in raw && raw[n] !== B.meta.defaults[n]).map((n) => [n, raw[n]]));

  function spread(asked) {
    const old = Array.prototype.slice.call(arguments, 1);
    const raw = B.meta.presets ? asked.raw : asked;
    const views = Object.keys(B.meta.views);
    const own = views.map((v) => (B.meta.presets && !asked.shown.includes(v) ? null : picked(raw, B.meta.views[v])));
    // A hidden card keeps what it was asked last, so that showing it again costs nothing.
    const data = own.map((o, i) => (!o || same(old[i], o) ? stay() : o));
    views.forEach((v, i) => { if (data[i] !== stay()) delete B.exhibits[v]; });
    B.busy = false;
    views.forEach((v, i) => { if (own[i]) B.asked[v] = own[i]; });
    document.querySelectorAll("details.export[open]").forEach(fillMenu);
    return data.concat(own.map((o) => (o ? {} : { display: "none" })));
  }

  function askRows(clicks, raw, asked) {
    const open = clicks % 2 === 1 && raw ? raw : null;
    return same(open, asked || null) ? stay() : open;
  }

  const list = (items) => items.map((text, i) => el("Li", { key: String(i) }, text));

  function defined(pairs) {
    if (!pairs || !pairs.length) return [];
    const terms = pairs.map(([term, text], i) =>
      el("Span", { key: term + i, className: "term", tabIndex: 0 }, [
        term, el("Span", { className: "tip", role: "tooltip" }, text),
      ]));
    return [el("Span", { className: "terms-title" }, "In this chart: ")].concat(terms);
  }

  function sourced(exhibit) {
    if (!exhibit.citations || !exhibit.citations.length) return exhibit.sources || "";
    return [el("Details", {}, [
      el("Summary", {}, "Source: " + exhibit.sources),
      el("Ul", {}, list(exhibit.citations.concat("Bilateral, data " + exhibit.digest))),
    ])];
  }

  /* Words in the colour of a mark are shown in its colour for words: no colour can be read as text on both papers. */
  function inkWords(words) {
    if (document.getElementById("ink-of-words")) return;
    const style = document.createElement("style");
    const rgb = (hex) => hex.match(/\w\w/g).map((part) => parseInt(part, 16)).join(", ");
    const rule = (mode, mark, ink) => `[data-mantine-color-scheme="${mode}"] .js-plotly-plot text[style*="fill: rgb(${rgb(mark)})"] { fill: ${ink} !important; }`;
    style.id = "ink-of-words";
    style.textContent = Object.entries(words).flatMap(([mode, inks]) => Object.entries(inks).map((pair) => rule(mode, ...pair))).join("\n");
    document.head.append(style);
  }

  function dressed(figure, scheme) {
    // A copy, for plotly writes ranges and the like into what it draws.
    const layout = Object.assign(structuredClone(figure.layout), { template: B.themes[scheme] || B.themes.light });
    if (narrow()) {
      layout.dragmode = false;
      if (layout.annotations) layout.annotations = layout.annotations.filter((a) => a.name !== "wide");
      // A figure may say how its panels stand where there is little width.
      Object.entries((layout.meta || {}).narrow || {}).forEach(([part, own]) => {
        layout[part] = own instanceof Object ? Object.assign({}, layout[part], own) : own;
      });
    }
    return { data: structuredClone(figure.data || []), layout: layout };
  }

  function laidOver(figure, own) {
    if (!own || !own.points) return figure;
    const axis = (figure.layout.xaxis || {}).type;
    const drawn = own.points.flatMap((p, i) => (i && !follows(own.points[i - 1][0], p[0]) ? [[p[0], null], p] : [p]));
    const trace = {
      type: "scatter", mode: "lines+markers", name: "your data: " + own.name,
      x: drawn.map((p) => (axis === "date" ? dated(p[0]) : p[0])), y: drawn.map((p) => p[1]), connectgaps: false,
      line: { color: "#868e99", width: 2, dash: "dot" }, marker: { color: "#868e99", symbol: "cross-thin-open", size: 8 },
      hovertemplate: "your data<br>%{x}: %{y}<extra></extra>",
    };
    const layout = Object.assign({}, figure.layout, { showlegend: true });
    return { data: figure.data.concat([trace]), layout: layout };
  }

  // A reader's line is joined as ours are: from one year or month to the next, never over a gap.
  function follows(before, after) {
    if (before.length !== after.length || before.length > 7) return false;
    const count = (p) => (p.length === 4 ? Number(p) : Number(p.slice(0, 4)) * 12 + Number(p.slice(5)));
    return count(after) - count(before) === 1;
  }

  function unseen(figure, own) {
    if (!figure || !own.points) return "";
    const across = figure.layout.xaxis || {}, isLog = (figure.layout.yaxis || {}).type === "log";
    const span = across.type === "date" && across.range;
    const lost = own.points.filter(([t, v]) => (isLog && v <= 0) || (span && (dated(t) < span[0] || dated(t) > span[1])));
    return lost.length ? " Outside the axes and not to be seen: " + lost.map((p) => p[0]).join(", ") + "." : "";
  }

  // What a chart is about and in which unit: values laid over one subject say nothing about another.
  function subject(exhibit) {
    const axis = (exhibit.figure.layout || {}).yaxis || {};
    return exhibit.title + " · " + ((axis.title || {}).text || "");
  }

  function takenOff(view, own) {
    const left = { told: own.name + " was laid over “" + own.over + "” and was taken off." };
    delete laid[view];
    window.setTimeout(() => put("overlay-" + view, { data: left }), 0);
    return left;
  }

  function compose(exhibit, scheme, own) {
    const name = window.dash_clientside.callback_context.outputs_list[0].id.replace("picture-", "");
    if (!exhibit) return [stay(), "card-body is-waiting", stay(), stay(), stay(), stay(), stay(), stay(), stay()];
    B.exhibits[name] = exhibit;
    const drawn = exhibit.state === "drawn";
    if (own && own.points && drawn && own.over !== subject(exhibit)) own = takenOff(name, own);
    const figure = drawn ? laidOver(dressed(exhibit.figure, scheme), own) : null;
    const told = own ? own.told + unseen(figure, own) : "";
    return [
      charted(name, figure), "card-body is-" + exhibit.state, explained(exhibit), exhibit.title || stay(), exhibit.summary || "",
      list(exhibit.caveats || []), defined(exhibit.definitions), sourced(exhibit), told,
    ];
  }

  // The chart comes into being with its first figure: a hidden or empty card costs nothing.
  function charted(name, figure) {
    if (!figure) return stay();
    const height = figure.layout.height || B.graph.heights[name];
    const props = { figure: figure, style: { height: height + "px" } };
    put("picture-" + name, { style: { minHeight: height + "px" } });
    if (document.getElementById("chart-" + name)) { put("chart-" + name, props); return stay(); }
    const fixed = { id: "chart-" + name, config: B.graph.config, className: "chart" };
    return { namespace: "dash_core_components", type: "Graph", props: Object.assign(fixed, props) };
  }

  function explained(exhibit) {
    if (exhibit.state === "drawn") return "";
    const title = { empty: "Nothing to draw", refused: "This cannot be shown", failed: "This chart failed" }[exhibit.state];
    const lines = exhibit.message.split("\n").map((text, i) => el("P", { key: String(i) }, text));
    const remedy = exhibit.state === "refused"
      ? [el("P", { key: "remedy" }, el("A", { href: B.meta.path }, "Show the page with its own settings"))] : [];
    return [el("Strong", { key: "title" }, title)].concat(lines, remedy);
  }

  /* ---- marks ---- */

  const REACH = 9;

  function openMark(mark, view) { put("mark", { data: { mark: mark, view: view || "", raw: B.raw, at: Date.now() } }); }

  function click(data) {
    const name = window.dash_clientside.callback_context.inputs_list[0].id.replace("chart-", "");
    const point = data && data.points && data.points.find((p) => p.customdata);
    if (!point) return [stay(), data ? null : stay()];
    const key = Array.isArray(point.customdata) ? point.customdata[0] : point.customdata;
    return [{ mark: key, view: name, raw: B.raw, near: beside(name, point, key), at: Date.now() }, null];
  }

  // Marks so near the clicked one that the reader may have meant them, each with the words of its hover box.
  function beside(name, point, key) {
    const g = document.querySelector("#chart-" + name + " .js-plotly-plot");
    const at = g && spot(g, point.curveNumber, point.pointNumber), found = {};
    if (!at) return {};
    g._fullData.forEach((trace, curve) => {
      if (trace.visible !== true || !trace.customdata) return;
      trace.customdata.forEach((data, i) => {
        const other = Array.isArray(data) ? data[0] : data, place = other && other !== key && spot(g, curve, i);
        if (place && Math.hypot(place[0] - at[0], place[1] - at[1]) < REACH) found[other] = spoken(trace, i);
      });
    });
    return Object.fromEntries(Object.entries(found).slice(0, 6));
  }

  function spot(g, curve, i) {
    const trace = g._fullData[curve];
    if (trace.type !== "scatter") return null;
    const axis = (letter) => g._fullLayout[(trace[letter + "axis"] || letter).replace(letter, letter + "axis")];
    const x = axis("x"), y = axis("y");
    const place = [x._offset + x.d2p(trace.x[i]), y._offset + y.d2p(trace.y[i])];
    return place.every(Number.isFinite) ? place : null;
  }

  function spoken(trace, i) {
    const text = [].concat((trace.hovertext || trace.text)[i] || "").join("");
    const parts = text.split("<br>").slice(0, 2).join(" · ");
    return new DOMParser().parseFromString(parts, "text/html").body.textContent;
  }

  // A computed mark is named by its view and a print of its inputs (short_mark in components/provenance.py).
  function shortMark(mark) {
    if (!mark.view || !/^=| ; /.test(mark.mark)) return mark.mark;
    let found = 2166136261;
    for (const letter of mark.mark) found = Math.imul(found ^ letter.codePointAt(0), 16777619) >>> 0;
    return mark.view + "~" + found.toString(16).padStart(8, "0");
  }

  function marked(mark, opened) {
    const raw = Object.assign({}, B.raw);
    delete raw.mark;
    if (opened && mark && mark.mark) raw.mark = shortMark(mark);
    if (B.meta.path !== undefined && raw.mark !== B.raw.mark) remember(raw);
    return stay();
  }

  /* ---- a reader's own numbers: read here, kept here ---- */

  function dated(period) {
    const p = String(period);
    if (/^\d{4}$/.test(p)) return p + "-07-02";
    return /^\d{4}-\d{2}$/.test(p) ? p + "-16" : p;
  }

  function isPeriod(text) {
    if (!/^\d{4}(-\d{2}){0,2}$/.test(text)) return false;
    const day = (text + "-01-01").slice(0, 10), at = new Date(day + "T00:00:00Z");
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day;
  }

  function laidWords(own, exhibit) {
    const axis = (((exhibit.figure.layout || {}).yaxis || {}).title || {}).text || "";
    return own.points.length + " of your values laid over" + (axis ? ", read as “" + axis + "”" : "") +
      "; they stay in this browser and are never exported. Press the button again to take them off.";
  }

  function parsed(text, name) {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).filter((line) => line.trim());
    const head = (lines.shift() || "").toLowerCase().split(",").map((cell) => cell.trim().replace(/^"|"$/g, ""));
    const t = head.indexOf("time_period"), v = head.indexOf("value");
    if (t < 0 || v < 0) return { told: name + ": the first line must name the columns time_period,value." };
    const points = [];
    for (const [i, line] of lines.entries()) {
      const cells = line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, ""));
      const value = cells[v] === "" ? NaN : Number(cells[v]);
      if (!isPeriod(cells[t] || "") || !Number.isFinite(value))
        return { told: name + ", line " + (i + 2) + ": expected a year, month or day and a number such as 2014,95.3; found " + line.slice(0, 40) };
      points.push([cells[t], value]);
    }
    if (!points.length) return { told: name + " has no rows below its first line." };
    points.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const twice = points.find((p, i) => i && p[0] === points[i - 1][0]);
    if (twice) return { told: name + " has two values for " + twice[0] + "; one is needed." };
    return { name: name, points: points };
  }

  function timed(exhibit) {
    const figure = exhibit && exhibit.figure;
    if (!figure || exhibit.state !== "drawn") return false;
    if (((figure.layout || {}).xaxis || {}).type === "date") return true;
    const xs = (figure.data || []).flatMap((trace) => trace.x || []);
    return xs.length > 0 && xs.every((x) => /^\d{4}$/.test(String(x)));
  }

  const laid = {};

  function overlay(view) {
    if (laid[view]) {
      delete laid[view];
      return put("overlay-" + view, { data: null });
    }
    if (!timed(B.exhibits[view])) return tell(view, "This chart has no time axis to lay values on.");
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".csv,text/csv";
    input.onchange = async () => {
      const file = input.files[0];
      if (!file) return;
      const own = file.size > 1e6 ? { told: file.name + " is larger than 1 MB." } : parsed(await file.text(), file.name);
      if (own.points) {
        laid[view] = true;
        own.over = subject(B.exhibits[view]);
        own.told = laidWords(own, B.exhibits[view]);
      }
      put("overlay-" + view, { data: own });
    };
    input.click();
  }

  /* ---- what a reader takes along: always ours alone, never with an overlay ---- */

  function tell(view, text) { put("told-" + view, { children: text }); }

  function chartLink(view) {
    const raw = Object.assign({}, B.raw, { mark: "" });
    return window.location.origin + B.meta.path + query(raw) + "#card-" + view;
  }

  function footnote(exhibit, view) {
    const said = (exhibit.citations || []).join(" ");
    return "Source: " + said + " Bilateral, data " + exhibit.digest + ". " + stateWords() + chartLink(view);
  }

  // What was known is part of what a sentence says: it goes along with it.
  function stateWords() {
    const words = B.known.startsWith("latest") ? "" : document.getElementById("banner-words").textContent;
    return words && words + " ";
  }

  async function picture(exhibit) {
    const figure = dressed(exhibit.figure, "light");
    const layout = Object.assign({}, figure.layout, {
      paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff",
      title: { text: exhibit.title, x: 0.02, xanchor: "left", font: { size: 17 } },
      margin: Object.assign({}, figure.layout.margin, { t: 64, b: 72, l: 64, r: 32 }),
      annotations: (figure.layout.annotations || []).concat([{
        text: stateWords() + "Source: " + exhibit.sources, xref: "paper", yref: "paper", x: 0, y: 0, yshift: -62, xanchor: "left",
        showarrow: false, font: { size: 10.5 },
      }]),
    });
    return window.Plotly.toImage({ data: figure.data, layout: layout }, { format: "png", width: 1000, height: figure.layout.height || 562, scale: 2 });
  }

  /* ---- files: made by the server, with the parameters of this moment ---- */

  function fileLink(view, fmt, size, text) {
    const asked = new URLSearchParams(Object.assign({}, B.asked[view] || {}, size ? { size: size } : {})).toString();
    const link = document.createElement("a");
    link.href = "/export/" + view + "." + fmt + (asked ? "?" + asked : "");
    link.download = view + (size ? "-" + size : "") + "." + fmt;
    link.dataset.file = view;
    link.textContent = text;
    return link;
  }

  function menuRow(title, links) {
    const row = document.createElement("p");
    const head = document.createElement("span");
    head.textContent = title;
    row.append(head, ...links);
    return row;
  }

  function fillMenu(details) {
    const view = details.dataset.view, offer = B.exports, sizes = Object.entries(offer.sizes);
    const sized = (fmt) => sizes.map(([size, text]) => fileLink(view, fmt, size, text));
    const rows = menuRow("Rows", offer.rows.map((fmt) => fileLink(view, fmt, "", fmt === "csv" ? "CSV" : "Parquet")));
    const pictures = [menuRow("PNG", sized("png")), menuRow("SVG", sized("svg")), menuRow("PDF", sized("pdf"))];
    const caution = document.createElement("p");
    caution.className = "export-problem";
    caution.textContent = offer.problem;
    details.querySelector(".export-menu").replaceChildren(...(offer.problem ? [caution] : pictures), rows);
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("details.export[open]")) fillMenu(event.target);
  }, true);

  async function fetchFile(link) {
    const view = link.dataset.file;
    link.closest("details").open = false;
    tell(view, "Making " + link.download + " …");
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) return tell(view, (await answer.text()).trim());
      const saved = document.createElement("a");
      saved.href = URL.createObjectURL(await answer.blob());
      saved.download = link.download;
      saved.click();
      window.setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
      tell(view, link.download + " saved.");
    } catch (gone) { tell(view, "The server did not answer."); }
  }

  const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

  async function copy(view) {
    const exhibit = B.exhibits[view];
    if (!exhibit || exhibit.state !== "drawn") return tell(view, "There is nothing to copy.");
    const repeats = exhibit.summary.startsWith(exhibit.title);
    const sentence = (repeats ? "" : exhibit.title + ". ") + exhibit.summary;
    const note = footnote(exhibit, view) + (exhibit.caveats.length ? " Caveats: " + exhibit.caveats.join(" ") : "");
    const image = await picture(exhibit);
    const rich = "<p>" + safe(sentence) + '</p><p><img width="720" src="' + image + '"></p><p><small>' + safe(note) + "</small></p>";
    const plain = sentence + "\n\n" + note;
    try {
      await navigator.clipboard.write([new ClipboardItem({
        "text/plain": new Blob([plain], { type: "text/plain" }), "text/html": new Blob([rich], { type: "text/html" }),
      })]);
      tell(view, "Sentence, picture and footnote copied.");
    } catch (refused) {
      try { await navigator.clipboard.writeText(plain); tell(view, "Sentence and footnote copied."); }
      catch (no) { tell(view, "The browser does not allow copying here."); }
    }
  }

  async function link(view) {
    try { await navigator.clipboard.writeText(chartLink(view)); tell(view, "Link copied."); }
    catch (refused) { tell(view, chartLink(view)); }
  }

  const DROPS = "details.known[open], details.export[open]";
  const actions = { overlay: overlay, copy: copy, link: link };

  document.addEventListener("click", (event) => {
    document.querySelectorAll(DROPS).forEach((d) => { if (!d.contains(event.target)) d.open = false; });
    const file = event.target.closest("a[data-file]");
    if (file && !(event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); return fetchFile(file); }
    const mark = event.target.closest("[data-mark]");
    if (mark) return openMark(mark.dataset.mark, mark.dataset.view);
    const set = event.target.closest("[data-set]");
    if (set) return setTo(...set.dataset.set.split("="));
    const action = event.target.closest("[data-action]");
    if (action && actions[action.dataset.action]) actions[action.dataset.action](action.dataset.view);
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(DROPS);
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
      event.preventDefault();
      put("search-box", { opened: true });
    }
  });

  /* ---- the ledger ---- */

  function ledgerColumns(shown, columns) {
    const named = columns.map((c) => c.field).filter((name) => shown.includes(name));
    remember(Object.assign({}, B.raw, { columns: named.join(",") }));
    return columns.map((c) => Object.assign({}, c, { hide: !shown.includes(c.field) }));
  }

  function ledgerRow(rows) {
    if (!rows || !rows.length) return stay();
    return { mark: rows[0].observation_id, view: "", raw: B.raw, at: Date.now() };
  }

  window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  window.dashAgGridComponentFunctions.MarkButton = (props) =>
    window.React.createElement("button", { className: "mark", type: "button", "data-mark": props.data.observation_id }, props.valueFormatted || props.value);

  /* ---- is this number right ---- */

  function askFigure() {
    const names = arguments[arguments.length - 1];
    const typed = Object.fromEntries(names.map((name, i) => [name, String(arguments[i + 2] || "")]));
    if (!arguments[0] && !arguments[1]) return stay();
    remember(Object.assign({}, B.raw, typed));
    return typed;
  }

  /* ---- shell ---- */

  function scheme(clicks, stored) {
    const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const now = stored || system;
    const chosen = clicks && B.clicks !== clicks ? (now === "dark" ? "light" : "dark") : now;
    const toggled = clicks && B.clicks !== clicks;
    B.clicks = clicks;
    return [chosen, chosen, toggled ? chosen : stay(), chosen === "dark" ? "Light colours" : "Dark colours"];
  }

  function openSearch(clicks) { return clicks ? true : stay(); }

  function closeSearch() { return false; }

  function burger(opened, href) {
    const leave = window.dash_clientside.callback_context.triggered.some((t) => t.prop_id === "url.href");
    const open = leave ? false : !!opened;
    return [open ? "nav is-open" : "nav", open];
  }

  function arrived() {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const go = () => {
      const to = id && document.getElementById(id);
      if (to && to.tagName === "DETAILS") to.open = true;
      if (to) to.scrollIntoView();
    };
    if (id) [50, 700].forEach((delay) => window.setTimeout(go, delay));
    return stay();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    bilateral: { route, choose, know, everything, spread, askRows, compose, click, marked, scheme, openSearch, closeSearch, burger, arrived, askFigure, ledgerColumns, ledgerRow },
  });
})();
