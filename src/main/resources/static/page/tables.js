// A table that shows a page of its entries, and changes only the cells that differ.

import { element, setText } from './dom.js';
import { count } from './format.js';

const PAGE = 50;

// Columns: {label, text(entry), [number], [header], [node(entry)], [tone(entry)], [title(entry)], [optional]}. A column
// with `node` makes a new node when its text changes. An optional one is there only if an entry has a text for it.
export class Table {
  constructor(section, name, columns, nothing) {
    this.section = section;
    this.columns = columns;
    this.name = name;
    this.nothing = nothing;
    this.start = 0;
    this.filter = '';
    this.entries = [];
    this.rows = new Map();
    // Told of the entries that are shown
    this.onshow = () => {};
    this.body = element('tbody', { role: 'rowgroup' });
    this.heads = columns.map((column) => element('th', { scope: 'col', role: 'columnheader',
      class: column.number ? 'number' : null }, column.label));
    this.table = element('table', { role: 'table', 'aria-labelledby': `${section.id}-title` },
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...this.heads)), this.body);
    this.empty = element('p', { class: 'quiet' });
    this.input = element('input', { type: 'search', autocomplete: 'off', spellcheck: 'false',
      'aria-label': `Filter ${name}`, placeholder: 'Filter', oninput: () => this.search() });
    this.position = element('span', { class: 'position' });
    this.previous = element('button', { type: 'button', onclick: () => this.turn(-PAGE) }, 'Previous');
    this.next = element('button', { type: 'button', onclick: () => this.turn(PAGE) }, 'Next');
    this.pager = element('div', { class: 'pager', role: 'group', 'aria-label': `Pages of ${name}`, hidden: true },
      this.input, this.position, this.previous, this.next);
    section.append(this.pager, this.table, this.empty);
    new ResizeObserver(() => this.fit()).observe(section);
  }

  show(entries) {
    this.entries = entries;
    this.render();
  }

  search() {
    this.filter = this.input.value.trim().toLowerCase();
    this.start = 0;
    this.render();
  }

  turn(by) {
    this.start += by;
    this.render();
  }

  matches(entry) {
    return this.columns.some((column) => !column.number && column.text(entry).toLowerCase().includes(this.filter));
  }

  render() {
    const all = this.entries;
    const found = this.filter ? all.filter((entry) => this.matches(entry)) : all;
    this.start = Math.max(0, Math.min(this.start, Math.floor((found.length - 1) / PAGE) * PAGE));
    const shown = found.slice(this.start, this.start + PAGE);
    this.pager.hidden = all.length <= PAGE;
    setText(this.position, found.length === 0 ? `0 of ${count(all.length)}`
      : `${count(this.start + 1)} to ${count(this.start + shown.length)} of ${count(found.length)}`);
    this.previous.disabled = this.start === 0;
    this.next.disabled = this.start + PAGE >= found.length;
    this.table.hidden = shown.length === 0;
    this.empty.hidden = shown.length > 0;
    setText(this.empty, all.length === 0 ? this.nothing : `Nothing matches the filter.`);
    this.columns.forEach((column, index) => {
      column.hidden = Boolean(column.optional) && !shown.some((entry) => column.text(entry) !== '');
      this.heads[index].hidden = column.hidden;
    });
    this.place(shown);
    this.onshow(shown);
    const look = this.columns.map((column) => column.hidden).join();
    if (this.look !== look) {
      this.look = look;
      this.table.classList.remove('cards');
    }
    this.fit();
  }

  // Rows become cards where the columns have no room beside each other.
  fit() {
    const room = this.section.clientWidth;
    if (this.table.classList.contains('cards') && room >= this.needed) {
      this.table.classList.remove('cards');
    }
    if (!this.table.classList.contains('cards') && this.table.offsetWidth > room) {
      this.needed = this.table.offsetWidth;
      this.table.classList.add('cards');
    }
  }

  place(shown) {
    const keys = new Set(shown.map((entry) => entry.key));
    for (const [key, row] of this.rows) {
      if (!keys.has(key)) {
        row.node.remove();
        this.rows.delete(key);
      }
    }
    shown.forEach((entry, index) => {
      const row = this.rows.get(entry.key) ?? this.newRow(entry);
      if (this.body.children[index] !== row.node) {
        this.body.insertBefore(row.node, this.body.children[index] ?? null);
      }
      this.columns.forEach((column, at) => this.updateCell(row.cells[at], column, entry));
    });
  }

  newRow(entry) {
    const cells = this.columns.map((column) => element(column.header ? 'th' : 'td', {
      role: column.header ? 'rowheader' : 'cell', scope: column.header ? 'row' : null,
      class: column.number ? 'number' : column.wide ? 'wide' : column.actions ? 'actions' : null, 'data-label': column.header ? null : column.label }));
    const row = { node: element('tr', { role: 'row' }, ...cells), cells };
    this.rows.set(entry.key, row);
    return row;
  }

  updateCell(cell, column, entry) {
    cell.hidden = column.hidden;
    const text = column.text(entry);
    if (cell.shownText !== text) {
      cell.shownText = text;
      if (column.node) {
        cell.replaceChildren(column.node(entry));
      } else {
        cell.textContent = text;
      }
      cell.classList.toggle('empty', text === '' || text === '0' || text === '0 B');
    }
    const tone = column.tone?.(entry) ?? '';
    if (cell.dataset.tone !== tone) {
      cell.dataset.tone = tone;
    }
    const title = column.title?.(entry);
    if (title && cell.title !== title) {
      cell.title = title;
    }
  }
}
