// What the seconds of history that a status carries say.

import {sum} from './words.js';

export const per = key => (history, i) => history[key][i] == null ? null : history[key][i] / history.interval;

/** The mean by the second of the last ten. */
export const lately = (status, key) => {
  const last = status.history[key].slice(-10);
  return last.length ? sum(last) / last.length / status.history.interval : null;
};

export const worst = (status, key) => Math.max(0, ...status.history[key].slice(-10));

/** How many seconds the history has. */
export function span(status) {
  return Math.round(status.history.opened.length * status.history.interval);
}
