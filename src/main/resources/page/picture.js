// Event time as a picture: a lane per partition, with its watermark, its highest event time and the span of its open
// windows. What has just closed stays visible for a moment.

import {element, setText, shape} from './dom.js';
import {count, duration, number, time, whole} from './format.js';
import {range, ticks, tickText} from './scale.js';

/** More partitions than this are too many to look at: the slowest are shown, the others share a lane. */
const MOST_LANES = 24;
const SHOWN_OF_MANY = 16;
/** The choice of the slowest stays for so many seconds, so that lanes do not jump about. */
const KEEP = 5;
const ROW = 28;
const TOP = 26;
/** So many seconds a closed window fades. */
const FADE = 4;
/** A watermark that has stood still for less than this is not worth a word, in milliseconds. */
const STANDS = 3000;
/** About the width of a letter of the labels. */
const LETTER = 6.6;

/** What is drawn of a partition; null if nothing of it has a time. */
function lane(partition, grace) {
  if (partition.watermark === null) {
    return null;
  }
  const high = partition.closing === null ? partition.watermark + grace : partition.closing + grace;
  return {watermark: partition.watermark, high, from: Math.min(partition.oldest ?? partition.watermark, partition.watermark), to: high};
}

function slowest(partitions) {
  const active = partitions.filter(partition => partition.watermark !== null);
  const waiting = active.filter(partition => partition.windows > 0);
  const among = waiting.length > 0 ? waiting : active;
  return among.length < 2 ? null : among.reduce((a, b) => b.watermark < a.watermark ? b : a);
}

export class Picture {
  constructor(name) {
    this.ghosts = new Map();
    this.before = new Map();
    this.chosen = null;
    this.age = 0;
    this.svg = shape('svg', {class: 'picture', role: 'img', 'aria-label': `Event time of ${name}; the table below has the numbers`,
      'data-testid': `picture-${name}`});
    this.held = element('p', {class: 'held', 'data-testid': `held-${name}`});
    this.node = element('div', {}, this.svg, this.legend(), this.held);
    new ResizeObserver(() => this.draw()).observe(this.node);
  }

  legend() {
    const key = (name, text) => element('span', {class: 'key'}, element('i', {class: `swatch ${name}`}), text);
    return element('p', {class: 'legend'}, key('open', 'open windows'), key('mark', 'watermark: windows that end before it have closed'),
      key('high', 'highest event time (watermark + grace)'), key('ghost', 'just closed'), key('clock', 'the clock'));
  }

  show(pipeline, now) {
    this.pipeline = pipeline;
    this.now = now;
    this.remember();
    this.choose();
    this.draw();
    setText(this.held, this.holding());
  }

  /** Notes which windows have closed since the second before. */
  remember() {
    for (const [id, ghosts] of this.ghosts) {
      const left = ghosts.map(ghost => ({...ghost, age: ghost.age + 1})).filter(ghost => ghost.age < FADE);
      left.length === 0 ? this.ghosts.delete(id) : this.ghosts.set(id, left);
    }
    for (const partition of this.pipeline.partitions) {
      const before = this.before.get(partition.partition);
      const to = partition.oldest ?? partition.watermark;
      if (before !== undefined && to !== null && to > before) {
        this.ghosts.set(partition.partition, [...this.ghosts.get(partition.partition) ?? [], {from: before, to, age: 0}]);
      }
      this.before.delete(partition.partition);
      if (partition.oldest !== null) {
        this.before.set(partition.partition, partition.oldest);
      }
    }
  }

  /** Which partitions have a lane: all, or of many those that are not well and the slowest. */
  choose() {
    const partitions = this.pipeline.partitions;
    if (partitions.length <= MOST_LANES && this.pipeline.rest === null) {
      this.chosen = null;
      return;
    }
    const known = new Set(partitions.map(partition => partition.partition));
    if (this.chosen === null || ++this.age >= KEEP || this.chosen.some(id => !known.has(id))) {
      this.age = 0;
      this.chosen = [...partitions]
        .sort((a, b) => (a.phase === 'ACTIVE') - (b.phase === 'ACTIVE') || (a.watermark ?? Infinity) - (b.watermark ?? Infinity)
          || a.partition - b.partition)
        .slice(0, SHOWN_OF_MANY).map(partition => partition.partition);
    }
  }

