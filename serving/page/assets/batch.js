// A file is sent in pieces, two at a time, and the answers are put together here, in the file's order.

import { pieces } from "./pieces.js";

const element = (name) => document.getElementById(name);
const [form, box, cancel, download] = ["batch", "file", "cancel", "batch-download"].map(element);
const [trouble, progress, said] = ["batch-trouble", "batch-progress", "batch-said"].map(element);
const results = [...document.querySelectorAll("[data-results]")];
const counts = [...document.querySelectorAll("[data-count]")];
const bars = [...document.querySelectorAll("[data-bar]")];
const cells = [...document.querySelectorAll("[data-bin]")];
const [WAYS, SHOWN, TABLES] = [2, 100, ["shown", "wrong"]];

let run = null;

const written = (number) => number.toLocaleString(document.documentElement.lang);
const card = (name) => element(name).content.firstElementChild.cloneNode(true);
const reveal = (some) => results.forEach((part) => (part.hidden = !some));

// Said once, however often: somebody may be listening to it.
function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

// What is away or busy is asked again until it answers, or somebody cancels.
async function ask({ stop: { signal } }, piece) {
  const headers = { "Content-Type": "text/csv", "X-Form-Token": form.elements[".token"].value, "X-First-Line": String(piece.first) };
  for (;;) {
    let why = card("page-away");
    try {
      const response = await fetch(`${form.getAttribute("action")}/rows`, { method: "POST", body: piece.body, headers, signal });
      if (response.headers.get("Content-Type") === "application/json") return await response.json();
      why = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-trouble]") ?? why;
    } catch {
      signal.throwIfAborted();
    }
    const pause = Number(why.dataset.retry) * 1000;
    if (!pause) throw Object.assign(new Error("stopped"), { card: why });
    if (trouble.firstElementChild?.dataset.trouble !== why.dataset.trouble) trouble.replaceChildren(why);
    await new Promise((wake) => {
      setTimeout(wake, pause);
      signal.addEventListener("abort", wake);
    });
    signal.throwIfAborted();
  }
}

async function begin(file) {
  run?.stop.abort();
  const mine = { file, stop: new AbortController(), mark: "", header: "", parts: [], counts: counts.map(() => 0), bins: bars.map(() => 0), size: 0 };
  run = mine;
  trouble.replaceChildren();
  for (const name of TABLES) element(`${name}-rows`).replaceChildren();
  reveal(false);
  [progress.hidden, cancel.disabled, download.disabled] = [false, false, true];
  form.setAttribute("aria-busy", "true");
  show(mine);
  const source = pieces(file);
  let turn = Promise.resolve();
  const way = async () => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const piece = next.value;
      turn = Promise.all([ask(mine, piece), turn]).then(([part]) => add(mine, piece, part));
      await turn;
    }
  };
  // The first that stops, stops all.
  const reason = await Promise.all(Array.from({ length: WAYS }, way)).then(() => null, (why) => why);
  const cancelled = mine.stop.signal.aborted;
  mine.stop.abort();
  if (run === mine) end(mine, reason, cancelled);
}

function add(mine, piece, part) {
  mine.stop.signal.throwIfAborted();
  mine.header = part.header;
  // The first letter that needs it may come late.
  mine.mark ||= part.mark;
  // A browser may put it on its disk.
  mine.parts.push(new Blob([part.csv]));
  mine.size += piece.size;
  part.counts.forEach((count, place) => (mine.counts[place] += count));
  part.bins.forEach((count, place) => (mine.bins[place] += count));
  for (const name of TABLES) fill(name, part[name]);
  reveal(true);
  trouble.replaceChildren();
  show(mine);
}

// Rows as the server wrote them, until there are enough.
function fill(name, rows) {
  const body = element(`${name}-rows`);
  const fresh = new DOMParser().parseFromString(`<table>${rows}</table>`, "text/html").querySelectorAll("tr");
  body.append(...[...fresh].slice(0, SHOWN - body.rows.length));
  element(`${name}-card`).hidden = body.rows.length === 0;
}

function show({ file, size, counts: counted, bins }) {
  [progress.max, progress.value] = [file.size || 1, size];
  say(said.dataset.progress.replace("{}", String(25 * Math.floor((4 * size) / (file.size || 1)))));
  counts.forEach((count, place) => (count.textContent = written(counted[place])));
  const most = Math.max(1, ...bins);
  element("batch-most").textContent = written(most);
  bins.forEach((count, bar) => {
    bars[bar].setAttribute("y", String(200 - (200 * count) / most));
    bars[bar].setAttribute("height", String((200 * count) / most));
    cells[bar].textContent = written(count);
  });
}

function end(mine, reason, cancelled) {
  const some = mine.parts.length > 0;
  const why = reason && !cancelled && (reason.card ?? card(reason instanceof RangeError ? "file-large" : "file-gone"));
  trouble.replaceChildren(...(why ? [why] : []));
  const [rows, wrong] = mine.counts.map(written);
  const finished = said.dataset.finished.replace("{rows}", rows).replace("{wrong}", wrong);
  say(reason ? (some ? said.dataset.stopped : said.dataset.nothing) : finished);
  progress.hidden = Boolean(reason);
  if (document.activeElement === cancel) (some ? download : box).focus();
  [cancel.disabled, download.disabled] = [true, !some];
  form.removeAttribute("aria-busy");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.files[0]) begin(box.files[0]);
});
cancel.addEventListener("click", () => run?.stop.abort());
window.addEventListener("beforeunload", (event) => form.hasAttribute("aria-busy") && event.preventDefault());
// Anywhere on the page: for a file that misses the field, a browser would leave it.
const isFile = (event) => event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!isFile(event)) return;
  event.preventDefault();
  form.dataset.over = "";
});
document.addEventListener("dragleave", (event) => event.relatedTarget || delete form.dataset.over);
document.addEventListener("drop", (event) => {
  delete form.dataset.over;
  if (!isFile(event)) return;
  event.preventDefault();
  box.files = event.dataTransfer.files;
  form.requestSubmit();
});
download.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([run.mark, run.header, ...run.parts], { type: "text/csv" }));
  link.download = run.file.name.replace(/(\.[^.]*)?$/, "-predictions.csv");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});
