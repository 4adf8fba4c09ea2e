// The status page. What the server says holds names that clients and scripts chose, so it enters the document as text
// nodes only; the policy (default-src 'none') would stop the rest. Styles that depend on data are set through the CSSOM,
// which the policy allows, unlike style attributes.

const WELL = new Set(['done', 'client-left', 'client-reset', 'script-close', 'idle-timeout', 'admin-close']);
const STATES = {
  preread: 'waits for the client’s first bytes', routing: 'waits for the script’s answer', connecting: 'connects to the backend',
  splicing: 'passes bytes both ways', flushing: 'sends what is left, then closes', closed: 'ended',
};
const CALLS = {
  'accepted': () => 'When it connected',
  'received': bytes => `With ${count(bytes)} bytes`,
  'connect-error': () => 'After the connect had failed',
  'inactivity': () => 'As the backend sent nothing',
};

const ROWS = 1000;            // at most so many in the table: more are slow to lay out, and nobody reads them
const RECENT = 60;            // seconds that "last min" means
const QUIET = 15;             // seconds without a failure that end a run of failures
const BAD_SHARE = 0.05;       // from this share of failures on it is failing,
const SOME_SHARE = 0.01;      // from this one there are some failures; below it is well
const SLOW_LOOP = 0.1;        // seconds of lag that people begin to feel

const $ = id => document.getElementById(id);

// ---- words and numbers

const grouped = new Intl.NumberFormat('en-GB');
const collator = new Intl.Collator('en', {numeric: true});
const none = '–';

function count(n) {
  return n == null ? none : grouped.format(Math.round(n));
}

/** Three digits, with the unit's prefix: 12.3 kB. */
function scaled(n, units, step) {
  let i = 0;
  while (n >= step * 0.9995 && i < units.length - 1) {
    n /= step;
    i++;
  }
  const digits = i === 0 || n >= 100 ? 0 : n >= 10 ? 1 : 2;
  return `${n.toFixed(digits)} ${units[i]}`;
}

function bytes(n) {
  return n == null ? none : scaled(n, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], 1000);
}

function rate(n) {
  return n == null ? none : `${n > 0 && n < 10 ? n.toFixed(1) : count(n)}/s`;
}

/** A measured time: 8.20 µs, 12.0 ms, 3.1 s. */
function took(s) {
  if (s == null) return none;
  return s >= 1 ? duration(s) : s === 0 ? '0 µs' : scaled(s * 1e9, ['ns', 'µs', 'ms'], 1000);
}

/** How long something lasts: 12.5 s, 3 min 20 s, 1 h 4 min, 2 d 3 h. */
function duration(s) {
  if (s == null) return none;
  if (s < 60) return `${s < 10 && !Number.isInteger(s) ? s.toFixed(1) : Math.floor(s)} s`;
  const [unit, size, lesser, part] = s < 3600 ? ['min', 60, 's', 1] : s < 86400 ? ['h', 3600, 'min', 60] : ['d', 86400, 'h', 3600];
  const rest = Math.floor(s % size / part);
  return `${Math.floor(s / size)} ${unit}${rest ? ` ${rest} ${lesser}` : ''}`;
}

function clock(date) {
  return new Date(date).toLocaleTimeString('en-GB');
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + (b ?? 0), 0);
}