  rows() {
    const {partitions, rest, grace} = this.pipeline;
    if (this.chosen === null) {
      return partitions.map(partition => ({partition, lane: lane(partition, grace)}));
    }
    const byId = new Map(partitions.map(partition => [partition.partition, partition]));
    const rows = this.chosen.map(id => ({partition: byId.get(id), lane: lane(byId.get(id), grace)}));
    const others = partitions.filter(partition => !this.chosen.includes(partition.partition));
    const times = others.map(other => other.watermark).concat(rest ? [rest.minWatermark, rest.maxWatermark] : [])
      .filter(watermark => watermark !== null);
    const group = {
      size: others.length + (rest?.partitions ?? 0),
      windows: others.reduce((sum, other) => sum + other.windows, rest?.windows ?? 0),
      entries: others.reduce((sum, other) => sum + other.entries, rest?.entries ?? 0),
      min: Math.min(...times), max: Math.max(...times),
    };
    const starts = others.filter(other => other.oldest !== null).map(other => other.oldest);
    rows.push({group, lane: times.length === 0 ? null
      : {watermark: group.min, high: group.max + grace, from: Math.min(group.min, ...starts), to: group.max + grace}});
    return rows;
  }

  draw() {
    const width = Math.floor(this.node.clientWidth);
    if (!this.pipeline || width === 0) {
      return;
    }
    const rows = this.rows();
    const height = TOP + Math.max(1, rows.length) * ROW + 4;
    this.svg.setAttribute('width', width);
    this.svg.setAttribute('height', height);
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const span = range(rows.filter(row => row.lane !== null).map(row => row.lane), this.now);
    const gutter = width < 500 ? 62 : 112;
    const x = at => gutter + (at - span.from) / (span.to - span.from) * (width - gutter - 8);
    const parts = [];
    if (span !== null) {
      const {step, marks} = ticks(span, Math.max(2, Math.floor((width - gutter) / 80)));
      for (const at of marks) {
        if (x(at) > width - 30) {
          continue;
        }
        parts.push(shape('line', {class: 'grid', x1: x(at), x2: x(at), y1: TOP - 6, y2: height}),
          shape('text', {class: 'tick', x: x(at), y: 13, 'text-anchor': 'middle'}, tickText(at, step)));
      }
      if (this.now >= span.from && this.now <= span.to) {
        parts.push(shape('line', {class: 'clock', x1: x(this.now), x2: x(this.now), y1: TOP - 6, y2: height}));
      }
    }
    const holder = this.pipeline.isMerge ? null : slowest(this.pipeline.partitions);
    rows.forEach((row, i) => parts.push(this.row(row, TOP + i * ROW, {gutter, width, span, x}, row.partition && row.partition === holder)));
    if (rows.length === 0) {
      parts.push(shape('text', {class: 'note', x: 4, y: TOP + 16}, 'This instance has no partition of it.'));
    }
    this.svg.replaceChildren(...parts);
  }

  row(row, y, {gutter, width, span, x}, isHolder) {
    const {partition, group} = row;
    const classes = ['lane', isHolder ? 'holder' : '', partition && partition.phase !== 'ACTIVE' ? partition.phase.toLowerCase() : ''];
    const node = shape('g', {class: classes.join(' ').trim(), 'data-partition': partition?.partition});
    const middle = y + ROW / 2 + 4;
    const label = group ? `${whole(group.size)} more` : `${isHolder ? '▸ ' : ''}${gutter > 70 ? 'partition' : 'p'} ${partition.partition}`;
    node.append(shape('title', {}, this.title(row, isHolder)), shape('rect', {class: 'ground', x: gutter, y: y + 2, width: width - gutter, height: ROW - 4}),
      shape('text', {class: 'label', x: 2, y: middle}, label));
    if (row.lane === null || span === null) {
      const text = partition ? this.state(partition) : '';
      node.append(shape('text', {class: 'note', x: gutter + 6, y: middle}, cut(text, (width - gutter) / LETTER)));
      return node;
    }
    const clip = at => Math.max(gutter, Math.min(width - 2, x(at)));
    for (const ghost of partition ? this.ghosts.get(partition.partition) ?? [] : []) {
      node.append(shape('rect', {class: 'ghost', x: clip(ghost.from), y: y + 5, width: Math.max(0, clip(ghost.to) - clip(ghost.from)),
        height: ROW - 10, opacity: 1 - ghost.age / FADE}));
    }
    const {windows, entries} = partition ?? group;
    const [left, right] = [clip(row.lane.from), clip(row.lane.to)];
    if (windows > 0) {
      node.append(shape('rect', {class: 'open', x: left, y: y + 5, width: Math.max(2, right - left), height: ROW - 10, rx: 2}));
    }
    const [mark, high] = [clip(row.lane.watermark), clip(row.lane.high)];
    node.append(
      shape('line', {class: 'span', x1: mark, x2: high, y1: y + ROW / 2, y2: y + ROW / 2}),
      shape('circle', {class: 'high', cx: high, cy: y + ROW / 2, r: 3}),
      shape('path', {class: 'mark', d: `M${mark} ${y + 3}V${y + ROW - 3}M${mark - 4} ${y + 2}h8l-4 5z`}));
    if (group && group.max > group.min) {
      node.append(shape('line', {class: 'marks', x1: mark, x2: clip(group.max), y1: y + 4, y2: y + 4}));
    }
    this.text(node, row, y, {gutter, width, span}, left, right, middle);
    return node;
  }

