// What is said at the top.

import {bytes, clock, count, duration, percent, sum, took} from './words.js';
import {$, arrange, attribute, element, write} from './document.js';
import {address} from './place.js';
import {paused} from './asking.js';
import {span, worst} from './history.js';
import {culprit, grownLately, run} from './failures.js';

const BAD_SHARE = 0.05;       // from this share of failures on it is failing,
const SOME_SHARE = 0.01;      // from this one there are some failures; below it is well
const SLOW_LOOP = 0.1;        // seconds of lag that people begin to feel

/** All there is to say, the worst first: {key, level, head, text, and perhaps backend and after}. */
function notices(status, lost) {
  const list = [];
  const say = (key, level, head, text, backend, after) => list.push({key, level, head, text, backend, after});
  const {state, sessions, loop, buffers, reload} = status;
  const lag = worst(status, 'lag');
  if (lost) say('lost', 'bad', 'The daemon does not answer',
      ` since ${clock(lost.since)}, for ${lasting(lost.since, Date.now())}: ${lost.problem}. What is below is from before.`);
  if (paused) say('paused', 'warn', 'Paused', ` at ${clock(paused)}: what is below does not change.`);
  if (state === 'stuck') say('stuck', 'bad', `Stuck for ${duration(loop.stuck)}`,
      ` at ${loop.at}: the loop does not turn, so nobody is served.`);
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
  if (!failing || failing.over) takenOver(status, say);
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

/** A backend may fail without any session that does, if the script names another. */
function takenOver(status, say) {
  const [[backend, n] = []] = grownLately('backend', status);
  const sessions = sum([...grownLately('reason', status).values()]);
  if (n - sessions >= 3) say('backend', 'warn', 'A backend fails', ': ', backend, `, ${count(n)} times in the last minute; the script named another.`);
}

const shownNotices = new Map();

/** Each notice keeps its element, so that its link keeps the focus. lost: {since, problem} while the daemon does not answer. */
export function showNotices(status, lost) {
  const list = notices(status, lost);
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
  announce(status, lost, list[0]);
}

let announced = '';

/** To the title, the icon and those who listen: only when something is otherwise than it was. */
function announce(status, lost, notice) {
  const now = `${status.name}: ${lost ? 'no answer' : status.state}${['good', undefined].includes(notice?.level) ? '' : `, ${notice.head}`}`;
  const kind = `${lost ? 'lost' : status.state} ${notice?.key} ${notice?.level}`;
  if (announced === kind) return;
  if (announced) write($('announce'), now);
  announced = kind;
  const [sign, colour] = {bad: ['✕ ', '%23d03b30'], warn: ['! ', '%23c98500']}[notice?.level] ?? ['', '%232e8b57'];
  document.title = `${sign}${status.name} – ProxyMachine`;
  $('icon').href = `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='${colour}'/></svg>`;
}
