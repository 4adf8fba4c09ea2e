// The charts of the last minutes.

import {bytes, clock, count, duration, none, rate, sum, took} from './words.js';
import {$, attribute, element, write} from './document.js';
import {lately, per, span, worst} from './history.js';

/** Seconds before the end at which the charts are read, all at once, so that one sees what happened together. */
let reading = null;
let drawn = null;              // the status that the charts show

const WIDTH = 299;
const HEIGHT = 66;
const HEADROOM = 15;           // where the labels are

class Chart {
  /** lines: [{key, value(history, i), name}]; headline and note make text of a status. */
  constructor(series, title, {lines, format, headline, note, least}) {
    Object.assign(this, {lines, format, headline, note, least});
    this.now = element('strong', {class: 'number'});
    this.below = element('p', {class: 'note muted'});
    this.peak = element('span', {class: 'peak'});
    this.time = element('span', {class: 'time'});
    this.paths = lines.map((_, i) => ({
      area: element('svg:path', {class: `area line${i}`}), stroke: element('svg:path', {class: `stroke line${i}`}),
      dot: element('svg:path', {class: `dot line${i}`})}));
    this.rule = element('svg:path', {class: 'rule'});
    // Stretched to whatever width there is: strokes do not scale, and a dot is a stroke of no length.
    const svg = element('svg:svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
        ...this.paths.flatMap(p => [p.area, p.stroke]), this.rule, ...this.paths.map(p => p.dot));
    this.plot = element('div', {class: 'plot', tabindex: '0', role: 'slider', 'aria-label': `${title}, by time`,
      'aria-orientation': 'horizontal'}, svg, this.peak, this.time);
    this.figure = element('figure', {class: 'chart', 'data-series': series},
        element('figcaption', {}, title), this.now, this.plot, this.below);
    this.plot.addEventListener('pointermove', event => this.point(event));
    this.plot.addEventListener('pointerleave', () => read(null));
    this.plot.addEventListener('blur', () => read(null));
    this.plot.addEventListener('keydown', event => this.step(event));
  }

  point(event) {
    const box = this.plot.getBoundingClientRect();
    read(Math.round((1 - (event.clientX - box.left) / box.width) * WIDTH));
  }

  step(event) {
    const by = {ArrowLeft: 1, ArrowRight: -1, PageUp: 30, PageDown: -30, Home: WIDTH, End: -WIDTH}[event.key];
    if (!by) return;
    event.preventDefault();
    read((reading ?? (by > 0 ? -1 : 0)) + by);
  }

  draw(status) {
    const history = status.history;
    const length = history.opened.length;
    const values = this.lines.map(line => Array.from({length}, (_, i) => line.value(history, i)));
    const top = Math.max(this.least, ...values.flat().filter(v => v != null));
    const x = i => WIDTH - (length - 1 - i);
    const y = v => (HEIGHT - 1 - v / top * (HEIGHT - HEADROOM)).toFixed(1);
    values.forEach((line, n) => {
      const runs = unbroken(line);
      const points = run => run.map(i => `${x(i)} ${y(line[i])}`).join('L');
      this.paths[n].stroke.setAttribute('d', runs.map(run => `M${points(run)}h0`).join(''));
      this.paths[n].area.setAttribute('d', runs.map(run => `M${x(run[0])} ${HEIGHT}L${points(run)}V${HEIGHT}Z`).join(''));
    });
    write(this.peak, `max ${this.format(Math.max(0, ...values.flat().filter(v => v != null)))}`);
    write(this.now, this.headline(status));
    this.mark(status, values, x, y);
  }

  /** Shows the time that is read and the values then, in place of the charts' length and note. */
  mark(status, values, x, y) {
    const length = values[0].length;
    const i = length - 1 - Math.min(reading ?? 0, length - 1);
    const text = this.lines.map((line, n) => `${line.name ?? ''} ${this.format(values[n][i])}`.trim()).join('  ');
    const time = clock(Date.parse(status.history.end) - (length - 1 - i) * status.history.interval * 1000);
    this.figure.classList.toggle('read', reading != null);
    this.rule.setAttribute('d', reading == null ? '' : `M${x(i)} ${HEADROOM - 2}V${HEIGHT}`);
    this.paths.forEach((path, n) =>
      path.dot.setAttribute('d', reading == null || values[n][i] == null ? '' : `M${x(i)} ${y(values[n][i])}h0`));
    write(this.below, reading == null ? this.note(status) : text);
    write(this.time, reading == null ? duration(span(status)) : time);
    attribute(this.plot, 'aria-valuemin', 1 - length);
    attribute(this.plot, 'aria-valuemax', 0);
    attribute(this.plot, 'aria-valuenow', i - length + 1);
    attribute(this.plot, 'aria-valuetext', `${time}: ${text}`);
  }
}

/** The indices of values that are there, in runs without a gap. */
function unbroken(values) {
  const runs = [];
  values.forEach((value, i) => {
    if (value == null) return;
    if (i > 0 && values[i - 1] != null) runs.at(-1).push(i);
    else runs.push([i]);
  });
  return runs;
}

function read(back) {
  const last = (drawn?.history.opened.length ?? 1) - 1;
  reading = back == null ? null : Math.max(0, Math.min(last, back));
  if (drawn) drawCharts(drawn);
}

const charts = [
  new Chart('opened', 'New sessions', {
    lines: [{value: per('opened')}], format: rate, least: 1,
    headline: s => rate(lately(s, 'opened')), note: s => `${count(s.sessions.total)} in all`}),
  new Chart('sessions', 'Sessions', {
    lines: [{value: (h, i) => h.sessions[i]}], format: count, least: 1,
    headline: s => count(s.sessions.current), note: s => `of ${count(s.sessions.limit)} · highest ${count(s.sessions.highest)}`}),
  new Chart('bytes', 'Bytes', {
    lines: [{name: '↓', value: per('bytes_down')}, {name: '↑', value: per('bytes_up')}], format: v => v == null ? none : `${bytes(v)}/s`, least: 1,
    headline: s => `↓ ${bytes(lately(s, 'bytes_down'))}/s`, note: s => `↑ ${bytes(lately(s, 'bytes_up'))}/s`}),
  new Chart('failed', 'Failures', {
    lines: [{value: per('failed')}], format: rate, least: 1,
    headline: s => rate(lately(s, 'failed')), note: s => `${count(sum(s.history.failed))} in ${duration(span(s))}`}),
  new Chart('lag', 'Loop lag', {
    lines: [{value: (h, i) => h.lag[i]}], format: took, least: 0.001,
    headline: s => took(worst(s, 'lag')), note: s => `worst of 10 s · last ${took(s.loop.lag)}`}),
  new Chart('script', 'Script call', {
    lines: [{value: (h, i) => h.script[i]}], format: took, least: 1e-6,
    headline: s => took(s.history.script.findLast(v => v != null)),
    note: s => s.script_time.calls ? `mean of all ${took(s.script_time.seconds / s.script_time.calls)}` : 'not called yet'}),
];
$('charts').append(...charts.map(chart => chart.figure));

export function drawCharts(status) {
  drawn = status;
  charts.forEach(chart => chart.draw(status));
}
