"use strict";
// What each figure shows: rows for its plot, rows for its table, or why there are none.
// A function reads tables and the reader's choices, and returns
// {rows, table: {columns, rows, totals}, note, empty}.

const MOST_SERIES = 7, MOST_COHORTS = 24, MOST_BARS = 12;

const figures = {
  volume(choices) {
    const fates = ["accepted", "duplicate", "rejected"];
    return countsByLoadDate(choices, "fate", fates, "fate", "rows", "raw");
  },

  refused(choices) {
    const reasons = Object.keys(tables.accounting[0] || {})
      .filter((column) => column.startsWith("rejected_")).map((column) => column.slice(9));
    return countsByLoadDate(choices, "reason", reasons, "reason", "rows", "raw", "rejected_");
  },

  delays(choices) {
    return shares(within(tables.delays, choices), "delay", facts.delays, "events", "delay");
  },

  bots(choices) {
    const sorts = Object.keys(tables.accounting[0] || {})
      .filter((column) => column.startsWith("bot_")).map((column) => column.slice(4));
    return countsByLoadDate(choices, "bot", sorts, "bot", "events", "accepted", "bot_");
  },

  gaps(choices) {
    const events = new Map(addUp(tables.delays, ["date"], ["events"]).map((row) => [row.date, row.events]));
    const rows = [];
    const to = earlier(choices.to, facts.last_date);
    for (let day = later(choices.from, firstDay); day <= to; day = addDays(day, 1)) {
      const complete = day <= lastFullDay;
      rows.push({
        day, week: periodOf(day, "week"), weekday: weekdayName(placeInWeek(day)), complete,
        place: placeInWeek(day), value: events.get(day) || 0, when: day,
        shown: count(events.get(day) || 0), remark: remarks({ complete }),
      });
    }
    const empty = rows.filter((row) => !row.value).map((row) => row.when);
    // Weekdays stand in the order of the week, whatever day the range begins with.
    rows.sort((a, b) => a.place - b.place || ascending("day")(a, b));
    return {
      rows,
      note: empty.length ? word("days_without", { days: empty.join(", ") }) : word("all_covered"),
    };
  },

  active(choices) {
    const rows = within(tables.active, choices);
    const looksBack = { daily: 0, weekly: 6, monthly: 29 };
    return {
      rows: Object.keys(looksBack).flatMap((series) => line(rows.map((row) => ({
        date: row.date, value: row[series], shown: count(row[series]),
        complete: row.date <= lastFullDay && row.date >= addDays(firstDay, looksBack[series]),
      })), word(`column.${series}`), "day")),
      table: {
        columns: [["date", "start", null, word("start_of.day")], ["daily", "count"], ["weekly", "count"], ["monthly", "count"]],
        rows: [...rows].reverse(),
      },
    };
  },

  stickiness(choices) {
    const rows = within(tables.active, choices);
    return {
      rows: line(rows.map((row) => ({
        date: row.date, value: row.stickiness, shown: rate(row.stickiness),
        complete: row.date <= lastFullDay && row.date >= addDays(firstDay, 29),
        small: isSmall(row.monthly),
      })), word("column.stickiness"), "day"),
      table: {
        columns: [["date", "start", null, word("start_of.day")], ["stickiness", "rate"]],
        rows: [...rows].reverse().map((row) => ({ ...row, small: isSmall(row.monthly) && ["stickiness"] })),
      },
    };
  },

  sessions(choices) {
    const rows = dimensioned(tables.sessions, choices);
    return { rows: stacked(rows.map((row) => ({ ...row, series: row.value, value: row.sessions })), choices) };
  },

  visits(choices) {
    const sums = ["sessions", "engaged", "first_visits", "page_views", "seconds"];
    const rows = addUp(dimensioned(tables.sessions, choices), ["value"], sums).sort(descending("sessions"));
    const described = (row) => ({
      ...row, engagement_rate: divided(row.engaged, row.sessions),
      bounce_rate: divided(row.sessions - row.engaged, row.sessions),
      views_per_session: divided(row.page_views, row.sessions),
      mean_duration: divided(row.seconds, row.sessions),
      small: isSmall(row.sessions) && ["engagement_rate", "bounce_rate", "views_per_session", "mean_duration"],
    });
    return {
      table: {
        columns: [["value", "value", null, word(`dimension.${choices.dimension}`)], ["sessions", "count"], ["engagement_rate", "rate"],
          ["bounce_rate", "rate"], ["first_visits", "count"], ["views_per_session", "decimal"],
          ["mean_duration", "seconds"]],
        rows: rows.map(described),
        totals: rows.length > 1 && { ...described(addUp(rows, [], sums)[0]), value: word("column.total") },
      },
    };
  },

  channels(choices) {
    const dimension = dimensionIn(tables.session_conversion, choices);
    const sessions = addUp(
      within(tables.session_conversion, choices).filter((row) =>
        row.dimension === dimension && row.conversion === choices.conversion),
      ["value"], ["sessions", "converting"]);
    const sales = addUp(
      within(tables.orders, choices).filter((row) =>
        row.dimension === dimension && row.currency === choices.currency),
      ["value"], ["orders", "net"]);
    // What is not named by one mart is 0 there, or among its others and then not known.
    const unnamed = (rows) => (rows.some((row) => row.value === facts.other) ? null : 0);
    const noSales = unnamed(sales), noSessions = unnamed(sessions);
    const byValue = new Map(sessions.map((row) => [row.value, { ...row, orders: noSales, net: noSales }]));
    for (const row of sales) {
      byValue.set(row.value, { sessions: noSessions, converting: noSessions, ...byValue.get(row.value), ...row });
    }
    const measured = (row) => ({
      ...row, conversion_rate: divided(row.converting, row.sessions),
      small: isSmall(row.sessions) && ["conversion_rate"],
    });
    const rows = [...byValue.values()].sort(descending("sessions")).map(measured);
    return {
      rows: rows.map((row) => ({
        series: valueName(row.value), sessions: row.sessions, rate: row.conversion_rate,
        money: amount(row.net), small: Boolean(row.small), complete: true,
        sessions_shown: count(row.sessions), rate_shown: rate(row.conversion_rate),
        money_shown: money(row.net, choices.currency), remark: remarks({ small: Boolean(row.small), complete: true }),
      })),
      note: dimension === choices.dimension ? "" : word("no_such_dimension"),
      table: {
        columns: [["value", "value", null, word(`dimension.${dimension}`)], ["sessions", "count"], ["converting", "count"],
          ["conversion_rate", "rate"], ["orders", "count"], ["net", "money", "net_revenue"]],
        rows,
        totals: rows.length > 1 && {
          ...measured(addUp(rows, [], ["sessions", "converting", "orders", "net"])[0]),
          value: word("column.total"),
        },
      },
    };
  },

  conversion(choices) {
    const rows = within(tables.session_conversion, choices).filter((row) =>
      row.dimension === "channel" && row.conversion === choices.conversion);
    const periods = byPeriod(rows, choices, ["sessions", "converting"]);
    const outside = addUp(
      within(tables.conversions, choices).filter((row) => row.conversion === choices.conversion),
      [], ["conversions", "outside"])[0];
    return {
      rows: line(periods.map((row) => ({
        ...row, value: divided(row.converting, row.sessions),
        shown: `${rate(divided(row.converting, row.sessions))} (${count(row.converting)} / ${count(row.sessions)})`,
        small: isSmall(row.sessions),
      })), choices.conversion, choices.grain),
      note: outside ? word("conversion.outside", {
        outside: count(outside.outside), all: count(outside.conversions) }) : "",
    };
  },

  attribution(choices) {
    if (!tables.attribution) return { absent: true };
    const rows = within(tables.attribution, choices).filter((row) => row.conversion === choices.conversion);
    const sums = addUp(rows, ["channel", "model"], ["conversions", "value"]);
    const channels = addUp(sums, ["channel"], [choices.measure]).sort(descending(choices.measure));
    const models = unique(sums, "model").sort();
    const at = (channel, model) => (sums.find((row) => row.channel === channel && row.model === model)
      || { conversions: 0, value: 0 })[choices.measure];
    const [scaled, shown, kind] = choices.measure === "value"
      ? [amount, (value) => decimal(amount(value)), "amount"] : [(value) => value, decimal, "decimal"];
    return {
      rows: channels.slice(0, MOST_BARS).flatMap(({ channel }) => models.map((model) => ({
        series: valueName(channel), model, value: scaled(at(channel, model)), complete: true,
        shown: shown(at(channel, model)),
      }))),
      table: {
        columns: [["channel", "value"], ...models.map((model) => [model, kind, null, model.replaceAll("_", " ")])],
        rows: channels.map(({ channel }) => ({
          channel, ...Object.fromEntries(models.map((model) => [model, at(channel, model)])),
        })),
      },
    };
  },

  steps(choices) {
    const rows = funnelRows(choices, "all");
    const next = (row) => rows.find((other) => other.step === row.step + 1);
    return {
      rows: rows.map((row, place) => {
        const small = isSmall(place ? rows[0].persons : row.persons);
        return {
          series: `${row.step} ${row.name}`, value: row.persons, complete: row.is_complete, small,
          before: place ? rows[place - 1].persons : row.persons,
          room: (innerWidth < 560 ? 1.75 : 1.3) * rows[0].persons,
          label: place ? `${count(row.persons)} · ${rate(row.from_previous)}` : count(row.persons),
          shown: count(row.persons), remark: remarks({ small, complete: row.is_complete }),
        };
      }),
      note: rows.length && !rows[0].is_complete ? word("steps.open") : "",
      table: {
        columns: [["name", "text", "step"], ["persons", "count"], ["from_start", "rate"],
          ["from_previous", "rate"], ["left_here", "count"], ["median_seconds", "seconds", "median_wait"]],
        rows: rows.map((row, place) => ({
          ...row, left_here: next(row) ? row.persons - next(row).persons : null,
          small: [
            isSmall(rows[0].persons) && "from_start",
            place && isSmall(rows[place - 1].persons) && "from_previous",
            isSmall(row.persons) && "median_seconds",
          ].filter(Boolean),
        })),
      },
    };
  },

  split(choices) {
    const known = new Set(funnelPeriod(choices).map((row) => row.dimension));
    // A funnel may be broken down by a property of its own besides the page's dimensions.
    const dimension = choices.breakdown && known.has(choices.breakdown) ? choices.breakdown
      : known.has(choices.dimension) ? choices.dimension : "channel";
    const rows = funnelRows(choices, dimension);
    const values = [...new Set(rows.map((row) => row.value))].map((value) => {
      const steps = rows.filter((row) => row.value === value);
      const last = steps[steps.length - 1];
      return {
        value, entrants: steps[0].persons, completed: last.persons, rate: last.from_start,
        value_count: last.value_count, small: isSmall(steps[0].persons) && ["rate"],
      };
    }).sort(descending("entrants"));
    return {
      rows: values.map((row) => ({
        series: valueName(row.value), value: row.rate, small: Boolean(row.small), complete: true,
        shown: `${rate(row.rate)} (${count(row.completed)} / ${count(row.entrants)})`,
        remark: remarks({ small: Boolean(row.small), complete: true }),
      })),
      note: values.length && values[0].value_count > values.length ? word("largest_only", {
        shown: values.length, all: values[0].value_count }) : "",
      table: {
        columns: [["value", "value", null, word(`dimension.${dimension}`, {}, dimension)], ["entrants", "count"], ["completed", "count"],
          ["rate", "rate", "conversion_rate"]],
        rows: values,
      },
    };
  },

  funnel_trend(choices) {
    const rows = tables.funnels.filter((row) =>
      row.funnel === choices.funnel && row.dimension === "all" && row.grain === choices.grain &&
      row.start <= choices.to && addDays(nextPeriod(row.start, row.grain), -1) >= choices.from);
    const steps = addUp(rows.filter((row) => row.step > 1), ["step", "name"], []);
    const last = Math.max(...steps.map((row) => row.step));
    const entrants = new Map(rows.filter((row) => row.step === 1).map((row) => [row.start, row.persons]));
    return {
      rows: steps.sort(ascending("step")).flatMap((step) => line(
        rows.filter((row) => row.step === step.step).sort(ascending("start")).map((row) => ({
          date: row.start, value: row.from_start, complete: row.is_complete,
          shown: `${rate(row.from_start)} (${count(row.persons)} / ${count(entrants.get(row.start))})`,
          small: isSmall(entrants.get(row.start)),
        })), `${step.step} ${step.name}`, choices.grain)),
      table: {
        columns: [["start", "start", null, word(`start_of.${choices.grain}`)], ["entrants", "count"],
          ["persons", "count", "completed"], ["from_start", "rate", "conversion_rate"]],
        rows: rows.filter((row) => row.step === last).sort(ascending("start")).reverse().map((row) => ({
          ...row, entrants: entrants.get(row.start),
          small: isSmall(entrants.get(row.start)) && ["from_start"],
        })),
      },
    };
  },

  waits(choices) {
    const rows = within(tables.funnel_waits, choices).filter((row) => row.funnel === choices.funnel);
    return shares(rows, "wait", facts.waits, "persons", "wait");
  },

  triangle(choices) {
    const rows = retentionRows(choices);
    const starts = [...new Set(rows.map((row) => row.start))].sort().reverse();
    const shown = new Set(starts.slice(0, MOST_COHORTS));
    const cells = rows.filter((row) => shown.has(row.start) && row.period > 0)
      .sort((a, b) => ascending("start")(b, a) || a.period - b.period);
    const most = Math.max(...cells.map((row) => row.retained / row.size), 0);
    return {
      rows: cells.map((row) => {
        const value = row.retained / row.size;
        const small = isSmall(row.size), complete = row.is_complete;
        const strong = most > 0 && value / most > (choices.theme === "dark" ? 0.65 : 0.55);
        return {
          series: `${row.start} · ${count(row.size)}`, period: row.period, value, small, complete,
          label: small ? `${whole(100 * value)}∘` : whole(100 * value),
          // White letters on what is dark on this ground.
          is_dark: choices.theme === "dark" ? !(strong && complete) : strong && complete,
          shown: `${rate(value)} (${count(row.retained)} / ${count(row.size)})`,
          remark: remarks({ small, complete }),
        };
      }),
      note: starts.length > MOST_COHORTS
        ? word("newest_only", { shown: MOST_COHORTS, all: starts.length }) : "",
    };
  },

  curve(choices) {
    const rows = addUp(
      retentionRows(choices).filter((row) => row.is_complete).map((row) => ({ ...row, cohorts: 1 })),
      ["period"], ["cohorts", "size", "retained"]).sort(ascending("period"));
    return {
      rows: rows.filter((row) => row.period > 0).map((row) => ({
        period: row.period, value: row.retained / row.size, small: isSmall(row.size), complete: true,
        shown: `${rate(row.retained / row.size)} (${count(row.retained)} / ${count(row.size)})`,
        remark: remarks({ small: isSmall(row.size), complete: true }),
      })),
      table: {
        columns: [["period", "whole"], ["cohorts", "count"], ["size", "count", "persons"],
          ["retained", "count"], ["rate", "rate", "retention_rate"]],
        rows: rows.map((row) => ({
          ...row, rate: row.retained / row.size, small: isSmall(row.size) && ["rate"] })),
      },
    };
  },

  pages(choices) {
    const sums = ["views", "entrances", "exits", "dwells", "dwell_seconds"];
    const rows = addUp(within(tables.pages, choices), ["host", "page"], sums)
      .sort(otherLast("page", "views"))
      .map((row) => ({
        ...row, name: placeName(row), exit_rate: divided(row.exits, row.views),
        mean_dwell: divided(row.dwell_seconds, row.dwells),
        small: [isSmall(row.views) && "exit_rate", isSmall(row.dwells) && "mean_dwell"].filter(Boolean),
      }));
    return {
      rows: bars(rows.filter((row) => row.page !== facts.other), "name", "views"),
      table: {
        columns: [["name", "text", "page"], ["views", "count"], ["entrances", "count"],
          ["exit_rate", "rate"], ["mean_dwell", "seconds"]],
        rows,
      },
    };
  },

  elements(choices) {
    const views = new Map(addUp(within(tables.pages, choices), ["host", "page"], ["views"])
      .map((row) => [JSON.stringify([row.host, row.page]), row.views]));
    const rows = addUp(within(tables.elements, choices), ["host", "page", "element"], ["clicks", "clicking"])
      .sort(otherLast("element", "clicks"))
      .map((row) => {
        // Views of a page outside the most viewed are not known here.
        const seen = row.page === facts.other ? null : views.get(JSON.stringify([row.host, row.page])) || null;
        return {
          ...row, name: row.element === facts.other ? word("other") : row.element,
          page_name: row.page === facts.other ? "" : placeName(row),
          label: row.element === facts.other ? word("other") : `${row.element} · ${placeName(row)}`,
          views: seen, clicks_per_view: divided(row.clicks, seen),
          small: seen && isSmall(seen) && ["clicks_per_view"],
        };
      });
    return {
      rows: bars(rows.filter((row) => row.element !== facts.other), "label", "clicks"),
      table: {
        columns: [["name", "text", "element"], ["page_name", "text", "page"], ["clicks", "count"],
          ["views", "count"], ["clicks_per_view", "decimal"]],
        rows,
      },
    };
  },

  revenue(choices) {
    const rows = within(tables.order_statuses, choices).filter((row) =>
      row.is_sale && row.currency === choices.currency);
    const parted = rows.flatMap((row) => [
      { date: row.date, series: word("column.net_revenue"), value: row.net },
      { date: row.date, series: word("column.refunded"), value: row.charged - row.net },
    ]);
    const months = byPeriod(rows, choices, ["orders", "charged", "net"]).reverse();
    return {
      rows: stacked(parted, choices, (value) => money(value, choices.currency), amount),
      table: {
        columns: [["start", "start", null, word(`start_of.${choices.grain}`)], ["orders", "count"], ["charged", "money"],
          ["refunded", "money"], ["net", "money", "net_revenue"]],
        rows: months.map((row) => ({ ...row, refunded: row.charged - row.net })),
        totals: months.length > 1 && {
          ...addUp(months, [], ["orders", "charged", "net"])[0],
          refunded: total(months, "charged") - total(months, "net"), start: word("column.total"),
        },
      },
    };
  },

  statuses(choices) {
    const rows = addUp(
      within(tables.order_statuses, choices).filter((row) => row.currency === choices.currency),
      ["status", "is_sale"], ["orders", "charged", "refunded", "net"]).sort(descending("orders"));
    return {
      table: {
        columns: [["status", "value"], ["is_sale", "flag"], ["orders", "count", "rows_of_orders"],
          ["charged", "money"], ["refunded", "money"], ["net", "money", "net_revenue"]],
        rows,
      },
    };
  },

  products(choices) {
    const rows = tables.products.filter((row) => !row.currency || row.currency === choices.currency)
      .map((row) => ({
        ...row, orders_per_viewer: divided(row.purchases, row.viewers),
        small: isSmall(row.viewers) && ["orders_per_viewer"],
      }));
    return {
      rows: rows.slice(0, MOST_BARS).map((row) => ({
        series: row.product, value: amount(row.gross), complete: true,
        shown: money(row.gross, choices.currency),
      })),
      note: rows.length && rows[0].product_count > tables.products.length ? word("no_products_shown", {
        shown: tables.products.length, all: count(rows[0].product_count) }) : "",
      table: {
        columns: [["product", "value"], ["viewers", "count"], ["cart_adds", "count"],
          ["purchases", "count"], ["orders_per_viewer", "rate"], ["gross", "money", "gross_revenue"],
          ["rating", "decimal"]],
        rows,
      },
    };
  },
};