function percent(share) {
  return share > 0 && share < 0.001 ? 'under 0.1 %' : `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}

// ---- the document

/** An element with attributes and children, which are nodes or strings. */
function element(name, attributes = {}, ...children) {
  const made = name.startsWith('svg:')
      ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Writes only what differs: a text node that is replaced takes the reader's selection with it. */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function attribute(target, name, value) {
  if (value == null) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
}

/** A list of terms and what they are, without those that are null. */
function definitions(list, pairs) {
  const there = pairs.filter(([, text]) => text != null);
  if (list.children.length !== there.length) {
    list.replaceChildren(...there.map(() => element('div', {}, element('dt'), element('dd'))));
  }
  there.forEach(([term, text], i) => {
    write(list.children[i].firstChild, term);
    write(list.children[i].lastChild, text);
  });
}

/** Brings children into this order without moving the anchor, as a node that is moved loses the focus within it. */
function arrange(parent, nodes, anchor) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const at = anchor ? nodes.indexOf(anchor) : -1;
  let next = at < 0 ? null : anchor;
  for (let i = at - 1; i >= 0; i--) {
    if (next.previousSibling !== nodes[i]) parent.insertBefore(nodes[i], next);
    next = nodes[i];
  }
  let cursor = at < 0 ? parent.firstChild : anchor.nextSibling;
  for (const node of nodes.slice(at + 1)) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

// ---- what the address carries: #session=7 and #backend=app1:443

function place() {
  const carried = new URLSearchParams(location.hash.slice(1));
  return {session: carried.get('session'), backend: carried.get('backend')};
}

function address(where) {
  return '#' + Object.entries(where).filter(([, value]) => value)
      .map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%(3A|2F|5B|5D)/g, decodeURIComponent)}`).join('&');
}

function go(change) {
  const to = address({...place(), ...change});
  if (to !== (location.hash || '#')) location.hash = to;
}

// ---- asking

let paused = false;

/** Asks again and again, one request at a time, while the page is seen and not paused. */
class Poll {
  constructor(seconds, url, take, fail, held = () => paused) {
    Object.assign(this, {seconds, url, take, fail, held, busy: false, again: false, timer: 0});
  }

  /** Asks now, or as soon as the request under way has ended. */
  async run() {
    clearTimeout(this.timer);
    this.again = this.busy;
    if (this.busy || this.held() || document.visibilityState === 'hidden') return;
    const url = this.url();
    if (!url) return;
    this.busy = true;
    const begun = performance.now();
    try {
      const answer = await ask(url);
      if (!this.held() && url === this.url()) this.take(answer);
    } catch (problem) {
      this.fail(problem);
    } finally {
      this.busy = false;
      const left = this.seconds * 1000 - (performance.now() - begun);
      this.timer = setTimeout(() => this.run(), this.again ? 0 : Math.max(100, left));
    }
  }
}

async function ask(url) {
  const response = await fetch(url, {signal: AbortSignal.timeout(4000), cache: 'no-store'});
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  throw new Error(said.error ?? `it answered ${response.status}`);
}

function said(problem) {
  return problem.name === 'TimeoutError' ? 'no answer within 4 s' : problem instanceof TypeError ? 'no connection' : problem.message;
}

// ---- charts

/** Seconds before the end at which the charts are read, all at once, so that one sees what happened together. */
let reading = null;
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
  const last = (status?.history.opened.length ?? 1) - 1;
  reading = back == null ? null : Math.max(0, Math.min(last, back));
  if (status) charts.forEach(chart => chart.draw(status));
}

const per = key => (history, i) => history[key][i] == null ? null : history[key][i] / history.interval;
const lately = (status, key) => {
  const last = status.history[key].slice(-10);
  return last.length ? sum(last) / last.length / status.history.interval : null;
};
const worst = (status, key) => Math.max(0, ...status.history[key].slice(-10));

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

function span(status) {
  return Math.round(status.history.opened.length * status.history.interval);
}

// ---- who fails: the counters say how often, their growth says who and why

let growth = [];              // {at, n, and one of reason (of a failure), backend (that failed), used (a backend)}, of five minutes
let earlier = null;           // the status before

/** Where there is no status before, the sessions that ended lately tell it. */
async function remember() {
  const {ended} = await ask('sessions?state=closed&limit=1000');
  for (const {started, age, backend, reason} of ended) {
    const more = {at: Date.parse(started) + age * 1000, n: 1};
    if (backend) growth.push({...more, used: backend});
    if (reason && !WELL.has(reason)) growth.push({...more, reason}, ...backend ? [{...more, backend}] : []);
  }
}

