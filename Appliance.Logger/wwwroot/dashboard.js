// What the page cannot do on the server: charts, the browser's time zone, dark or light, and keeping the session in use.
const keepAliveMilliseconds = 4 * 60 * 1000;
const shownSeconds = 15 * 60;
const chartHeight = 250;
const year = 365 * 24 * 3600;
const charts = new Map();

export function start() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  remember("appliance-timezone", zone);
  document.addEventListener("click", event => event.target.closest("[data-theme-switch]") && switchTheme());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
  setInterval(keepSession, keepAliveMilliseconds);
  return zone;
}

export function startRates(element, bytes) {
  stopRates(element);
  // Seconds, bits/s, packets/s: bits are drawn first, since their ground is filled.
  const data = [[], [], []];
  append(data, bytes);
  const chart = { data, plot: null, observer: new ResizeObserver(() => fit(element)) };
  charts.set(element, chart);
  draw(element, chart);
  chart.observer.observe(element);
}

export function addRates(element, bytes) {
  const chart = charts.get(element);
  if (chart && append(chart.data, bytes)) {
    chart.plot.setData(chart.data);
  }
}

export function stopRates(element) {
  const chart = charts.get(element);
  if (chart) {
    chart.observer.disconnect();
    chart.plot?.destroy();
    charts.delete(element);
  }
}

// Bytes hold doubles: seconds, packets/s, bits/s, and again. Returns whether anything came.
function append(data, bytes) {
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  for (let index = 0; index < numbers.length; index += 3) {
    data[0].push(numbers[index]);
    data[1].push(numbers[index + 2]);
    data[2].push(numbers[index + 1]);
  }
  const oldest = data[0].at(-1) - shownSeconds;
  const stale = data[0].findIndex(time => time >= oldest);
  if (stale > 0) {
    data.forEach(column => column.splice(0, stale));
  }
  return numbers.length > 0;
}

function draw(element, chart) {
  chart.plot?.destroy();
  const style = getComputedStyle(element);
  const color = name => style.getPropertyValue(name).trim();
  const font = "12px system-ui, sans-serif";
  const axis = (scale, side) => ({
    scale, side, font, size: 50, gap: 6, stroke: color("--" + scale),
    grid: { show: side === 3, stroke: color("--line"), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map(value => short(value).trim()),
  });
  const line = (label, scale, unit) => ({
    label, scale, width: 2, stroke: color("--" + scale), points: { show: false },
    fill: scale === "bits" ? color("--bits") + "1f" : undefined,
    value: (_, value) => value == null ? "–" : short(value) + unit,
  });
  const range = (_, low, high) => [0, Math.max(high * 1.1, 10)];
  chart.plot = new uPlot({
    width: element.clientWidth, height: chartHeight,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: (_, low, high) => [high - shownSeconds, high] }, packets: { range }, bits: { range } },
    axes: [
      { font, stroke: color("--muted"), grid: { show: false }, ticks: { show: false }, size: 30, space: 70, values: "{HH}:{mm}" },
      axis("packets", 3), axis("bits", 1),
    ],
    series: [
      { label: "Time", value: (_, value) => value == null ? "–" : new Date(value * 1000).toLocaleTimeString() },
      line("Bits", "bits", "bit/s"),
      line("Packets", "packets", "/s"),
    ],
  }, chart.data, element);
}

function fit(element) {
  const chart = charts.get(element);
  if (chart?.plot && chart.plot.width !== element.clientWidth && element.clientWidth > 0) {
    chart.plot.setSize({ width: element.clientWidth, height: chartHeight });
  }
}

function redrawAll() {
  charts.forEach((chart, element) => draw(element, chart));
}

function short(value) {
  for (const [size, prefix] of [[1e9, " G"], [1e6, " M"], [1e3, " k"]]) {
    if (value >= size) {
      return +(value / size).toFixed(value < 10 * size ? 2 : 0) + prefix;
    }
  }
  return value.toFixed(0) + " ";
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset.theme === "dark";
  root.dataset.theme = dark ? "light" : "dark";
  remember("appliance-theme", root.dataset.theme);
  redrawAll();
}

// A page that is looked at counts as use; a hidden one lets its session run out.
async function keepSession() {
  if (document.visibilityState === "visible") {
    const answer = await fetch("/session", { method: "POST", redirect: "manual" }).catch(() => null);
    if (answer?.status === 401) {
      location.reload();
    }
  }
}

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; secure; samesite=strict`;
}
