// How sessions ended: a bar for each reason.

import {count, percent, sum} from './words.js';
import {$, arrange, element, write} from './document.js';
import {WELL, grownLately} from './failures.js';

/** As the legend at the foot of the page has it. */
export function meaning(reason) {
  return $(`means-${reason}`)?.textContent ?? 'see the README';
}

const bars = new Map();

export function showReasons(status) {
  const recent = grownLately('reason', status);
  const all = Object.entries(status.reasons).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
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
