"use strict";
// The page itself: what the reader chose, words in their language, and drawing.

const asked = new URLSearchParams(location.search);
const choices = {
  language: asked.get("language") || (navigator.language.startsWith("ko") ? "ko" : "en"),
  theme: asked.get("theme") ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  dimension: asked.get("dimension") || facts.dimensions[0],
  breakdown: "", measure: "conversions",
  period: asked.get("period") || "all",
};

// Words and numbers --------------------------------------------------------------------

const CALENDAR = {
  ko: {
    dateTime: "%Y. %m. %d. %a %X", date: "%Y. %m. %d.", time: "%H:%M:%S", periods: ["오전", "오후"],
    days: ["일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"],
    shortDays: ["일", "월", "화", "수", "목", "금", "토"],
    months: Array.from({ length: 12 }, (_, month) => `${month + 1}월`),
    shortMonths: Array.from({ length: 12 }, (_, month) => `${month + 1}월`),
  },
};
const OF_VALUES = { "(other)": "other", "(not set)": "not_set", "(no session)": "no_session", "(unattributed)": "unattributed", all: "all" };

// A value that people define has no word: it stays as `otherwise`.
function word(name, values = {}, otherwise = name) {
  const text = words[choices.language][name];
  return text === undefined ? otherwise
    : text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
}

const valueName = (value) => (Object.hasOwn(OF_VALUES, value) ? word(OF_VALUES[value]) : value);
const formatted = (options) => (value) => (value === null || value === undefined || Number.isNaN(value)
  ? "–" : new Intl.NumberFormat(choices.language, options).format(value));