function follow(status) {
  const at = Date.parse(status.history.end);
  const before = earlier;
  earlier = status;
  // After a restart, or after the page was out of sight, growth does not say when.
  if (!before || before.started !== status.started || at - Date.parse(before.history.end) > 10000) {
    growth = [];
    remember().catch(() => {});       // then the page knows from the next growth on
    return;
  }
  const grown = (key, name, now, then) => now > then && growth.push({at, n: now - then, [key]: name});
  for (const [reason, n] of Object.entries(status.reasons)) {
    if (!WELL.has(reason)) grown('reason', reason, n, before.reasons[reason] ?? 0);
  }
  const known = new Map(before.backends.map(b => [b.backend, b]));
  for (const b of status.backends) {
    grown('backend', b.backend, b.failed, known.get(b.backend)?.failed ?? 0);
    grown('used', b.backend, b.total, known.get(b.backend)?.total ?? 0);
  }
  growth = growth.filter(more => more.at > at - 300000);
}

/** How much each grew since then: a Map of names, the most first. */
function grownSince(key, since) {
  const sums = new Map();
  for (const more of growth) if (more[key] && more.at >= since) sums.set(more[key], (sums.get(more[key]) ?? 0) + more.n);
  return new Map([...sums].sort((a, b) => b[1] - a[1]));
}

/** The run of failures that reaches up to now or, if it is over, the last one; null if there was none. */
function run({history}) {
  const {failed, opened, interval} = history;
  const gap = Math.ceil(QUIET / interval);
  const last = failed.findLastIndex(n => n > 0);
  if (last < 0) return null;
  let first = last;
  for (let i = last; i >= 0 && first - i <= gap; i--) if (failed[i] > 0) first = i;
  const at = i => Date.parse(history.end) - (failed.length - 1 - i) * interval * 1000;
  const n = sum(failed.slice(first, last + 1));
  // A run of a moment is measured against a minute: one failure in one second is no outage.
  const all = sum(opened.slice(Math.max(0, Math.min(first, last + 1 - Math.ceil(RECENT / interval))), last + 1));
  return {from: at(first), to: at(last), n, share: n / Math.max(n, all), whole: first <= gap && failed.length >= 300,
    over: failed.length - 1 - last > gap};
}

// ---- what is said at the top

let lost = null;              // {since, problem} while the daemon does not answer

/** All there is to say, the worst first: {key, level, head, text, and perhaps backend and after}. */
function notices(status) {
  const list = [];
  const say = (key, level, head, text, backend, after) => list.push({key, level, head, text, backend, after});
  const {state, sessions, loop, buffers, reload} = status;
  const lag = worst(status, 'lag');
  if (lost) say('lost', 'bad', 'The daemon does not answer',
      ` since ${clock(lost.since)}, for ${lasting(lost.since, Date.now())}: ${lost.problem}. What is below is from before.`);
  if (paused) say('paused', 'warn', 'Paused', ` at ${clock(paused)}: what is below does not change.`);
  if (state === 'stuck') say('stuck', 'bad', `Stuck for ${duration(loop.stuck)}`,
      ': the loop does not turn, so nobody is served. The script is the first suspect; the log names its line.');
  else if (lag >= SLOW_LOOP) say('lag', 'warn', `The loop lags by ${took(lag)}`, ': everybody waits as long. Does the script block?');
  health(status, say);
  if (state === 'full') say('full', 'warn', 'Full',
      `: ${count(sessions.current)} sessions of ${count(sessions.limit)}; new clients wait until one ends.`);
  if (state === 'draining') say('draining', 'warn', 'Draining', `: it accepts no more; ${count(sessions.current)} sessions are left.`);
  if (buffers.used > buffers.limit * 0.9) say('buffers', 'warn', 'Buffers are nearly used up', `: ${bytes(buffers.used)} of ${bytes(buffers.limit)}.`);
  if (reload.problem) say('reload', 'bad', 'The last reload failed',
      `${reload.last ? ` at ${clock(reload.last)}` : ''}; the script from before is in force. ${reload.problem}`);
  const rank = ({key, level}) => key === 'lost' ? 0 : ['', 'bad', 'warn', 'good'].indexOf(level);
  // "Well" is said alone: a daemon that is stuck has no failures either.
  return list.filter(it => it.level !== 'good' || list.every(other => other === it || other.key === 'paused'))
      .sort((a, b) => rank(a) - rank(b));
}

