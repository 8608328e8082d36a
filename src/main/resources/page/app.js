// Takes what the server says each second and shows it.

import {Chart, millis, seconds, SECONDS} from './chart.js';
import {element, setText} from './dom.js';
import {bytes, count, duration, number, numbers, time, whole} from './format.js';
import {Output} from './output.js';
import {Picture} from './picture.js';

const STATES = {PROBLEM: ['✕', 'not well'], RESTORING: ['◔', 'restoring'], PAUSED: ['‖', 'paused'], WELL: ['✓', 'well']};
const EVENTS = {
  PROBLEM: ['problem', () => 'is not well'],
  WELL: ['well', () => 'is well'],
  PAUSED: ['info', () => 'was paused by an operator'],
  RESTORED: ['info', event => `${places('partition', event)} restored`],
  REFUSED: ['problem', event => `${places('partition', event)} refused`],
  RELEASED: ['info', event => `${places('partition', event)} given up: it goes to another lane or instance`],
  FAILED: ['problem', event => `${places('lane', event)}: a transaction failed, its state is rebuilt from what is committed`],
  FENCED: ['info', event => `${places('lane', event)}: ended the transaction that a dead predecessor had left open`],
  CHECKED: ['info', () => 'was checked'],
};
const CHARTS = [
  ['records', 'Records per second', number],
  ['rows', 'Rows per second', number],
  ['late', 'Late per second', number],
  ['deadLetters', 'Dead letters per second', number],
  ['lag', 'Time lag', seconds],
  ['commit', 'Slowest commit', millis],
  ['entries', 'Open keys', number],
  ['bytes', 'Heap of open windows', bytes],
];
/** Without news for so long, what is shown is old. */
const STALE = 5000;
const AGAIN = 3000;

const find = id => document.getElementById(id);
const places = (one, event) => `${one}${event.where.length + event.moreWhere > 1 ? 's' : ''} ${numbers(event.where, event.moreWhere)}`;
/** The remedy of a refusal has a line of its own. */
const lines = text => text.replace(/ Remedy: /g, '\nRemedy: ');

