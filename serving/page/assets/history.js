// The predictions of the session, in this tab and nowhere else.

const MOST = 200;
const table = document.getElementById("history-table");
const body = table.querySelector("tbody");
const buttons = [document.getElementById("export"), document.getElementById("clear")];
// A form hands its inputs out by name, before anything of its own: features may be called as they like.
const [model, point] = ["data-model", "data-point"].map((name) => document.getElementById("inputs").getAttribute(name));
const key = `history ${model}`;
const language = document.documentElement.lang;
const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
// Entries have the words of answers, and are shown in those of the page's language.
const words = JSON.parse(document.getElementById("history").dataset.words);
const names = [...document.querySelectorAll("[data-field]")].map((field) => field.dataset.field);

let entries = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

document.addEventListener("predicted", ({ detail }) => {
  entries = [{ ...detail, time: new Date().toISOString() }, ...entries].slice(0, MOST);
  keep();
});

function keep() {
  show();
  try {
    sessionStorage.setItem(key, JSON.stringify(entries));
  } catch {
    // Full, or forbidden: they are gone with the page.
  }
}

function show() {
  const none = entries.length === 0;
  table.hidden = none;
  document.getElementById("history-empty").hidden = !none;
  for (const button of buttons) button.disabled = none;
  body.replaceChildren(...entries.map(row));
}

function row(entry) {
  const line = document.createElement("tr");
  const link = document.createElement("a");
  link.href = `?${entry.query}`;
  link.textContent = new Date(entry.time).toLocaleTimeString(language);
  const inputs = names.map((name) => words.inputs[name]?.[entry.inputs[name]] ?? entry.inputs[name] ?? "");
  const texts = [words.label[entry.label] ?? entry.label, percent.format(entry.probability), words.risk[entry.risk] ?? entry.risk ?? "", entry.version, ...inputs];
  for (const content of [link, ...texts]) line.insertCell().append(content);
  return line;
}

// RFC 4180, and as spreadsheets of the language write it: where numbers have commas, cells have semicolons between them, and the
// program looks for a byte order mark. What it would take for a formula is text.
const [MARK, BETWEEN] = point === "," ? ["\ufeff", ";"] : ["", ","];
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;
function cell(value) {
  if (typeof value === "number") return String(value).replace(".", point);
  const text = String(value ?? "");
  const harmless = /^[-=+@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function csv() {
  const head = ["time", "label", "probability", "risk_level", "model_version", ...names];
  const line = (entry) => [entry.time, entry.label, entry.probability, entry.risk, entry.version, ...names.map((name) => entry.inputs[name])];
  return MARK + [head, ...entries.map(line)].map((cells) => `${cells.map(cell).join(BETWEEN)}\r\n`).join("");
}

buttons[0].addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  link.download = `${key.replace(" ", "-")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
});
buttons[1].addEventListener("click", () => {
  entries = [];
  keep();
});
show();