/** Is it well, else what fails, since when, at which backend? */
function health(status, say) {
  const end = Date.parse(status.history.end);
  const failing = run(status);
  if (!failing || failing.over) takenOver(end, say);
  if (!failing) return say('health', 'good', 'Well', `: no failure in the last ${duration(span(status))}.`);
  const {reason, backend, share} = culprit(failing);
  const often = `${count(failing.n)} ${failing.n === 1 ? 'failure' : 'failures'}`;
  const why = `${reason ? `, mostly ${reason}` : ''}${backend ? ' at ' : ''}`;
  if (failing.over) return say('health', 'good', 'Well', ` for ${lasting(failing.to, end)}; before that ${often}${why}`, backend);
  const since = failing.whole ? 'for five minutes or more' : `since ${clock(failing.from)}`;
  const of = `${percent(failing.share)} of sessions`;
  if (failing.n < 3 || share < 0.5 && failing.share < BAD_SHARE) {
    const well = failing.share < SOME_SHARE;
    return say('health', well ? 'good' : 'warn', well ? 'Well' : 'Some failures',
        `${well ? `, but for ${often}` : `: ${often}`} ${since}, ${of}${why}`, backend);
  }
  say('health', 'bad', `Failing ${since}${failing.whole ? '' : `, for ${lasting(failing.from, end)}`}`, backend ? ', mostly at ' : '', backend,
      `: ${reason ?? 'not known why'}${share >= 0.5 ? `, ${percent(share)} of its sessions` : ''}; in all ${often}, ${of}.`);
}

function lasting(from, to) {
  return duration(Math.round((to - from) / 1000));
}

/** Why most failed, and at which backend if it is one, with the share of its sessions that did. */
function culprit({from}) {
  const [[backend, failed] = []] = grownSince('backend', from - 1000);
  const [[reason] = []] = grownSince('reason', from - 1000);
  const known = sum([...grownSince('reason', from - 1000).values()]);
  if (!(failed * 3 >= known)) return {reason, backend: null, share: 0};
  return {reason, backend, share: failed / Math.max(failed, grownSince('used', from - 1000).get(backend) ?? 0)};
}

/** A backend may fail without any session that does, if the script names another. */
function takenOver(end, say) {
  const [[backend, n] = []] = grownSince('backend', end - RECENT * 1000);
  const sessions = sum([...grownSince('reason', end - RECENT * 1000).values()]);
  if (n - sessions >= 3) say('backend', 'warn', 'A backend fails', ': ', backend, `, ${count(n)} times in the last minute; the script named another.`);
}

const shownNotices = new Map();

/** Each notice keeps its element, so that its link keeps the focus. */
function showNotices(status) {
  const list = notices(status);
  const items = list.map(({key, level, head, text, backend, after}) => {
    if (!shownNotices.has(key)) {
      shownNotices.set(key, element('li', {'data-notice': key}, element('strong'), element('span'), element('a'), element('span')));
    }
    const item = shownNotices.get(key);
    const [strong, before, link, behind] = item.children;
    attribute(item, 'data-level', level);
    write(strong, head);
    write(before, text);
    write(behind, after ?? '');
    write(link, backend ?? '');
    link.hidden = !backend;
    attribute(link, 'href', backend ? address({backend}) : null);
    return item;
  });
  arrange($('notices'), items, items.find(item => item.contains(document.activeElement)));
  document.body.classList.toggle('lost', !!lost);
  announce(status, list[0]);
}

let announced = '';

/** To the title, the icon and those who listen: only when something is otherwise than it was. */
function announce(status, notice) {
  const now = `${status.name}: ${lost ? 'no answer' : status.state}${['good', undefined].includes(notice?.level) ? '' : `, ${notice.head}`}`;
  const kind = `${lost ? 'lost' : status.state} ${notice?.key} ${notice?.level}`;
  if (announced === kind) return;
  if (announced) write($('announce'), now);
  announced = kind;
  const [sign, colour] = {bad: ['✕ ', '%23d03b30'], warn: ['! ', '%23c98500']}[notice?.level] ?? ['', '%232e8b57'];
  document.title = `${sign}${status.name} – ProxyMachine`;
  $('icon').href = `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='${colour}'/></svg>`;
}

