// The status page, all together. What the server says holds names that clients and scripts chose, so it enters the document as text
// nodes only; the policy (default-src 'none') would stop the rest. Styles that depend on data are set through the CSSOM,
// which the policy allows, unlike style attributes.

import {$, attribute, write} from './document.js';
import {go} from './place.js';
import {Poll, paused, said, turnPause} from './asking.js';
import {lost, showLoss, showStatus, status} from './daemon.js';
import {showNotices} from './notices.js';
import {sessionsUrl, showBackendFilter, showSessions, view} from './sessions.js';
import {detailIsShown, detailUrl, loseDetail, openDetail, showDetail} from './session.js';

const polls = [
  new Poll(1, () => 'status', showStatus, showLoss),
  new Poll(2, sessionsUrl, showSessions, problem => write($('shown'), `not up to date: ${said(problem)}`)),
];
const detail = new Poll(2, detailUrl, showDetail, loseDetail, () => paused && detailIsShown());

function askAll() {
  for (const poll of [...polls, detail]) poll.run();
}

function pause() {
  turnPause();
  attribute($('pause'), 'aria-pressed', !!paused);
  write($('pause'), paused ? 'Go on' : 'Pause');
  if (status) showNotices(status, lost);
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
  showSessions();
  polls[1].run();
  detail.run();
}

document.addEventListener('visibilitychange', askAll);
document.addEventListener('keydown', keys);
addEventListener('hashchange', moved);
$('pause').addEventListener('click', pause);
$('filter').addEventListener('input', () => showSessions());
for (const input of [$('view'), $('state-filter')]) {
  input.addEventListener('change', () => {
    $('state-filter').disabled = view() === 'ended';
    showSessions();
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
