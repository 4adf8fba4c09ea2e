// The table of sessions, and what of them it shows.

import {bytes, count, took} from './words.js';
import {$, attribute, write} from './document.js';
import {place} from './place.js';
import {WELL} from './failures.js';
import {Table, number} from './table.js';
import {client} from './session.js';

const ROWS = 1000;            // at most so many in the table: more are slow to lay out, and nobody reads them

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

let listed = {live: 0, sessions: [], ended: []};

export function view() {
  return document.querySelector('input[name=view]:checked').value;
}

/** The server filters what it can, so that one finds a session beyond the first thousand. */
export function sessionsUrl() {
  const query = new URLSearchParams({limit: ROWS});
  const state = view() === 'ended' ? 'closed' : $('state-filter').value;
  if (state) query.set('state', state);
  if (place().backend) query.set('backend', place().backend);
  return `sessions?${query}`;
}

/** Without an answer, the last one anew. */
export function showSessions(answer = listed) {
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
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean).map(canonical);
  const state = view() === 'ended' ? '' : $('state-filter').value;
  const {backend} = place();
  return s => {
    const text = [s.id, s.state, s.client, s.peer, s.local, s.backend, s.address, s.tag, s.reason].join('\n').toLowerCase();
    return (!backend || s.backend === backend) && (!state || s.state === state) && words.every(word => text.includes(word));
  };
}

/** An IPv6 address as the server writes it (RFC 5952), in whatever form it was typed; another word as it is. */
function canonical(word) {
  const [, bracketed, bare, port = ''] = /^(?:\[([0-9a-f:.]+)\]|([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*))(:\d+)?$/.exec(word) ?? [];
  const address = bracketed ?? bare;
  if (!address || !URL.canParse(`http://[${address}]/`)) return word;
  const host = new URL(`http://[${address}]/`).hostname;
  const mapped = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(host)?.slice(1).map(part => parseInt(part, 16));
  if (mapped) return mapped.flatMap(part => [part >> 8, part & 255]).join('.') + port;
  return bracketed ? host + port : host.slice(1, -1);
}

/** The row with the focus stays, though its session has ended: else Enter would open its neighbour. */
function withHeld(found, ended) {
  const held = sessions.held()?.dataset.id;
  const same = s => String(s.id) === held;
  if (!held || found.some(same)) return found;
  return [...found, ended.find(same) ?? {...sessions.list.find(same), state: 'not listed'}];
}

export function showBackendFilter() {
  const {backend} = place();
  $('backend-filter').hidden = !backend;
  write($('backend-filter'), backend ? `backend ${backend} ✕` : '');
  attribute($('backend-filter'), 'aria-label', backend && `Show all backends, not only ${backend}`);
}