// ---- tables that keep their rows

class Table {
  /** columns: [{name, label, title, value(row), text(row), number, clipped}]; the first leads to link(key), if that is any. */
  constructor(table, {columns, key, sort, link, mark}) {
    Object.assign(this, {table, columns, key, sort, link, mark, rows: new Map(), list: []});
    this.body = element('tbody');
    this.heads = columns.map(column => element('th', {scope: 'col', ...column.number && {class: 'number'}},
        element('button', {type: 'button', 'data-sort': column.name, ...column.title && {title: column.title}}, column.label ?? column.name)));
    table.append(element('thead', {}, element('tr', {}, ...this.heads)), this.body);
    table.tHead.addEventListener('click', event => this.turn(event.target.closest('button')?.dataset.sort));
    this.body.addEventListener('click', event => this.open(event));
    this.body.addEventListener('keydown', event => this.walk(event));
    this.body.addEventListener('focusin', event => this.rove(event.target));
  }

  turn(name) {
    if (!name) return;
    const column = this.columns.find(c => c.name === name);
    this.sort = this.sort.name === name ? {name, down: !this.sort.down} : {name, down: !!column.number};
    this.show(this.list);
  }

  open(event) {
    const row = event.target.closest('tr');
    if (event.ctrlKey || event.metaKey || event.shiftKey || !row || !getSelection().isCollapsed) return;
    event.preventDefault();
    const link = row.querySelector('a');
    link?.focus({preventScroll: true});
    if (link) go(this.link(row.dataset.id));
  }

  walk(event) {
    const rows = [...this.body.rows].filter(row => row.querySelector('a'));
    const at = rows.indexOf(event.target.closest('tr'));
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.querySelector('a').focus();
  }

  /** One row at a time can be reached by Tab: a thousand stops would be a wall. */
  rove(link) {
    for (const other of this.body.querySelectorAll('a[tabindex="0"]')) other.tabIndex = -1;
    if (link) link.tabIndex = 0;
  }

  /** The row that has the focus, which must neither move nor vanish. */
  held() {
    const row = document.activeElement?.closest?.('tr');
    return row && this.body.contains(row) ? row : null;
  }

  sorted(list) {
    const column = this.columns.find(c => c.name === this.sort.name);
    const value = column.value ?? (row => row[column.name]);
    const order = column.number ? (a, b) => a - b : collator.compare;
    return list.map(row => [value(row), row]).sort(([a], [b]) =>
        a == null || b == null ? (a == null) - (b == null) : this.sort.down ? order(b, a) : order(a, b)).map(([, row]) => row);
  }

  show(list) {
    this.list = list;
    const sorted = this.sorted(list);
    const keys = new Set(sorted.map(this.key));
    for (const key of this.rows.keys()) if (!keys.has(key)) this.rows.delete(key);
    const held = this.held();
    const rows = sorted.map(row => this.fill(row));
    arrange(this.body, rows, held);
    this.columns.forEach((c, i) => attribute(this.heads[i], 'aria-sort',
        c.name === this.sort.name ? this.sort.down ? 'descending' : 'ascending' : 'none'));
    if (!this.body.querySelector('a[tabindex="0"]')) this.rove(this.body.querySelector('a'));
  }

  fill(data) {
    const key = this.key(data);
    if (!this.rows.has(key)) this.rows.set(key, this.make(key));
    const row = this.rows.get(key);
    this.columns.forEach((column, i) => {
      const text = column.text ? column.text(data) : data[column.name] ?? none;
      write(row.cells[i].firstElementChild ?? row.cells[i], String(text));
      if (column.clipped) attribute(row.cells[i], 'title', text || null);
    });
    attribute(row, 'data-level', this.mark(data));
    return row;
  }

  make(key) {
    const linked = this.link(key) && element('a', {href: address(this.link(key)), tabindex: '-1'});
    return element('tr', {'data-id': key}, ...this.columns.map((column, i) =>
      element('td', {class: `${column.name} ${column.number ? 'number' : ''} ${column.clipped ? 'clipped' : ''}`},
          ...i === 0 && linked ? [linked] : [])));
  }
}

