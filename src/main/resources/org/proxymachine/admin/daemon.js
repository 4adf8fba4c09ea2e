// What the daemon says of itself, once a second.

import {bytes, clock, count, duration} from './words.js';
import {$, attribute, definitions, write} from './document.js';
import {said} from './asking.js';
import {drawCharts} from './charts.js';
import {follow} from './failures.js';
import {showNotices} from './notices.js';
import {showBackends} from './backends.js';
import {showReasons} from './reasons.js';

export let status = null;     // the last one
export let lost = null;       // {since, problem} while the daemon does not answer
let answered = Date.now();

export function showStatus(answer) {
  status = answer;
  answered = Date.now();
  lost = null;
  follow(status);
  write($('name'), status.name);
  write($('version'), status.version);
  write($('state'), status.state === 'stuck' ? `stuck for ${duration(status.loop.stuck)}` : status.state);
  attribute($('state'), 'data-state', status.state);
  showFacts(status);
  showNotices(status, lost);
  drawCharts(status);
  showBackends(status);
  showReasons(status);
}

function showFacts({listen, uptime, pid, script, buffers, held, reload, access_log_dropped: dropped}) {
  const reloads = [count(reload.count), reload.failed && `${count(reload.failed)} failed`, reload.last && `last ${clock(reload.last)}`];
  definitions($('facts'), [['listens on', listen.join('  ')], ['up', duration(uptime)],
    ['pid', String(pid)], ['script', script], ['buffers', `${bytes(buffers.used)} of ${bytes(buffers.limit)}`], ['held for clients', `${bytes(held.used)} of ${bytes(held.limit)}`], ['reloads', reloads.filter(Boolean).join(', ')],
    ['access log', dropped ? `${count(dropped)} lines dropped` : null]]);
}

export function showLoss(problem) {
  lost = {since: lost?.since ?? answered, problem: said(problem)};
  write($('state'), 'no answer');
  attribute($('state'), 'data-state', 'lost');
  if (status) showNotices(status, lost);
}