class Pipeline {
  constructor(name) {
    this.history = Object.fromEntries(CHARTS.map(([key]) => [key, []]));
    this.charts = Object.fromEntries(CHARTS.map(([key, label, format]) => [key, new Chart(label, format, `${key}-${name}`)]));
    this.picture = new Picture(name);
    this.output = new Output(name);
    this.topics = element('p', {class: 'topics'});
    this.body = element('tbody');
    this.more = element('p', {class: 'detail'});
    this.summary = element('summary');
    this.table = element('details', {'data-testid': `table-${name}`}, this.summary,
      element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Partitions of ${name}`},
        element('table', {}, element('thead', {}, element('tr', {}, ...['Partition', 'Lane', 'State', 'Offset', 'Watermark', 'Stands since',
          'Open windows', 'Keys', 'Heap'].map(title => element('th', {scope: 'col'}, title)))), this.body)), this.more);
    this.table.addEventListener('toggle', () => this.rows());
    this.node = element('section', {id: `pipeline-${name}`, 'aria-label': `Pipeline ${name}`}, element('h2', {}, name), this.topics,
      element('h3', {}, 'How fast?'), element('div', {class: 'tiles'}, ...Object.values(this.charts).map(chart => chart.node)),
      element('h3', {}, 'What is it doing? Event time, partition by partition'), this.picture.node, this.table,
      element('h3', {}, 'What comes out?'), this.output.node);
  }

  show(view, now, {history, output, merge, areValuesShown}) {
    this.view = view;
    this.now = now;
    setText(this.topics, `${view.source} → ${view.sink}, group ${view.group}`);
    for (const [key] of CHARTS) {
      const values = history ? history[key] : [...this.history[key], view.now[key] ?? null].slice(-SECONDS);
      this.history[key] = values;
      this.charts[key].show(values, now, this.shown(key));
    }
    this.picture.show(view, now, merge);
    this.output.show(output, history !== undefined, now, areValuesShown);
    setText(this.summary, `All partitions as a table (${whole(view.partitions.length + (view.rest?.partitions ?? 0))})`);
    this.rows();
  }

  /** The number as it stands large: with its limit, and the last commit there was. */
  shown(key) {
    if (key === 'bytes') {
      return this.view.maxBytes > 0 ? `${bytes(this.view.now.bytes)} of ${bytes(this.view.maxBytes)}` : bytes(this.view.now.bytes);
    }
    if (key === 'entries' && this.view.windows > 0) {
      return this.picture.inWindows(this.view);
    }
    if (key === 'commit') {
      return millis(this.history.commit.findLast(value => value !== null) ?? null);
    }
    return undefined;
  }

  rows() {
    if (!this.table.open || !this.view) {
      return;
    }
    this.body.replaceChildren(...this.view.partitions.map(partition => element('tr', {}, ...[
      partition.partition, partition.lane, partition.phase.toLowerCase() + (partition.note ? `: ${partition.note}` : ''), whole(partition.offset),
      time(partition.watermark, this.now), time(partition.since, this.now), whole(partition.windows), whole(partition.entries), bytes(partition.bytes),
    ].map(text => element('td', {}, String(text))))));
    setText(this.more, this.view.rest ? `and ${count(this.view.rest.partitions, 'more, which is further on', 'more, which are further on')}` : '');
  }
}

class Page {
  constructor() {
    this.pipelines = new Map();
    this.heap = new Chart('Heap of the process', bytes, 'heap-value');
    this.heapHistory = [];
    this.last = null;
    this.connect();
    setInterval(() => this.check(), 1000);
    // A browser keeps a page that one has left, for the way back, and with it an open stream.
    addEventListener('pagehide', () => this.stream.close());
    addEventListener('pageshow', event => {
      if (event.persisted) {
        this.connect();
      }
    });
  }

  connect() {
    this.stream?.close();
    this.stream = new EventSource('page/stream');
    this.stream.addEventListener('whole', message => this.show(JSON.parse(message.data)));
    this.stream.addEventListener('second', message => this.show(JSON.parse(message.data)));
    this.stream.addEventListener('error', () => {
      this.lost();
      // After an answer like 503 the browser does not try again by itself.
      if (this.stream.readyState === EventSource.CLOSED) {
        setTimeout(() => this.connect(), AGAIN);
      }
    });
  }

  lost() {
    document.body.classList.add('stale');
    setText(find('connection'), this.last === null ? 'No connection: Tally is stopped, or too many pages are open. Trying again.'
      : `No connection since ${time(this.last.time, this.last.time)}: Tally is stopped or out of reach. Trying again.`);
  }

  check() {
    if (this.last !== null && Date.now() - this.arrived > STALE && this.stream.readyState === EventSource.OPEN) {
      document.body.classList.add('stale');
      setText(find('connection'), `No news for ${duration(Math.round((Date.now() - this.arrived) / 1000) * 1000)}: Tally or the network hangs.`);
    }
  }

  show(view) {
    this.last = view;
    this.arrived = Date.now();
    document.body.classList.remove('stale');
    setText(find('connection'), 'Live');
    setText(find('clock'), `${time(view.time)} UTC`);
    setText(find('heap'), `Heap ${bytes(view.heap.used)} of ${bytes(view.heap.max)}`);
    this.states(view);
    for (const pipeline of view.pipelines) {
      if (!this.pipelines.has(pipeline.name)) {
        this.pipelines.set(pipeline.name, new Pipeline(pipeline.name));
        find('pipelines').append(this.pipelines.get(pipeline.name).node);
      }
      const merge = view.pipelines.find(({name}) => name === `${pipeline.name}.merge`);
      this.pipelines.get(pipeline.name).show(pipeline, view.time, {
        history: view.history?.[pipeline.name], output: view.output[pipeline.name] ?? null, merge, areValuesShown: view.areValuesShown});
    }
    this.heapHistory = view.heapHistory ?? [...this.heapHistory, view.heap.used].slice(-SECONDS);
    if (!this.heap.node.isConnected && view.pipelines.length > 0) {
      this.pipelines.get(view.pipelines[0].name).node.querySelector('.tiles').append(this.heap.node);
    }
    this.heap.show(this.heapHistory, view.time, `${bytes(view.heap.used)} of ${bytes(view.heap.max)}`);
    if (view.events !== null) {
      this.events(view);
    }
  }

  states(view) {
    const list = find('states');
    const key = JSON.stringify(view.pipelines.map(({name, state, problems, moreProblems, restoring, paused, partitions, rest}) =>
      [name, state, problems, moreProblems, restoring, paused, partitions.length, rest?.partitions]));
    if (key === this.statesKey) {
      return;
    }
    this.statesKey = key;
    list.replaceChildren(...view.pipelines.map(pipeline => {
      const [symbol, word] = STATES[pipeline.state];
      return element('li', {class: pipeline.state.toLowerCase(), 'data-testid': `state-${pipeline.name}`},
        element('span', {class: 'symbol', 'aria-hidden': 'true'}, symbol), element('a', {href: `#pipeline-${pipeline.name}`}, pipeline.name),
        element('strong', {}, word), ...sentences(pipeline, view.time).map(text => element('p', {}, text)));
    }));
  }

  events(view) {
    const list = find('events');
    list.replaceChildren(...view.events.map(event => {
      const [kind, words] = EVENTS[event.kind];
      const often = event.times > 1 && event.where.length + event.moreWhere < event.times
        ? ` (${whole(event.times)} times since ${time(event.first, view.time)})` : '';
      return element('li', {class: kind}, element('time', {datetime: new Date(event.last).toISOString()}, time(event.last, view.time)),
        element('strong', {}, event.pipeline), element('span', {}, ` ${words(event)}${event.text ? `: ${event.text}` : ''}${often}`));
    }));
    if (view.events.length === 0) {
      list.append(element('li', {}, 'Nothing yet.'));
    }
  }
}

function sentences(pipeline, now) {
  const owned = pipeline.partitions.length + (pipeline.rest?.partitions ?? 0);
  if (pipeline.state === 'WELL') {
    return [owned === 0 ? 'no partition here: other instances have them' : `works on ${count(owned, 'partition', 'partitions')}`];
  }
  const paused = pipeline.paused === null ? [] : [`by an operator since ${time(pipeline.paused, now)}: takes no records until it is resumed`];
  const more = pipeline.moreProblems > 0 ? [`and ${whole(pipeline.moreProblems)} more`] : [];
  return [...pipeline.problems.map(lines), ...more, ...pipeline.restoring, ...paused];
}

new Page();
