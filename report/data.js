"use strict";
// Rows of the marts, and what is done with them: filter by date, add up by period or value.

const packed = JSON.parse(document.getElementById("data").textContent);
const { charts, words, facts } = packed;

// A table of the page as a list of rows. Money is in whole ten-thousandths.
function unpack(columns) {
  const names = Object.keys(columns);
  const values = names.map((name) => {
    const column = columns[name];
    if (column.texts) return column.at.map((place) => (place < 0 ? null : column.texts[place]));
    if (column.flags) return column.flags.map(Boolean);
    return column.money || column;
  });
  return Array.from({ length: values.length ? values[0].length : 0 }, (_, row) =>
    Object.fromEntries(names.map((name, place) => [name, values[place][row]])));
}

const tables = Object.fromEntries(
  Object.entries(packed.tables).map(([name, columns]) => [name, unpack(columns)]));

// Days are texts like 2026-03-01, which compare as dates do.

const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 86400000;
const dayOf = (number) => new Date(number * 86400000).toISOString().slice(0, 10);
const addDays = (day, count) => dayOf(dayNumber(day) + count);
const daysBetween = (from, to) => dayNumber(to) - dayNumber(from) + 1;
const earlier = (a, b) => (a < b ? a : b);
const later = (a, b) => (a > b ? a : b);

// Where a plot puts a day: midnight where the reader is, since axes are drawn there.
function plotted(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date).getTime();
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const FIRST_WEEKDAY = WEEKDAYS.indexOf(facts.week_starts_on);
const placeInWeek = (day) =>
  (new Date(`${day}T00:00:00Z`).getUTCDay() - FIRST_WEEKDAY + 7) % 7;

function periodOf(day, grain) {
  if (grain === "week") return addDays(day, -placeInWeek(day));
  return grain === "month" ? `${day.slice(0, 7)}-01` : day;
}

function nextPeriod(start, grain) {
  if (grain === "week") return addDays(start, 7);
  return grain === "month" ? periodOf(addDays(start, 31), "month") : addDays(start, 1);
}

// The data's own clock: the last date is taken to be under way.
const firstDay = facts.first_date;
const lastFullDay = facts.last_date && addDays(facts.last_date, -1);
const lastDay = facts.last_date && tables.accounting.reduce(
  (last, row) => later(last, row.load_date), facts.last_date);

// Complete is a period that is over by the data and whole in the chosen range.
const isComplete = (start, grain, range) =>
  start >= range.from && addDays(nextPeriod(start, grain), -1) <= earlier(range.to, lastFullDay);

const within = (rows, range, column = "date") =>
  rows.filter((row) => row[column] >= range.from && row[column] <= range.to);

const total = (rows, column) => rows.reduce((sum, row) => sum + (row[column] || 0), 0);
const divided = (part, whole) => (whole ? part / whole : null);
const isSmall = (count) => count < facts.small;

// Rows with equal keys become one; `sums` are added up, the keys stay.
function addUp(rows, keys, sums) {
  const groups = new Map();
  for (const row of rows) {
    const name = JSON.stringify(keys.map((key) => row[key]));
    let group = groups.get(name);
    if (!group) {
      group = Object.fromEntries([...keys.map((key) => [key, row[key]]), ...sums.map((sum) => [sum, 0])]);
      groups.set(name, group);
    }
    for (const sum of sums) group[sum] += row[sum] || 0;
  }
  return [...groups.values()];
}

const descending = (column) => (a, b) => b[column] - a[column];
const ascending = (column) => (a, b) => (a[column] < b[column] ? -1 : a[column] > b[column] ? 1 : 0);

// The values with the largest sums, the largest first; the rest of all named values last.
function largestFirst(rows, column, sum, most) {
  const sums = addUp(rows, [column], [sum]).sort(descending(sum));
  const named = sums.filter((row) => row[column] !== facts.other).map((row) => row[column]);
  return named.slice(0, most);
}

// One column for several: {a: 1, b: 2} becomes {series: "a", value: 1}, {series: "b", value: 2}.
const unpivot = (rows, date, columns) => rows.flatMap((row) =>
  columns.map((column) => ({ date: row[date], series: column, value: row[column] || 0 })));
