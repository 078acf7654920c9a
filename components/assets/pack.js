/* A reader's own pack: charts collected from any page, in order, kept in this browser, ordered from the server as files. */
"use strict";
(function () {
  const KEY = "bilateral-pack", MOST = 40;
  const FILES = [["pdf", "PDF"], ["pptx", "PPTX"], ["docx", "DOCX"], ["xlsx", "XLSX"], ["html", "HTML"], ["zip", "All (zip)"]];
  let offered = null, told = "";

  const read = () => { try { return JSON.parse(window.localStorage.getItem(KEY)) || []; } catch (broken) { return []; } };
  const keep = (items) => { try { window.localStorage.setItem(KEY, JSON.stringify(items)); } catch (full) { told = "This browser keeps nothing."; } };
  const word = (item) => item.view + (Object.keys(item.raw).length ? "?" + new URLSearchParams(item.raw) : "");
  const asked = (items) => new URLSearchParams(items.map((item) => ["view", word(item)])).toString();
  const panel = () => document.getElementById("pack-panel");
  const details = () => document.querySelector("details.pack");

  function make(tag, props, ...children) {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  }

  function button(text, key, act, label) {
    const made = make("button", { type: "button", className: "action", onclick: act }, text);
    made.dataset.key = key;
    if (label) made.setAttribute("aria-label", label);
    return made;
  }

  function change(items, words, keys) {
    keep(items);
    told = words;
    draw(keys);
  }

  function moved(items, from, to) {
    const next = items.slice();
    next.splice(to, 0, next.splice(from, 1)[0]);
    return next;
  }

  function row(items, item, i) {
    const title = item.title || item.view, last = items.length - 1;
    const details = Object.entries(item.raw).map(([name, value]) => name + " " + value).join(", ");
    const up = button("↑", "up" + i, () => change(moved(items, i, i - 1), title + " moved up.", ["up" + (i - 1), "down" + (i - 1)]), "Move " + title + " up");
    const down = button("↓", "down" + i, () => change(moved(items, i, i + 1), title + " moved down.", ["down" + (i + 1), "up" + (i + 1)]), "Move " + title + " down");
    up.disabled = i === 0;
    down.disabled = i === last;
    const drop = button("×", "drop" + i, () => change(items.filter((_, at) => at !== i), title + " removed."), "Remove " + title);
    const words = make("span", { className: "pack-title" }, title);
    if (details) words.append(make("small", {}, details));
    return make("li", {}, words, up, down, drop);
  }

  function fileLink(items, fmt, text) {
    const link = make("a", { className: "action", href: "/export/pack." + fmt + "?" + asked(items), download: "pack." + fmt }, text);
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      fetchFile(link);
    };
    return link;
  }

  async function fetchFile(link) {
    say("Making " + link.download + " …");
    try {
      const answer = await window.fetch(link.href);
      if (!answer.ok) return say((await answer.text()).trim());
      const saved = make("a", { href: URL.createObjectURL(await answer.blob()), download: link.download });
      saved.click();
      window.setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
      const missing = answer.headers.get("X-Bilateral-Missing");
      say(link.download + (missing ? " saved; it is not complete: " + missing + " missing." : " saved."));
    } catch (gone) { say("The server did not answer."); }
  }

  function say(text) {
    told = text;
    const place = panel() && panel().querySelector(".told");
    if (place) place.textContent = text;
  }

  async function copyLink(items) {
    const address = window.location.origin + "/#pack=" + encodeURIComponent(asked(items));
    try { await navigator.clipboard.writeText(address); say("Link copied: it holds these charts in this order."); }
    catch (refused) { say(address); }
  }

  function offer() {
    const count = offered.length + (offered.length === 1 ? " chart" : " charts");
    const take = button("Take it", "take", () => { const items = offered; offered = null; change(items, "The pack of the link is yours now."); });
    const leave = button("Keep mine", "leave", () => { offered = null; change(read(), "Your own pack stays."); });
    return make("p", { className: "pack-offer" }, "The link holds a pack of " + count + ". ", take, leave);
  }

  // The focus follows the chart that was moved; where its button is gone, it goes to the first there is.
  function focus(place, keys) {
    const wanted = keys.map((key) => place.querySelector('[data-key="' + key + '"]:not(:disabled)')).find(Boolean);
    (wanted || place.querySelector("button:not(:disabled), a") || document.getElementById("pack-open")).focus();
  }

  function draw(keys) {
    const items = read(), place = panel();
    const summary = document.getElementById("pack-open");
    if (summary) summary.textContent = items.length ? "Pack (" + items.length + ")" : "Pack";
    if (!place) return;
    const focused = document.activeElement && place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const parts = offered ? [offer()] : [];
    if (items.length) {
      parts.push(make("ol", { className: "pack-list" }, ...items.map((item, i) => row(items, item, i))));
      parts.push(make("p", { className: "pack-files" }, ...FILES.map(([fmt, text]) => fileLink(items, fmt, text))));
      parts.push(make("p", { className: "pack-files" }, button("Copy link", "link", () => copyLink(items)), button("Clear", "clear", () => change([], "The pack is empty."))));
    } else parts.push(make("p", { className: "quiet" }, "No chart collected yet. “Add to pack” stands under every chart; the pack keeps their order and settings in this browser."));
    const status = make("p", { className: "told" }, told);
    status.setAttribute("role", "status");
    place.replaceChildren(...parts, status);
    if (focused) focus(place, keys || [focused]);
  }

  function add(view) {
    const B = window.bilateral, items = read();
    const names = B.meta.views[view] || [];
    const raw = Object.fromEntries(names.filter((n) => B.raw[n] && B.raw[n] !== B.meta.defaults[n]).map((n) => [n, B.raw[n]]));
    const heading = document.getElementById("title-" + view);
    const item = { view: view, title: heading ? heading.textContent : view, raw: raw };
    const tell = (text) => window.dash_clientside.set_props("told-" + view, { children: text });
    if (items.some((known) => word(known) === word(item))) return tell("The pack holds this chart already.");
    if (items.length >= MOST) return tell("A pack holds at most " + MOST + " charts.");
    told = "";
    keep(items.concat([item]));
    draw();
    tell("Added: number " + (items.length + 1) + " of your pack.");
  }

  async function fromLink() {
    const query = decodeURIComponent((window.location.hash.match(/^#pack=(.*)$/) || ["", ""])[1]);
    if (!query) return;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
    const answer = await window.fetch("/pack.json?" + query);
    if (!answer.ok) told = "The link cannot be opened: " + (await answer.text()).trim();
    else {
      const items = await answer.json(), own = read();
      if (!own.length || asked(own) === asked(items)) { keep(items); told = "The pack of the link is yours now."; }
      else offered = items;
    }
    draw();
    if (details()) details().open = true;
  }

  function pageFile(link) {
    const raw = new URLSearchParams(window.location.search);
    ["mark", "theme"].forEach((name) => raw.delete(name));
    link.href = link.dataset.pagefile + (raw.size ? "?" + raw : "");
  }

  document.addEventListener("click", (event) => {
    const open = document.querySelector("details.pack[open]");
    if (open && !open.contains(event.target) && document.contains(event.target)) open.open = false;
    const adding = event.target.closest('[data-action="pack"]');
    if (adding) add(adding.dataset.view);
    const page = event.target.closest("[data-pagefile]");
    if (page) pageFile(page);
  }, true);

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details.pack[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  window.addEventListener("storage", (event) => { if (event.key === KEY) draw(); });
  const waiting = new MutationObserver(() => {
    if (!panel()) return;
    waiting.disconnect();
    draw();
    fromLink();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
