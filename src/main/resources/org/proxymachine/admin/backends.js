// The table of backends.

import {bytes, count, none, took} from './words.js';
import {$} from './document.js';
import {grownLately} from './failures.js';
import {Table, number} from './table.js';

let lastMinute = new Map();    // failures of each

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

export function showBackends(status) {
  lastMinute = grownLately('backend', status);
  backends.show(status.backends);
}