const number = (name, label, text, more) => ({name, label, number: true, text: row => text(row[name]), ...more});

let lastMinute = new Map();
const backends = new Table($('backends'), {
  key: b => b.backend, sort: {name: 'recent', down: true},
  link: name => name === 'other' || name === 'none' ? null : {backend: name},
  mark: b => lastMinute.get(b.backend) ? 'bad' : null,
  columns: [
    {name: 'backend', clipped: true},
    number('current', 'now', count, {title: 'sessions now'}), number('total', 'total', count, {title: 'sessions so far'}),
    number('failed', 'failed', count, {title: 'failures so far'}),
    {name: 'recent', label: 'last min', title: 'failures in the last minute', number: true,
      value: b => lastMinute.get(b.backend) ?? 0, text: b => lastMinute.has(b.backend) ? `✕ ${count(lastMinute.get(b.backend))}` : none},
    number('connect', 'connect', took, {title: 'mean time to connect'}),
    number('first_byte', 'first byte', took, {title: 'mean time to the first byte'}),
    number('bytes_up', 'up', bytes, {title: 'bytes to the backend'}), number('bytes_down', 'down', bytes, {title: 'bytes to clients'}),
  ],
});

const sessions = new Table($('sessions'), {
  key: s => String(s.id), sort: {name: 'id', down: true}, link: id => ({session: id}),
  mark: s => s.reason && !WELL.has(s.reason) ? 'bad' : s.state === 'closed' ? 'ended' : null,
  columns: [
    number('id', 'id', String), {name: 'state'}, {name: 'client', text: client, clipped: true},
    {name: 'backend', clipped: true}, {name: 'tag', text: s => s.tag ?? '', clipped: true}, number('age', 'age', took),
    number('bytes_up', 'up', bytes, {title: 'bytes from the client'}), number('bytes_down', 'down', bytes, {title: 'bytes to the client'}),
    {name: 'reason', text: s => s.reason ?? ''},
  ],
});

/** A peer is there where a PROXY header named another client. */
function client(session) {
  return session.peer ? `${session.client} via ${session.peer}` : session.client;
}

function meaning(reason) {
  return $(`means-${reason}`)?.textContent ?? 'see the README';
}

const bars = new Map();

function showReasons(reasons) {
  const recent = grownSince('reason', Date.parse(status.history.end) - RECENT * 1000);
  const all = Object.entries(reasons).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const total = sum(all.map(([, n]) => n));
  for (const group of ['bad', 'good']) {
    const of = all.filter(([reason]) => WELL.has(reason) === (group === 'good'));
    const n = sum(of.map(([, m]) => m));
    write($(`${group}-total`), `${count(n)}${n && group === 'bad' ? ` · ${percent(n / total)}` : ''}`);
    arrange($(`${group}-reasons`), of.map(([reason, m]) => bar(reason, m, of[0][1], recent.get(reason))));
  }
  $('no-failures').hidden = all.some(([reason]) => !WELL.has(reason));
}

/** A bar as long as its share of the group's longest: beside a million that are done no failure would be seen. */
function bar(reason, n, longest, recent) {
  if (!bars.has(reason)) {
    bars.set(reason, element('li', {'data-reason': reason}, element('span', {class: 'name'}, reason), element('span', {class: 'recent'}),
        element('span', {class: 'number'}), element('span', {class: 'track'}, element('span')),
        element('span', {class: 'muted meaning'}, meaning(reason))));
  }
  const item = bars.get(reason);
  const [, lately, total, track] = item.children;
  write(lately, recent ? `+${count(recent)} last min` : '');
  write(total, count(n));
  track.firstChild.style.width = `${Math.max(0.5, n / longest * 100)}%`;
  return item;
}

// ---- the status

let status = null;
let answered = Date.now();

function showStatus(answer) {
  status = answer;
  answered = Date.now();
  lost = null;
  follow(status);
  lastMinute = grownSince('backend', Date.parse(status.history.end) - RECENT * 1000);
  write($('name'), status.name);
  write($('version'), status.version);
  write($('state'), status.state === 'stuck' ? `stuck for ${duration(status.loop.stuck)}` : status.state);
  attribute($('state'), 'data-state', status.state);
  showFacts(status);
  showNotices(status);
  charts.forEach(chart => chart.draw(status));
  backends.show(status.backends);
  showReasons(status.reasons);
}