const count = formatted({ maximumFractionDigits: 0 });
const whole = formatted({ maximumFractionDigits: 0, useGrouping: false });
const decimal = formatted({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const rate = formatted({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const fineRate = formatted({ style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const amount = (units) => (units === null ? null : units / facts.money_units);

function money(units, currency, isShort = false) {
  const digits = isShort && units >= 1e5 * facts.money_units ? { maximumFractionDigits: 0 } : {};
  if (/^[A-Z]{3}$/.test(currency)) return formatted({ style: "currency", currency, ...digits })(amount(units));
  return decimal(amount(units));
}

function seconds(value) {
  const [unit, size] = value >= 172800 ? ["day", 86400] : value >= 7200 ? ["hour", 3600]
    : value >= 120 ? ["minute", 60] : ["second", 1];
  return formatted({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 })(
    value === null || value === undefined ? null : value / size);
}

function periodText(start, grain) {
  if (grain === "month") return start.slice(0, 7);
  return grain === "week" ? word("week_of", { day: start }) : start;
}

const weekdayName = (place) => new Intl.DateTimeFormat(choices.language, { weekday: "short", timeZone: "UTC" })
  .format(Date.UTC(2023, 0, 1 + FIRST_WEEKDAY + place));

const remarks = ({ small, complete }) =>
  [small && word("is_small"), complete === false && word("is_incomplete")].filter(Boolean).join("; ") || "–";

// Choices ------------------------------------------------------------------------------

const PRESETS = [7, 28, 90];
const unique = (table, column) => [...new Set((table || []).map((row) => row[column]))];

function setRange(preset) {
  choices.range = preset;
  if (preset === "everything") Object.assign(choices, { from: firstDay, to: lastDay });
  else if (preset !== "chosen") {
    const days = Number(preset);
    Object.assign(choices, { from: later(firstDay, addDays(lastFullDay, 1 - days)), to: lastFullDay });
  }
}

function startWithDefaults() {
  const days = daysBetween(firstDay, later(firstDay, lastFullDay));
  const fitting = PRESETS.filter((preset) => preset < days);
  setRange(asked.get("range") || (fitting.length ? String(fitting[fitting.length - 1]) : "everything"));
  if (asked.get("from")) Object.assign(choices, { range: "chosen", from: asked.get("from") });
  if (asked.get("to")) Object.assign(choices, { range: "chosen", to: asked.get("to") });
  choices.grain = asked.get("grain") || (daysBetween(choices.from, choices.to) > 35 ? "week" : "day");
  const conversions = unique(tables.session_conversion, "conversion").sort();
  choices.conversion = asked.get("conversion") || (conversions.includes("order") ? "order" : conversions[0]);
  // The currency of the most orders.
  const currencies = addUp(tables.order_statuses, ["currency"], ["orders"]).sort(descending("orders"));
  choices.currency = asked.get("currency") || (currencies[0] || {}).currency || "";
  // The funnel of the most steps, and a retention by weeks; of several that of most persons.
  const whole = tables.funnels.filter((row) => row.grain === "all" && row.dimension === "all");
  const funnels = unique(whole, "funnel").map((name) => whole.filter((row) => row.funnel === name))
    .sort((a, b) => b.length - a.length || b[0].persons - a[0].persons);
  choices.funnel = asked.get("funnel") || (funnels.length ? funnels[0][0].funnel : "");
  const byWeek = (row) => facts.retentions[row.retention] === "week";
  const retentions = addUp(tables.retention.filter((row) => !row.period), ["retention"], ["size"])
    .sort((a, b) => byWeek(b) - byWeek(a) || b.size - a.size);
  choices.retention = asked.get("retention") || (retentions[0] || {}).retention;
}

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

// A choice that belongs to a section stands in it.
function sectionChoices() {
  const placed = {
    channels: {
      conversion: unique(tables.session_conversion, "conversion").sort().map((name) => [name, name]),
      measure: tables.attribution
        ? [["conversions", word("column.attributed_conversions")], ["value", word("column.attributed_value")]] : [],
    },
    funnels: {
      funnel: unique(tables.funnels, "funnel").map((name) => [name, name]),
      period: [["all", word("grain.all")], ...unique(
        tables.funnels.filter((row) => row.funnel === choices.funnel && row.grain === "month"), "start",
      ).sort().reverse().map((start) => [start, periodText(start, "month")])],
      breakdown: [["", word(`dimension.${choices.dimension}`)], ...unique(
        tables.funnels.filter((row) => row.funnel === choices.funnel), "dimension",
      ).filter((name) => name !== "all" && !facts.dimensions.includes(name)).map((name) => [name, name])],
    },
    retention: { retention: unique(tables.retention, "retention").map((name) => [name, name]) },
  };
  const titles = { breakdown: "control.dimension" };
  for (const [section, selects] of Object.entries(placed)) {
    const box = document.querySelector(`[data-choices="${section}"]`);
    box.replaceChildren(...Object.entries(selects).filter(([, options]) => options.length > 1).map(([name, options]) => {
      const label = document.createElement("label");
      label.className = "control";
      const select = document.createElement("select");
      select.dataset.choice = name;
      fill(select, options, choices[name]);
      select.onchange = () => {
        choices[name] = select.value;
        if (name === "funnel") Object.assign(choices, { period: "all", breakdown: "" });
        draw();
      };
      label.append(element("span", word(titles[name] || `control.${name}`)), select);
      return label;
    }));
  }
}

function showChoices() {
  const at = (id) => document.getElementById(id);
  fill(at("range"), [
    ...PRESETS.map((days) => [String(days), word("control.last_days", { days })]),
    ["everything", word("control.everything")], ["chosen", word("control.chosen")],
  ], choices.range);
  for (const end of ["from", "to"]) {
    Object.assign(at(end), { value: choices[end], min: firstDay, max: lastDay });
  }
  at("grain").value = choices.grain;
  at("dimension").value = choices.dimension;
  at("controls").classList.toggle("chosen", choices.range === "chosen");
  at("language").value = choices.language;
  const currencies = unique(tables.order_statuses, "currency");
  fill(at("currency"), currencies.map((name) => [name, valueName(name)]), choices.currency);
  at("currency").parentElement.hidden = currencies.length < 2;
}

function listen() {
  const at = (id) => document.getElementById(id);
  at("range").onchange = (event) => { setRange(event.target.value); draw(); };
  for (const end of ["from", "to"]) {
    at(end).onchange = (event) => {
      if (!event.target.value) return;
      Object.assign(choices, { range: "chosen", [end]: event.target.value });
      if (choices.from > choices.to) choices[end === "from" ? "to" : "from"] = event.target.value;
      draw();
    };
  }
  for (const name of ["grain", "dimension", "currency", "language"]) {
    at(name).onchange = (event) => { choices[name] = event.target.value; draw(); };
  }
  at("theme").onclick = () => { choices.theme = choices.theme === "dark" ? "light" : "dark"; draw(); };
  // Paper is light. What a plot waits for is there already, so it is drawn before the print.
  const screen = {};
  addEventListener("beforeprint", () => {
    screen.theme = choices.theme;
    if (choices.theme === "dark") { choices.theme = "light"; draw(); }
  });
  addEventListener("afterprint", () => {
    if (screen.theme === "dark") { choices.theme = "dark"; draw(); }
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    draw();
  });
}

// Drawing ------------------------------------------------------------------------------

// Colours that stay apart with any of the common defects of colour vision.
const COLOURS = {
  light: ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7A6FAC", "#9A9A9A"],
  dark: ["#56A8DC", "#F0B840", "#2EBE95", "#E09BC3", "#8CCBF0", "#F08A4B", "#A9A0D6", "#8A8F94"],
};
const RAMPS = {
  light: ["#eaf2f8", "#b9d6ea", "#6fa9d2", "#2f7bb6", "#0b4a83"],
  dark: ["#1d2c3a", "#23486a", "#2f6f9f", "#57a3d6", "#b5dcf7"],
};

function element(name, text, attributes = {}) {
  const made = Object.assign(document.createElement(name), attributes);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Vega does not wrap legends by itself: letters are taken to be wide where they are Korean.
const longest = (texts) => Math.max(...texts.map((text) =>
  [...String(text)].reduce((sum, letter) => sum + (letter > "\u1100" ? 1.7 : 1), 0)), 0);

function themed(width, rows, series) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const soft = colour("soft"), line = colour("line"), font = getComputedStyle(document.body).fontFamily;
  const main = COLOURS[choices.theme][0];
  return {
    background: null, font, padding: { left: 0, top: 4, right: 14, bottom: 4 },
    view: { stroke: null },
    axis: {
      labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line,
      labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal", labelPadding: 5,
    },
    axisYQuantitative: {
      titleAngle: 0, titleAlign: "left", titleAnchor: "end", titleX: 0, titleY: -12,
      domain: false, ticks: false,
    },
    axisXQuantitative: { titleAnchor: "start", domain: false, ticks: false },
    legend: {
      labelColor: colour("ink"), titleColor: soft, titleFontWeight: "normal", labelFontSize: 11.5,
      titleFontSize: 11, symbolType: "square", columns: Math.max(1, Math.floor(width / (30 + 6.6 * longest(series)))), rowPadding: 3,
    },
    range: { category: COLOURS[choices.theme], ramp: RAMPS[choices.theme], heatmap: RAMPS[choices.theme] },
    bar: { fill: main }, line: { stroke: main }, point: { stroke: main, fill: main, ...(rows.length > 100 ? { size: 4, strokeWidth: 1 } : { size: 34, strokeWidth: 1.5 }) },
    rule: { stroke: soft }, text: { fill: colour("ink"), font, fontSize: 11 },
    rect: { stroke: colour("sheet") },
  };
}

// A specification with its words in the reader's language.
function translated(part) {
  if (part === "@period") return word(`since.${facts.retentions[choices.retention] || "day"}`);
  if (typeof part === "string") return part.startsWith("@") ? word(`column.${part.slice(1)}`) : part;
  if (Array.isArray(part)) return part.map(translated);
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, translated(value)]));
}

async function drawPlot(name, box, rows) {
  const spec = translated(charts[name]);
  spec.datasets = { rows };
  // The space that is there: some plots cannot ask for it themselves.
  const width = box.clientWidth;
  if (spec.hconcat) {
    const names = Math.min(150, 12 + 6 * longest(unique(rows, "series")));
    const part = Math.max(46, (width - names - 40) / spec.hconcat.length);
    spec.hconcat.forEach((plot) => { plot.width = part; });
  }
  const series = unique(rows, "model" in rows[0] ? "model" : "series");
  for (const part of spec.layer || [spec]) {
    const { color, x } = part.encoding || {};
    // One series needs no name beside that of the axis.
    if (color && color.field === "series" && series.length < 2) color.legend = null;
    // Names of columns that find no room lie aslant.
    if (x && x.field === "series" && width / rows.length < 7 * longest(series)) {
      Object.assign(x.axis, { labelAngle: -40, labelAlign: "right" });
    }
  }
  if (name === "gaps") {
    const weeks = new Set(rows.map((row) => row.week)).size;
    spec.width = Math.min(width - 60, weeks * 40);
  }
  const calendar = CALENDAR[choices.language];
  await vegaEmbed(box, spec, {
    actions: false, renderer: "svg", config: themed(width, rows, series),
    ...(calendar ? { timeFormatLocale: calendar } : {}),
  });
}

const SHOWN = {
  text: (value) => value, value: valueName, whole, count, rate, fine_rate: fineRate, decimal, seconds,
  amount: (value) => decimal(amount(value)), money: (value) => money(value, choices.currency), start: (value) => value,
  flag: (value) => word(value ? "yes_no.yes" : "yes_no.no"),
};
const TEXTS = ["text", "value", "start", "flag"], MOST_PRINTED = 14;

// Columns are [field, kind, heading, heading as it is]; the heading is the field without them.
function drawTable(box, { columns, rows, totals }) {
  const head = element("tr");
  for (const [field, kind, heading, text] of columns) {
    head.append(element("th", text || translated(`@${heading || field}`), {
      className: TEXTS.includes(kind) ? "" : "number", scope: "col" }));
  }
  const body = element("tbody");
  for (const row of totals ? [...rows, totals] : rows) {
    const drawn = element("tr", undefined, { className: row === totals ? "total" : "" });
    for (const [field, kind] of columns) {
      const value = row[field];
      const small = row.small && row.small.includes(field);
      const cell = element("td", value === null || value === undefined ? "–" : SHOWN[kind](value) + (small ? " ∘" : ""));
      cell.className = (TEXTS.includes(kind) ? kind : "number") + (small ? " small" : "");
      cell.dataset.column = field;
      if (value !== null && value !== undefined) cell.dataset.value = value;
      drawn.append(cell);
    }
    body.append(drawn);
  }
  const table = element("table"), thead = element("thead");
  thead.append(head);
  table.append(thead, body);
  const scroll = element("div", undefined, { className: "scroll", tabIndex: 0 });
  scroll.append(table);
  if (rows.length > MOST_PRINTED) {
    scroll.dataset.more = word("and_more", { more: rows.length - MOST_PRINTED });
  }
  box.replaceChildren(scroll);
}

async function drawFigure(box) {
  const name = box.dataset.figure;
  const found = figures[name](choices);
  box.hidden = Boolean(found.absent);
  if (found.absent) return;
  const [note, empty, beside] = [".note", ".empty", ".beside"].map((part) => box.querySelector(part));
  const plot = box.querySelector(".plot"), table = box.querySelector(".figures-table");
  const shown = (found.rows || (found.table || { rows: [] }).rows).length > 0;
  note.hidden = !found.note || !shown;
  note.textContent = found.note || "";
  empty.hidden = shown;
  empty.textContent = shown ? "" : word(`${name}.empty` in words.en ? `${name}.empty` : "nothing");
  beside.hidden = !shown;
  beside.classList.toggle("both", Boolean(shown && plot && found.table));
  if (!shown) return;
  if (found.table) drawTable(table, found.table);
  if (plot) await drawPlot(name, plot, found.rows);
}

function drawCards() {
  const range = { from: choices.from, to: earlier(choices.to, lastFullDay) };
  const days = daysBetween(range.from, range.to);
  const before = { from: addDays(range.from, -days), to: addDays(range.from, -1) };
  const comparable = days > 0 && before.from >= firstDay;
  const of = (table, column, filter) => (period) => total(within(tables[table], period, table === "accounting" ? "load_date" : "date").filter(filter || (() => true)), column);
  const ratio = (part, whole) => (period) => divided(part(period), whole(period));
  const once = (row) => row.dimension === "channel";
  const converted = (row) => once(row) && row.conversion === choices.conversion;
  const sale = (row) => row.is_sale && row.currency === choices.currency;
  const sessions = of("sessions", "sessions", once);
  const activeDays = (period) => within(tables.active, period).length;
  const cards = [
    ["sessions", sessions, count],
    ["daily", ratio(of("active", "daily"), activeDays), count],
    ["monthly", (period) => (tables.active.find((row) => row.date === period.to) || {}).monthly, count,
      word("card.monthly_note", { day: range.to })],
    ["stickiness", ratio(of("active", "stickiness"), activeDays), rate],
    ["engaged", ratio(of("sessions", "engaged", once), sessions), rate],
    ["conversion", ratio(of("session_conversion", "converting", converted), of("session_conversion", "sessions", converted)), rate],
    ["orders", of("order_statuses", "orders", sale), count],
    ["net", of("order_statuses", "net", sale), (value) => money(value, choices.currency, true)],
    ["rows", of("accounting", "raw"), count],
    ["refused", ratio(of("accounting", "rejected"), of("accounting", "raw")), fineRate],
  ];
  document.getElementById("cards").replaceChildren(...cards.map(([name, measure, shown, note]) => {
    const value = measure(range), earlierValue = comparable ? measure(before) : null;
    const card = element("div", undefined, { className: "card" });
    card.dataset.card = name;
    if (value !== null && value !== undefined) card.dataset.value = value;
    const change = divided(value - earlierValue, earlierValue);
    const signed = formatted({ style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });
    card.append(
      element("p", word(`card.${name}`, { conversion: choices.conversion }), { className: "name" }),
      element("p", shown(value), { className: shown(value).length > 11 ? "figure long" : "figure" }),
      element("p", [note, comparable && change !== null && word("card.before", { change: signed(change), days })]
        .filter(Boolean).join(" · "), { className: "change" }),
    );
    return card;
  }));
  document.getElementById("full_days").textContent = [
    word("card.full_days", { from: range.from, to: range.to }),
    !comparable && word("card.no_before"),
  ].filter(Boolean).join("; ");
}

let drawing = 0;

async function draw() {
  const turn = ++drawing;
  document.documentElement.lang = choices.language;
  document.documentElement.dataset.theme = choices.theme;
  document.title = word("page_title");
  for (const part of document.querySelectorAll("[data-word]")) part.textContent = word(part.dataset.word);
  if (!firstDay) {
    for (const part of document.querySelectorAll("figure, .bar, .cards, .marks")) part.hidden = true;
    document.getElementById("no_data").hidden = false;
    document.documentElement.dataset.drawn = turn;
    return;
  }
  showChoices();
  sectionChoices();
  drawCards();
  for (const box of document.querySelectorAll("[data-figure]")) {
    await drawFigure(box);
    // Another choice was made meanwhile.
    if (turn !== drawing) return;
  }
  document.documentElement.dataset.drawn = turn;
  // The place that the address names is known once all is drawn.
  if (turn === 1 && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

if (firstDay) startWithDefaults();
listen();
draw();