// Parts of figures ---------------------------------------------------------------------

// Columns of event_accounting as series over load dates, and their share of `whole`.
function countsByLoadDate(choices, kind, names, heading, counted, whole, prefix = "") {
  const days = within(tables.accounting, choices, "load_date");
  const columns = names.map((name) => prefix + name);
  const rows = unpivot(days, "load_date", columns);
  const sums = addUp(rows, ["series"], ["value"]).filter((row) => row.value);
  const named = (column) => word(`${kind}.${column.slice(prefix.length)}`);
  if (!sums.length) return { rows: [] };
  const all = total(days, whole);
  return {
    rows: stacked(rows.map((row) => ({ ...row, series: named(row.series) })), choices),
    table: {
      columns: [["name", "text", heading], ["value", "count", counted],
        ["share", "fine_rate", whole === "accepted" ? "share_of_accepted" : "share"]],
      rows: sums.sort(descending("value")).map((row) => ({
        name: named(row.series), value: row.value, share: divided(row.value, all) })),
      totals: kind === "fate" && { name: word("column.total"), value: all, share: 1 },
    },
  };
}

// Classes in their order with their share of all.
function shares(rows, column, classes, counted, heading) {
  const sums = new Map(addUp(rows, [column], [counted]).map((row) => [row[column], row[counted]]));
  const all = total(rows, counted);
  const small = isSmall(all);
  if (!all) return { rows: [] };
  return {
    rows: classes.map((name) => ({
      series: word(`${heading}.${name}`), value: (sums.get(name) || 0) / all, complete: true, small,
      label: rate((sums.get(name) || 0) / all), shown: count(sums.get(name) || 0),
      remark: remarks({ small, complete: true }),
    })),
    table: {
      columns: [["name", "text", heading], ["value", "count", counted], ["share", "fine_rate"]],
      rows: classes.map((name) => ({
        name: word(`${heading}.${name}`), value: sums.get(name) || 0,
        share: (sums.get(name) || 0) / all, small: small && ["share"],
      })),
    },
  };
}