function showFacts({listen, uptime, pid, script, buffers, reload, access_log_dropped: dropped}) {
  const reloads = [count(reload.count), reload.failed && `${count(reload.failed)} failed`, reload.last && `last ${clock(reload.last)}`];
  definitions($('facts'), [['listens on', listen.join('  ')], ['up', duration(uptime)],
    ['pid', String(pid)], ['script', script], ['buffers', `${bytes(buffers.used)} of ${bytes(buffers.limit)}`], ['reloads', reloads.filter(Boolean).join(', ')],
    ['access log', dropped ? `${count(dropped)} lines dropped` : null]]);
}

function showLoss(problem) {
  lost = {since: lost?.since ?? answered, problem: said(problem)};
  write($('state'), 'no answer');
  attribute($('state'), 'data-state', 'lost');
  if (status) showNotices(status);
}

// ---- the sessions

let listed = {live: 0, sessions: [], ended: []};

function view() {
  return document.querySelector('input[name=view]:checked').value;
}

/** The server filters what it can, so that one finds a session beyond the first thousand. */
function sessionsUrl() {
  const query = new URLSearchParams({limit: ROWS});
  const state = view() === 'ended' ? 'closed' : $('state-filter').value;
  if (state) query.set('state', state);
  if (place().backend) query.set('backend', place().backend);
  return `sessions?${query}`;
}

function showSessions(answer) {
  listed = answer;
  const chosen = {live: answer.sessions, ended: answer.ended, both: [...answer.sessions, ...answer.ended]}[view()];
  const found = chosen.filter(filter()).slice(0, ROWS);
  sessions.show(withHeld(found, answer.ended));
  $('none').hidden = found.length > 0;
  const more = view() !== 'ended' && answer.sessions.length >= ROWS ? ' · the newest: a backend or state finds others' : '';
  write($('shown'), `${count(found.length)} shown · ${count(answer.live)} live${more}`);
}

/** What the server filters too, for the time until it has answered, and the words, which must all be somewhere in a row. */
function filter() {
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const state = view() === 'ended' ? '' : $('state-filter').value;
  const {backend} = place();
  return s => {
    const text = [s.id, s.state, s.client, s.peer, s.local, s.backend, s.address, s.tag, s.reason].join('\n').toLowerCase();
    return (!backend || s.backend === backend) && (!state || s.state === state) && words.every(word => text.includes(word));
  };
}

/** The row with the focus stays, though its session has ended: else Enter would open its neighbour. */
function withHeld(found, ended) {
  const held = sessions.held()?.dataset.id;
  const same = s => String(s.id) === held;
  if (!held || found.some(same)) return found;
  return [...found, ended.find(same) ?? {...sessions.list.find(same), state: 'not listed'}];
}

function showBackendFilter() {
  const {backend} = place();
  $('backend-filter').hidden = !backend;
  write($('backend-filter'), backend ? `backend ${backend} ✕` : '');
  attribute($('backend-filter'), 'aria-label', backend && `Show all backends, not only ${backend}`);
}

// ---- one session

let shownSteps = '';

function showDetail(session) {
  if (!$('detail').open) return;
  write($('detail-title'), `Session ${session.id}`);
  write($('detail-state'), session.reason ?? session.state);
  attribute($('detail-state'), 'data-state', session.reason && !WELL.has(session.reason) ? 'failed' : session.state);
  write($('detail-summary'), summary(session));
  const {times} = session;
  definitions($('detail-facts'), [['client', client(session)], ['came to', session.local], ['backend', session.backend],
    ['address', session.address], ['tag', session.tag], ['started', new Date(session.started).toLocaleString('en-GB')],
    ['age', took(session.age)], ['up', `${count(session.bytes_up)} bytes`], ['down', `${count(session.bytes_down)} bytes`],
    ['decided after', took(times.route)], ['waited for a place', times.queue ? took(times.queue) : null],
    ['connected after', took(times.connect)], ['first byte after', took(times.first_byte)]]);
  const steps = JSON.stringify([session.answers, session.events]);
  if (steps !== shownSteps) $('timeline').replaceChildren(...timeline(session));
  shownSteps = steps;
}