  /** What stands in a lane: how far it is off the picture, and what is open, wherever there is room. */
  text(node, row, y, {gutter, width, span}, left, right, middle) {
    const off = row.lane.to < span.from ? `◂ ${duration(span.from - row.lane.to)} before`
      : row.lane.watermark > span.to ? `${duration(row.lane.watermark - span.to)} after ▸` : '';
    const {windows, entries} = row.partition ?? row.group;
    const open = windows > 0 ? `${count(windows, 'window', 'windows')}, ${number(entries)} keys` : entries > 0 ? `${number(entries)} keys` : '';
    const state = row.partition && row.partition.phase !== 'ACTIVE' ? this.state(row.partition) : '';
    const text = [off, state, open].filter(part => part !== '').join(' · ');
    const room = (from, to) => (to - from) / LETTER > text.length + 1;
    if (text === '') {
      return;
    }
    if (room(gutter, left)) {
      node.append(shape('text', {class: 'note', x: left - 8, y: middle, 'text-anchor': 'end'}, text));
    } else if (room(right, width)) {
      node.append(shape('text', {class: 'note', x: right + 8, y: middle}, text));
    } else {
      node.append(shape('text', {class: 'note inside', x: Math.max(left, gutter) + 6, y: middle}, cut(text, (width - left - 8) / LETTER)));
    }
  }

  state(partition) {
    return partition.phase === 'REFUSED' ? 'refused' : partition.phase === 'RESTORING' ? `restoring${partition.note ? `: ${partition.note}` : ''}`
      : partition.watermark === null ? 'no record yet' : '';
  }

  title(row, isHolder) {
    if (row.group) {
      return `${count(row.group.size, 'other partition', 'other partitions')}: watermarks from ${time(row.group.min, this.now)} to `
        + `${time(row.group.max, this.now)}, ${count(row.group.windows, 'open window', 'open windows')}`;
    }
    const {partition} = row;
    return `Partition ${partition.partition}: ${this.state(partition) || 'active'}, watermark ${time(partition.watermark, this.now)}, `
      + `${count(partition.windows, 'open window', 'open windows')}, ${number(partition.entries)} keys, offset ${whole(partition.offset)}`
      + (isHolder ? '. It is the furthest back.' : '');
  }

  /** Which partition windows wait for, since when and where it stands. */
  holding() {
    const {partitions, isMerge} = this.pipeline;
    if (isMerge) {
      const held = partitions.filter(partition => partition.windows > 0 && partition.waitsFor !== null).map(partition => partition.waitsFor);
      if (held.length === 0) {
        return '';
      }
      const source = held.find(one => one.watermark === null) ?? held.reduce((a, b) => b.watermark < a.watermark ? b : a);
      return source.watermark === null
        ? `Windows wait for source partition ${source.partition}: no record of it has been counted yet, and it is not idle.`
        : `Windows wait for source partition ${source.partition}: it has come to ${time(source.watermark, this.now)}, `
          + `last heard of at ${time(source.since, this.now)}, at offset ${whole(source.offset)}.`;
    }
    const holder = slowest(partitions);
    const one = holder ?? (partitions.length === 1 ? partitions[0] : null);
    if (one === null || one.watermark === null || one.windows === 0) {
      return '';
    }
    const standing = one.since === null || this.now - one.since < STANDS ? ''
      : ` It has stood there since ${time(one.since, this.now)} (${duration(this.now - one.since)}).`;
    return `${holder ? 'Furthest back: partition' : 'Partition'} ${one.partition}, with its watermark at ${time(one.watermark, this.now)} and `
      + `its oldest open window from ${time(one.oldest, this.now)}, at offset ${whole(one.offset)}.${standing}`;
  }
}

function cut(text, letters) {
  return text.length <= letters ? text : `${text.slice(0, Math.max(0, Math.floor(letters) - 1))}…`;
}
