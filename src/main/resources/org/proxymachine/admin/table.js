// Tables that keep their rows.

import {collator, none} from './words.js';
import {arrange, attribute, element, write} from './document.js';
import {address, go} from './place.js';

export class Table {
  /** columns: [{name, label, title, value(row), text(row), number, clipped}]; the first leads to link(key), if that is any. */
  constructor(table, {columns, key, sort, link, mark}) {
    Object.assign(this, {table, columns, key, sort, link, mark, rows: new Map(), list: []});
    this.body = element('tbody');
    this.heads = columns.map(column => element('th', {scope: 'col', ...column.number && {class: 'number'}},
        element('button', {type: 'button', 'data-sort': column.name, ...column.title && {title: column.title}}, column.label ?? column.name)));
    table.append(element('thead', {}, element('tr', {}, ...this.heads)), this.body);
    table.tHead.addEventListener('click', event => this.turn(event.target.closest('button')?.dataset.sort));
    this.body.addEventListener('click', event => this.open(event));
    this.body.addEventListener('keydown', event => this.walk(event));
    this.body.addEventListener('focusin', event => this.rove(event.target));
  }

  turn(name) {
    if (!name) return;
    const column = this.columns.find(c => c.name === name);
    this.sort = this.sort.name === name ? {name, down: !this.sort.down} : {name, down: !!column.number};
    this.show(this.list);
  }

  open(event) {
    const row = event.target.closest('tr');
    if (event.ctrlKey || event.metaKey || event.shiftKey || !row || !getSelection().isCollapsed) return;
    event.preventDefault();
    const link = row.querySelector('a');
    link?.focus({preventScroll: true});
    if (link) go(this.link(row.dataset.id));
  }

  walk(event) {
    const rows = [...this.body.rows].filter(row => row.querySelector('a'));
    const at = rows.indexOf(event.target.closest('tr'));
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.querySelector('a').focus();
  }

  /** One row at a time can be reached by Tab: a thousand stops would be a wall. */
  rove(link) {
    for (const other of this.body.querySelectorAll('a[tabindex="0"]')) other.tabIndex = -1;
    if (link) link.tabIndex = 0;
  }

  /** The row that has the focus, which must neither move nor vanish. */
  held() {
    const row = document.activeElement?.closest?.('tr');
    return row && this.body.contains(row) ? row : null;
  }

  sorted(list) {
    const column = this.columns.find(c => c.name === this.sort.name);
    const value = column.value ?? (row => row[column.name]);
    const order = column.number ? (a, b) => a - b : collator.compare;
    return list.map(row => [value(row), row]).sort(([a], [b]) =>
        a == null || b == null ? (a == null) - (b == null) : this.sort.down ? order(b, a) : order(a, b)).map(([, row]) => row);
  }

  show(list) {
    this.list = list;
    const sorted = this.sorted(list);
    const keys = new Set(sorted.map(this.key));
    for (const key of this.rows.keys()) if (!keys.has(key)) this.rows.delete(key);
    const held = this.held();
    const rows = sorted.map(row => this.fill(row));
    arrange(this.body, rows, held);
    this.columns.forEach((c, i) => attribute(this.heads[i], 'aria-sort',
        c.name === this.sort.name ? this.sort.down ? 'descending' : 'ascending' : 'none'));
    if (!this.body.querySelector('a[tabindex="0"]')) this.rove(this.body.querySelector('a'));
  }

  fill(data) {
    const key = this.key(data);
    if (!this.rows.has(key)) this.rows.set(key, this.make(key));
    const row = this.rows.get(key);
    this.columns.forEach((column, i) => {
      const text = column.text ? column.text(data) : data[column.name] ?? none;
      write(row.cells[i].firstElementChild ?? row.cells[i], String(text));
      if (column.clipped) attribute(row.cells[i], 'title', text || null);
    });
    attribute(row, 'data-level', this.mark(data));
    return row;
  }

  make(key) {
    const linked = this.link(key) && element('a', {href: address(this.link(key)), tabindex: '-1'});
    return element('tr', {'data-id': key}, ...this.columns.map((column, i) =>
      element('td', {class: `${column.name} ${column.number ? 'number' : ''} ${column.clipped ? 'clipped' : ''}`},
          ...i === 0 && linked ? [linked] : [])));
  }
}

export const number = (name, label, text, more) => ({name, label, number: true, text: row => text(row[name]), ...more});