function summary({state, reason, backend}) {
  const where = backend ? `It was sent to ${backend}` : 'It was sent nowhere';
  return reason ? `${where}, and ended as ${reason}: ${meaning(reason)}.`
      : `${where}${backend ? '' : ' yet'}; now it ${STATES[state] ?? state}.`;
}

function timeline({answers, events, left_out: leftOut}) {
  const replies = answers.map(({at, bytes, call, took: time, decision, times}) => [at, 'answer',
    [CALLS[call]?.(bytes) ?? call, times > 1 ? `, ${count(times)} times` : '', ' the script said ', element('code', {}, decision)], `in ${took(time)}`]);
  const happened = events.map(({at, event}) => [at, 'event', [event], '']);
  if (leftOut) happened.push([Infinity, 'event', [`and ${count(leftOut)} more, which are not remembered`], '']);
  return [...replies, ...happened].sort(([a], [b]) => a - b).map(([at, kind, what, note]) => element('li', {class: kind},
      element('time', {class: 'number'}, at === Infinity ? '' : at < 1 ? `${(at * 1000).toFixed(2)} ms` : duration(at)),
      element('span', {}, ...what), element('span', {class: 'muted'}, note)));
}

function loseDetail(problem) {
  if (!$('detail').open) return;
  write($('detail-summary'), said(problem));
}

function openDetail() {
  const {session} = place();
  if (!session) return $('detail').close();
  write($('detail-title'), `Session ${session}`);
  write($('detail-state'), '');
  write($('detail-summary'), '…');
  shownSteps = '';
  $('detail-facts').replaceChildren();
  $('timeline').replaceChildren();
  if (!$('detail').open) $('detail').showModal();
}

// ---- all together

const polls = [
  new Poll(1, () => 'status', showStatus, showLoss),
  new Poll(2, sessionsUrl, showSessions, problem => write($('shown'), `not up to date: ${said(problem)}`)),
];
const detail = new Poll(2, () => place().session && `sessions/${encodeURIComponent(place().session)}`, showDetail, loseDetail,
    () => paused && shownSteps);

function askAll() {
  for (const poll of [...polls, detail]) poll.run();
}

function pause() {
  paused = paused ? false : Date.now();
  attribute($('pause'), 'aria-pressed', !!paused);
  write($('pause'), paused ? 'Go on' : 'Pause');
  if (status) showNotices(status);
  askAll();
}

function keys(event) {
  const typing = event.target.closest?.('input:not([type=radio]), select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey || $('detail').open || typing) return;
  if (event.key === 'p') pause();
  if (event.key === 'Escape') go({backend: null});
  if (event.key !== '/') return;
  event.preventDefault();
  $('filter').focus();
}

function moved() {
  showBackendFilter();
  openDetail();
  showSessions(listed);
  polls[1].run();
  detail.run();
}

document.addEventListener('visibilitychange', askAll);
document.addEventListener('keydown', keys);
addEventListener('hashchange', moved);
$('pause').addEventListener('click', pause);
$('filter').addEventListener('input', () => showSessions(listed));
for (const input of [$('view'), $('state-filter')]) {
  input.addEventListener('change', () => {
    $('state-filter').disabled = view() === 'ended';
    showSessions(listed);
    polls[1].run();
  });
}
$('notices').addEventListener('click', event => {
  if (!event.target.closest('a')) return;
  $('view').querySelector('[value=both]').click();       // those that failed have ended
  $('sessions-section').scrollIntoView();
});
$('backend-filter').addEventListener('click', () => {
  go({backend: null});
  $('filter').focus();
});
$('detail-close').addEventListener('click', () => $('detail').close());
$('detail').addEventListener('click', event => event.target === $('detail') && $('detail').close());
$('detail').addEventListener('close', () => go({session: null}));
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  $('sessions').focus();
});
showBackendFilter();
openDetail();
askAll();