// Sums by period of the chosen grain, each marked where it is not complete.
function byPeriod(rows, choices, sums, keys = []) {
  return addUp(
    rows.map((row) => ({ ...row, start: periodOf(row.date, choices.grain) })), ["start", ...keys], sums)
    .sort(ascending("start"))
    .map((row) => ({ ...row, date: row.start, complete: isComplete(row.start, choices.grain, choices) }));
}

// Bars of several series on each other. Colours are few, so the smaller series are one.
function stacked(rows, choices, shown = count, scaled = (value) => value) {
  const order = largestFirst(rows, "series", "value", MOST_SERIES);
  const named = rows.map((row) => ({ ...row, series: order.includes(row.series) ? row.series : facts.other }));
  const series = [...order, facts.other];
  return byPeriod(named, choices, ["value"], ["series"])
    .filter((row) => row.value)
    .map((row) => ({
      from: plotted(row.start), to: plotted(nextPeriod(row.start, choices.grain)),
      series: valueName(row.series), order: series.indexOf(row.series), value: scaled(row.value),
      complete: row.complete, shown: shown(row.value), when: periodText(row.start, choices.grain),
      remark: remarks(row),
    }))
    .sort(ascending("order"));
}

// A line, cut into runs: dashed where it leads into or out of what is not complete.
function line(rows, series, grain) {
  const drawn = [];
  let run = 0;
  const there = rows.filter((row) => row.value !== null && row.value !== undefined);
  there.forEach((row, place) => {
    const point = {
      from: plotted(row.date), value: row.value, complete: row.complete, small: Boolean(row.small),
      series, shown: row.shown, when: periodText(row.date, grain), remark: remarks(row),
    };
    const before = there[place - 1], after = there[place + 1];
    const dashedBefore = before && !(before.complete && row.complete);
    const dashedAfter = after && !(after.complete && row.complete);
    drawn.push({ ...point, point: true, dashed: before ? dashedBefore : Boolean(dashedAfter), run: `${series}${run}` });
    if (before && after && dashedBefore !== dashedAfter) {
      run += 1;
      drawn.push({ ...point, point: false, dashed: dashedAfter, run: `${series}${run}` });
    }
  });
  return drawn;
}

