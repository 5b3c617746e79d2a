// A file of any length, in pieces that end where rows do: two are under way at a time, and the answers are put together here.

const form = document.getElementById("batch");
const box = document.getElementById("file");
const cancel = document.getElementById("cancel");
const download = document.getElementById("batch-download");
const trouble = document.getElementById("batch-trouble");
const progress = document.getElementById("batch-progress");
const said = document.getElementById("batch-said");
const counts = { rows: document.getElementById("batch-rows"), wrong: document.getElementById("batch-wrong") };
const bars = [...document.querySelectorAll("[data-bar]")];
const cells = [...document.querySelectorAll("[data-count]")];
const language = document.documentElement.lang;
const [ROWS, BYTES, WAYS, TRIES, SHOWN] = [2000, 512 * 1024, 2, 5, 100];
const [QUOTE, LINE] = [34, 10];
const ENDS = new Set([...",;\t\r\n"].map((letter) => letter.charCodeAt(0)));
const MARK = [0xef, 0xbb, 0xbf];

let run = null;

// Each piece is the line of names and some rows. A quote counts where a cell begins, as for readers of CSV.
async function* pieces(file) {
  const reader = file.stream().getReader();
  let [buffer, head, at, end, rows, number, first, quoted, start] = [new Uint8Array(0), null, 0, 0, 0, 0, 1, false, true];
  const piece = (to) => {
    const made = { number: number++, first, size: to, body: new Blob([head ?? "", buffer.slice(0, to)]) };
    [first, rows, buffer, at, end] = [first + rows, 0, buffer.subarray(to), at - to, 0];
    return made;
  };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const more = new Uint8Array(buffer.length + value.length);
    more.set(buffer);
    more.set(value, buffer.length);
    buffer = more;
    while (at < buffer.length) {
      const byte = buffer[at++];
      if (byte === QUOTE && (quoted || start)) {
        quoted = !quoted;
        start = !quoted;
        continue;
      }
      start = !quoted && (ENDS.has(byte) || (!head && at <= 3 && MARK.includes(byte)));
      if (byte !== LINE || quoted) continue;
      if (!head) {
        [head, buffer, at] = [buffer.slice(0, at), buffer.subarray(at), 0];
        continue;
      }
      [end, rows] = [at, rows + 1];
      if (rows === ROWS || end >= BYTES) yield piece(end);
    }
    // A row that does not end is for the server to refuse.
    if (buffer.length > 2 * BYTES) break;
  }
  if (number === 0 || buffer.length > 0) yield piece(buffer.length);
}

class Stopped extends Error {
  constructor(card) {
    super("stopped");
    this.card = card;
  }
}

// What is away or busy is asked again a few times.
async function answer(piece, signal) {
  const headers = { "Content-Type": "text/csv", "X-Form-Token": form.elements[".token"].value, "X-First-Row": String(piece.first) };
  for (let tries = 1; ; tries++) {
    let [card, pause] = [document.getElementById("page-away").content.firstElementChild, 3];
    try {
      const response = await fetch(`${form.getAttribute("action")}/rows`, { method: "POST", body: piece.body, headers, signal });
      if (response.ok) return await response.json();
      const text = await response.text();
      card = new DOMParser().parseFromString(text, "text/html").querySelector("[data-trouble]") ?? card;
      pause = Number(card.dataset.retry);
    } catch (reason) {
      if (signal.aborted) throw reason;
    }
    if (!pause || tries === TRIES) throw new Stopped(card);
    await new Promise((wake) => setTimeout(wake, pause * 1000));
    signal.throwIfAborted();
  }
}

async function begin(file) {
  run?.abort();
  const mine = new AbortController();
  run = mine;
  const done = { file, header: "", parts: [], rows: 0, wrong: 0, bins: bars.map(() => 0), size: 0, shown: [], shown_wrong: [] };
  download.done = done;
  trouble.replaceChildren();
  said.textContent = "";
  document.getElementById("batch-results").hidden = false;
  form.setAttribute("aria-busy", "true");
  [cancel.disabled, download.disabled] = [false, true];
  show(done);
  const source = pieces(file);
  const way = async () => {
    for await (const piece of { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }) {
      add(done, piece, await answer(piece, mine.signal));
      if (run === mine) show(done);
    }
  };
  let reason = null;
  // The first that stops, stops all.
  await Promise.all(Array.from({ length: WAYS }, way)).catch((why) => (reason = why));
  if (run !== mine) return;
  mine.abort();
  if (reason instanceof Stopped) trouble.replaceChildren(reason.card.cloneNode(true));
  said.textContent = reason ? (done.rows ? said.dataset.stopped : "") : said.dataset.finished;
  document.getElementById("batch-results").hidden = done.rows === 0;
  form.removeAttribute("aria-busy");
  [cancel.disabled, download.disabled] = [true, done.rows === 0];
}

function add(done, piece, part) {
  done.header = part.header;
  // A browser may put it on its disk.
  done.parts[piece.number] = new Blob([part.csv]);
  done.rows += part.rows;
  done.wrong += part.wrong;
  done.size += piece.size;
  part.bins.forEach((count, bar) => (done.bins[bar] += count));
  done.shown[piece.number] = part.shown;
  if (done.shown_wrong.length < SHOWN && part.shown_wrong) done.shown_wrong.push(part.shown_wrong);
}

function show(done) {
  [progress.max, progress.value] = [done.file.size || 1, done.size];
  for (const [name, element] of Object.entries(counts)) element.textContent = done[name].toLocaleString(language);
  const most = Math.max(1, ...done.bins);
  document.getElementById("batch-most").textContent = most.toLocaleString(language);
  done.bins.forEach((count, bar) => {
    bars[bar].setAttribute("y", String(200 - (200 * count) / most));
    bars[bar].setAttribute("height", String((200 * count) / most));
    cells[bar].textContent = count.toLocaleString(language);
  });
  table("shown", done.shown);
  table("wrong", done.shown_wrong);
}

// Rows as the server wrote them, until there are enough.
function table(name, parts) {
  const body = document.getElementById(`${name}-rows`);
  const text = parts.join("");
  if (body.childElementCount >= SHOWN && parts.length > 1) return;
  const fresh = new DOMParser().parseFromString(`<table><tbody>${text}</tbody></table>`, "text/html");
  body.replaceChildren(...[...fresh.querySelectorAll("tr")].slice(0, SHOWN));
  document.getElementById(`${name}-card`).hidden = body.childElementCount === 0;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.files[0]) begin(box.files[0]);
});
cancel.addEventListener("click", () => run?.abort());
for (const kind of ["dragover", "drop"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    if (kind === "drop" && event.dataTransfer.files.length > 0) {
      box.files = event.dataTransfer.files;
      begin(box.files[0]);
    }
  });
}
download.addEventListener("click", () => {
  const { header, parts, file } = download.done;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([header, ...parts.filter(Boolean)], { type: "text/csv" }));
  link.download = file.name.replace(/(\.[^.]*)?$/, "-predictions.csv");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});
