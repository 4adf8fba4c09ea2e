// Words and numbers, as people read them.

const grouped = new Intl.NumberFormat('en-GB');
export const collator = new Intl.Collator('en', {numeric: true});
export const none = '–';

export function count(n) {
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

export function bytes(n) {
  return n == null ? none : scaled(n, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], 1000);
}

export function rate(n) {
  return n == null ? none : `${n > 0 && n < 10 ? n.toFixed(1) : count(n)}/s`;
}

/** A measured time: 8.20 µs, 12.0 ms, 3.1 s. */
export function took(s) {
  if (s == null) return none;
  return s >= 1 ? duration(s) : s === 0 ? '0 µs' : scaled(s * 1e9, ['ns', 'µs', 'ms'], 1000);
}

/** How long something lasts: 12.5 s, 3 min 20 s, 1 h 4 min, 2 d 3 h. */
export function duration(s) {
  if (s == null) return none;
  if (s < 60) return `${s < 10 && !Number.isInteger(s) ? s.toFixed(1) : Math.floor(s)} s`;
  const [unit, size, lesser, part] = s < 3600 ? ['min', 60, 's', 1] : s < 86400 ? ['h', 3600, 'min', 60] : ['d', 86400, 'h', 3600];
  const rest = Math.floor(s % size / part);
  return `${Math.floor(s / size)} ${unit}${rest ? ` ${rest} ${lesser}` : ''}`;
}

export function clock(date) {
  return new Date(date).toLocaleTimeString('en-GB');
}

export function sum(numbers) {
  return numbers.reduce((a, b) => a + (b ?? 0), 0);
}

export function percent(share) {
  return share > 0 && share < 0.001 ? 'under 0.1 %' : `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}
