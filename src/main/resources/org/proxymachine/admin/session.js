// One session, in a dialog.

import {count, duration, took} from './words.js';
import {$, attribute, definitions, element, write} from './document.js';
import {place} from './place.js';
import {said} from './asking.js';
import {WELL} from './failures.js';
import {meaning} from './reasons.js';

const STATES = {
  preread: 'waits for the client’s first bytes', routing: 'waits for the script’s answer', connecting: 'connects to the backend',
  splicing: 'passes bytes both ways', flushing: 'sends what is left, then closes', closed: 'ended',
};
const CALLS = {
  'accepted': () => 'When it connected',
  'received': bytes => `With ${count(bytes)} bytes`,
  'silent': () => 'As it said nothing',
  'connect-error': () => 'After the connect had failed',
  'inactivity': () => 'As the backend sent nothing',
};

let shownSteps = '';           // of the timeline, as JSON; empty until the session that is asked for has come

/** A peer is there where a PROXY header named another client. */
export function client(session) {
  return session.peer ? `${session.client} via ${session.peer}` : session.client;
}

export function detailUrl() {
  return place().session && `sessions/${encodeURIComponent(place().session)}`;
}

export function detailIsShown() {
  return shownSteps !== '';
}

export function showDetail(session) {
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

export function loseDetail(problem) {
  if (!$('detail').open) return;
  write($('detail-summary'), said(problem));
}

export function openDetail() {
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