function bars(rows, name, value) {
  return rows.slice(0, MOST_BARS).map((row) => ({
    series: row[name], value: row[value], shown: count(row[value]), complete: true }));
}

// By size, with the row of all others at the end.
const otherLast = (column, sum) => (a, b) =>
  (a[column] === facts.other) - (b[column] === facts.other) || b[sum] - a[sum];

function dimensioned(table, choices) {
  return within(table, choices).filter((row) => row.dimension === choices.dimension);
}

function dimensionIn(table, choices) {
  return table.some((row) => row.dimension === choices.dimension) ? choices.dimension : "channel";
}

function funnelPeriod(choices) {
  return tables.funnels.filter((row) => row.funnel === choices.funnel && (
    choices.period === "all" ? row.grain === "all" : row.grain === "month" && row.start === choices.period));
}

const funnelRows = (choices, dimension) =>
  funnelPeriod(choices).filter((row) => row.dimension === dimension).sort(ascending("step"));

const retentionRows = (choices) => within(
  tables.retention.filter((row) => row.retention === choices.retention),
  { from: periodOf(choices.from, facts.retentions[choices.retention] || "day"), to: choices.to }, "start");

const hosts = new Set((tables.pages || []).map((row) => row.host).filter((host) => host && host !== facts.other));
const placeName = (row) => row.page === facts.other ? word("other")
  : hosts.size > 1 && row.host ? `${row.host}${row.page}` : valueName(row.page);
