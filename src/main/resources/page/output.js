// What comes out of a pipeline: some of the latest rows, the keys with the largest results, and what was not counted.

import {element, setText} from './dom.js';
import {count, number, time, whole} from './format.js';

const MOST_ROWS = 100;
const NAMES = {LATE: 'late'};

const data = (text, name = '') => text === null || text === undefined ? element('td', {class: `data none ${name}`}, 'none')
  : element('td', {class: `data ${name}`, title: text}, text);
const table = (titles, body) => element('table', {},
  element('thead', {}, element('tr', {}, ...titles.map(title => element('th', {scope: 'col'}, title)))), body);

export class Output {
  constructor(name) {
    this.rows = [];
    this.view = null;
    this.filter = element('input', {type: 'search', id: `filter-${name}`, placeholder: 'part of a key', autocomplete: 'off', spellcheck: 'false',
      'data-testid': `filter-${name}`});
    this.filter.addEventListener('input', () => this.draw());
    this.search = element('p', {class: 'search'}, element('label', {for: `filter-${name}`}, 'Only keys with '), this.filter);
    this.hidden = element('p', {class: 'detail', 'data-testid': `hidden-${name}`}, 'Keys and values are hidden. With tally.page.values: show you '
      + 'see here the latest rows, the keys with the largest results, and what the records hold that were not counted.');
    this.rowBody = element('tbody', {'data-testid': `output-${name}`});
    this.topBody = element('tbody', {'data-testid': `top-${name}`});
    this.lostBody = element('tbody', {'data-testid': `lost-${name}`});
    this.topTitle = element('h4');
    this.rowsNote = element('p', {class: 'detail'});
    this.topBox = element('div', {}, this.topTitle, element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Largest results of ${name}`},
      table(['Key', 'Largest', 'Committed'], this.topBody)));
    this.rowBox = element('div', {}, element('h4', {}, 'Latest rows, a sample'), element('div', {class: 'scroll', tabindex: 0, role: 'region',
      'aria-label': `Latest rows of ${name}`}, table(['Committed', 'Key', 'Row'], this.rowBody)), this.rowsNote);
    this.boxes = element('div', {class: 'output'}, this.rowBox, this.topBox);
    this.lostBox = element('div', {class: 'lost'}, element('h4', {}, 'Not counted since this process began'),
      element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Records of ${name} that were not counted`},
        table(['What', 'Records', 'Last', 'One of them', 'Key', 'Value'], this.lostBody)));
    this.node = element('div', {}, this.hidden, this.search, this.boxes, this.lostBox);
  }

  /**
   * @param view what is new, null if nothing is
   * @param isWhole whether it is all there is
   * @param now time of the view
   * @param areShown whether keys and values may be seen
   */
  show(view, isWhole, now, areShown) {
    this.now = now;
    this.areShown = areShown;
    if (view !== null) {
      this.view = view;
      this.rows = isWhole ? view.rows : [...view.rows, ...this.rows].slice(0, MOST_ROWS);
      this.draw();
    }
    this.hidden.hidden = areShown;
    this.search.hidden = !areShown || this.rows.length === 0;
    this.boxes.hidden = !areShown || this.rows.length === 0;
    this.lostBox.hidden = (this.view?.lost ?? []).length === 0;
  }

  draw() {
    const wanted = this.filter.value.toLowerCase();
    const has = key => wanted === '' || (key ?? '').toLowerCase().includes(wanted);
    const {top, rankedBy, lost} = this.view;
    const rows = this.rows.filter(row => has(row.key));
    this.rowBody.replaceChildren(...rows.map(row => element('tr', {}, element('td', {}, time(row.time, this.now)), data(row.key, 'key'), data(row.value))));
    setText(this.rowsNote, wanted === '' ? '' : `${whole(rows.length)} of the ${count(this.rows.length, 'row', 'rows')} that are here`);
    this.topBox.hidden = rankedBy === null;
    setText(this.topTitle, `Largest ${rankedBy}, of the rows of a minute`);
    this.topBody.replaceChildren(...top.filter(one => has(one.key)).map(one =>
      element('tr', {}, data(one.key, 'key'), element('td', {}, number(one.number)), element('td', {}, time(one.time, this.now)))));
    this.lostBody.replaceChildren(...lost.filter(one => wanted === '' || has(one.sample?.key)).flatMap(one => this.lostRows(one)));
  }

  /** What was not counted of one reason, and below why and what to do. */
  lostRows(one) {
    const name = NAMES[one.reason] ?? `dead letter: ${one.reason.toLowerCase().replaceAll('_', ' ')}`;
    const held = this.areShown ? [data(one.sample?.key, 'key'), data(one.sample?.value)]
      : [element('td', {class: 'none'}, 'hidden'), element('td', {class: 'none'}, 'hidden')];
    return [
      element('tr', {class: 'one'}, ...[name, whole(one.count), time(one.time, this.now), one.position].map(text => element('td', {}, text)), ...held),
      element('tr', {}, element('td', {class: 'why', colspan: 6}, one.sample ? `${one.sample.what}; ${one.remedy}` : one.remedy)),
    ];
  }
}
