// Who fails: the counters say how often, their growth says who and why.

import {sum} from './words.js';
import {ask} from './asking.js';

/** The reasons that are no failures. */
export const WELL = new Set(['done', 'client-left', 'client-reset', 'script-close', 'idle-timeout', 'admin-close']);

const RECENT = 60;            // seconds that "last min" means
const QUIET = 15;             // seconds without a failure that end a run of failures

let growth = [];              // {at (of the daemon's uptime, in s), n, and one of reason (of a failure), backend (that failed), used (a backend)}, of five minutes
let earlier = null;           // the status before

/** Where there is no status before, the sessions that ended lately tell it. */
async function remember(uptime) {
  const {ended} = await ask('sessions?state=closed&limit=1000');
  for (const {ended_ago: ago, backend, reason} of ended) {
    const more = {at: uptime - ago, n: 1};
    if (backend) growth.push({...more, used: backend});
    if (reason && !WELL.has(reason)) growth.push({...more, reason}, ...backend ? [{...more, backend}] : []);
  }
}

export function follow(status) {
  const at = status.history.uptime;   // not its end: somebody may set the clock
  const before = earlier;
  earlier = status;
  // After a restart, or after the page was out of sight, growth does not say when.
  if (!before || before.started !== status.started || at - before.history.uptime > 10) {
    growth = [];
    remember(at).catch(() => {});       // then the page knows from the next growth on
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
  growth = growth.filter(more => more.at > at - 300);
}

/** How much each grew since then: a Map of names, the most first. */
function grownSince(key, since) {
  const sums = new Map();
  for (const more of growth) if (more[key] && more.at >= since) sums.set(more[key], (sums.get(more[key]) ?? 0) + more.n);
  return new Map([...sums].sort((a, b) => b[1] - a[1]));
}

/** The same of the last minute. */
export function grownLately(key, {history}) {
  return grownSince(key, history.uptime - RECENT);
}

/** The run of failures that reaches up to now or, if it is over, the last one; null if there was none. */
export function run({history}) {
  const {failed, opened, interval} = history;
  const gap = Math.ceil(QUIET / interval);
  const last = failed.findLastIndex(n => n > 0);
  if (last < 0) return null;
  let first = last;
  for (let i = last; i >= 0 && first - i <= gap; i--) if (failed[i] > 0) first = i;
  const ago = i => (failed.length - 1 - i) * interval;
  const at = i => Date.parse(history.end) - ago(i) * 1000;
  const n = sum(failed.slice(first, last + 1));
  // A run of a moment is measured against a minute: one failure in one second is no outage.
  const all = sum(opened.slice(Math.max(0, Math.min(first, last + 1 - Math.ceil(RECENT / interval))), last + 1));
  return {from: at(first), to: at(last), uptime: history.uptime - ago(first), n, share: n / Math.max(n, all), whole: first <= gap && failed.length >= 300,
    over: failed.length - 1 - last > gap};
}

/** Why most failed, and at which backend if it is one, with the share of its sessions that did. */
export function culprit({uptime}) {
  // How long ago a session ended is told a moment after the figures, which are up to a second old themselves.
  const since = uptime - 3;
  const [[backend, failed] = []] = grownSince('backend', since);
  const [[reason] = []] = grownSince('reason', since);
  const known = sum([...grownSince('reason', since).values()]);
  if (!(failed * 3 >= known)) return {reason, backend: null, share: 0};
  return {reason, backend, share: failed / Math.max(failed, grownSince('used', since).get(backend) ?? 0)};
}
