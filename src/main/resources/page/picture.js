// Event time as a picture: a lane per partition, with its watermark, its highest event time and its open windows. What
// has just closed stays visible for a moment.

import {element, setText, shape} from './dom.js';
import {count, duration, number, time, whole} from './format.js';
import {FADE, Lanes, SHAPES} from './lanes.js';
import {range, ticks, tickText} from './scale.js';
import {awaited, holding, holder} from './waiting.js';

const ROW = 28;
const TOP = 26;
/** About the width of a letter of the labels. */
const LETTER = 6.6;
/** Boxes that are narrower have no gap between them. */
const NARROW = 5;

export class Picture {
  constructor(name) {
    this.name = name;
    this.lanes = new Lanes();
    this.shape = 'WINDOWS';
    this.svg = shape('svg', {class: 'picture', role: 'img', 'aria-label': `Event time of ${name}; the table below has the numbers`,
      'data-testid': `picture-${name}`});
    this.held = element('p', {class: 'held', 'data-testid': `held-${name}`});
    this.open = element('span');
    this.node = element('div', {}, this.svg, this.legend(), this.held);
    new ResizeObserver(() => this.draw()).observe(this.node);
  }

  legend() {
    const key = (name, text) => element('span', {class: 'key'}, element('i', {class: `swatch ${name}`}), text);
    return element('p', {class: 'legend', 'data-testid': `legend-${this.name}`}, key('open', this.open), key('mark', 'watermark: windows that end before it have closed'),
      key('high', 'highest event time (watermark + grace)'), key('ghost', 'just closed'), key('clock', 'the clock'));
  }

  /** @param merge the merge of this pipeline's shuffle, if it has one here */
  show(pipeline, now, merge) {
    this.pipeline = pipeline;
    this.now = now;
    this.lanes.show(pipeline);
    this.shape = pipeline.partitions.find(partition => partition.open !== null)?.open.shape ?? this.shape;
    this.holder = holder(pipeline, this.shape, merge);
    this.source = pipeline.isMerge ? awaited(pipeline) : undefined;
    setText(this.open, SHAPES[this.shape][2]);
    setText(this.held, holding(pipeline, this.shape, this.holder, merge, now));
    this.draw();
  }

  draw() {
    const width = Math.floor(this.node.clientWidth);
    if (!this.pipeline || width === 0) {
      return;
    }
    const {rows} = this.lanes;
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
    rows.forEach((row, i) => parts.push(this.row(row, TOP + i * ROW, {gutter, width, span, x})));
    if (rows.length === 0) {
      parts.push(shape('text', {class: 'note', x: 4, y: TOP + 16}, 'This instance has no partition of it.'));
    }
    this.svg.replaceChildren(...parts);
  }

  row(row, y, area) {
    return row.source || row.sourceGroup ? this.sourceRow(row, y, area) : this.partitionRow(row, y, area);
  }

  /** Of a merge: how far a source partition is, or those that share the lane. */
  sourceRow(row, y, {gutter, width, span, x}) {
    const {source, sourceGroup: group} = row;
    const isAwaited = source !== undefined && source.partition === this.source?.partition;
    const node = shape('g', {class: `lane source${isAwaited ? ' holder' : ''}`, 'data-source': source?.partition});
    const middle = y + ROW / 2 + 4;
    const label = group ? `${whole(group.size)} more` : `${isAwaited ? '▸ ' : ''}${gutter > 70 ? 'source' : 's'} ${source.partition}`;
    node.append(shape('title', {}, this.sourceTitle(row, isAwaited)), shape('text', {class: 'label', x: 2, y: middle}, label));
    const words = sourceState(row);
    if (row.lane === null || span === null) {
      node.append(shape('text', {class: 'note', x: gutter + 6, y: middle}, cut(words, (width - gutter) / LETTER)));
      return node;
    }
    const clip = at => Math.max(gutter, Math.min(width - 2, x(at)));
    this.marks(node, row, y, clip);
    const text = [off(row.lane, span), words].filter(part => part !== '').join(' · ');
    const [left, right] = [clip(row.lane.watermark), clip(row.lane.high)];
    const fits = room => room / LETTER > text.length + 1;
    if (text !== '') {
      node.append(fits(left - gutter) ? shape('text', {class: 'note', x: left - 8, y: middle, 'text-anchor': 'end'}, text)
        : fits(width - right) ? shape('text', {class: 'note', x: right + 8, y: middle}, text)
          : shape('text', {class: 'note inside', x: left + 8, y: middle}, cut(text, (width - left - 8) / LETTER)));
    }
    return node;
  }

  sourceTitle({source, sourceGroup: group}, isAwaited) {
    if (group) {
      return `${count(group.size, 'other source partition', 'other source partitions')}`
        + `${group.idle > 0 ? `, ${whole(group.idle)} of them idle` : ''}: watermarks from ${time(group.min, this.now)} to ${time(group.max, this.now)}`;
    }
    return `Source partition ${source.partition}: ${source.watermark === null ? 'no record yet' : `watermark ${time(source.watermark, this.now)}, `
      + `offset ${whole(source.offset)}, last heard of at ${time(source.since, this.now)}`}${source.isIdle ? '; idle' : ''}`
      + (isAwaited ? '. Windows wait for it.' : '');
  }

  /** The watermark, the highest event time, and of several the furthest watermark. */
  marks(node, {lane, group, sourceGroup}, y, clip) {
    const [mark, high] = [clip(lane.watermark), clip(lane.high)];
    node.append(
      shape('line', {class: 'span', x1: mark, x2: high, y1: y + ROW - 4, y2: y + ROW - 4}),
      shape('circle', {class: 'high', cx: high, cy: y + ROW - 4, r: 3}),
      shape('path', {class: 'mark', d: `M${mark} ${y + 3}V${y + ROW - 3}M${mark - 4} ${y + 2}h8l-4 5z`}));
    const several = group ?? sourceGroup;
    if (several && several.max > several.min) {
      node.append(shape('line', {class: 'marks', x1: mark, x2: clip(several.max), y1: y + 4, y2: y + 4}));
    }
  }

  partitionRow(row, y, {gutter, width, span, x}) {
    const {partition, group} = row;
    const isHolder = partition !== undefined && partition === this.holder;
    const classes = ['lane', isHolder ? 'holder' : '', partition && partition.phase !== 'ACTIVE' ? partition.phase.toLowerCase() : ''];
    const node = shape('g', {class: classes.join(' ').trim(), 'data-partition': partition?.partition});
    const middle = y + ROW / 2 + 4;
    const label = group ? `${whole(group.size)} more` : `${isHolder ? '▸ ' : ''}${gutter > 70 ? 'partition' : 'p'} ${partition.partition}`;
    node.append(shape('title', {}, this.title(row, isHolder)), shape('rect', {class: 'ground', x: gutter, y: y + 2, width: width - gutter, height: ROW - 4}),
      shape('text', {class: 'label', x: 2, y: middle}, label));
    if (row.lane === null || span === null) {
      const text = partition ? state(partition) : '';
      node.append(shape('text', {class: 'note', x: gutter + 6, y: middle}, cut(text, (width - gutter) / LETTER)));
      return node;
    }
    const clip = at => Math.max(gutter, Math.min(width - 2, x(at)));
    row.ghosts.forEach(ghost => node.append(this.box(ghost, 'ghost', y, clip, 1 - ghost.age / FADE)));
    this.boxes(row, y, clip).forEach(box => node.append(box));
    this.marks(node, row, y, clip);
    this.text(node, row, y, {gutter, width, span}, clip(Math.min(row.lane.from, ...row.ghosts.map(ghost => ghost.from))), clip(row.lane.to), middle);
    return node;
  }

  /** Open windows one by one; where they are not known, or shared by many partitions, their span. */
  boxes({partition, group, lane}, y, clip) {
    const {windows} = partition ?? group;
    if (lane.boxes === null) {
      return windows > 0 ? [this.box({from: lane.from, to: lane.high, keys: null}, 'open', y, clip, 1)] : [];
    }
    const reach = lane.shape === 'SESSIONS' && windows > 0
      ? [this.box({from: lane.from, to: lane.high, keys: null}, 'reach', y, clip, 1)] : [];
    return [...reach, ...lane.boxes.map(box => this.box(box, box.more ? 'open more' : 'open', y, clip, 1, lane.isExact))];
  }

  box({from, to, start, keys, more}, name, y, clip, opacity, isExact = true) {
    const [left, right] = [clip(from), clip(to)];
    const width = Math.max(1, right - left - (right - left < NARROW ? 0 : 1));
    const text = more ? `+${number(more)}` : keys === null ? '' : `${isExact ? '' : '≈'}${number(keys)}`;
    const fits = text !== '' && text.length * LETTER + 4 <= width;
    const words = more ? `${count(more, 'more', 'more')}` : `${this.shape === 'SESSIONS' ? 'end' : 'from'} ${time(start ?? from, this.now)} `
      + `to ${time(to, this.now)}: ${isExact ? '' : 'about '}${keys === null ? '' : count(keys, 'key', 'keys')}`;
    return shape('g', {class: `box ${name}`, opacity},
      shape('title', {}, words), shape('rect', {class: name, x: left, y: y + 5, width, height: ROW - 10, rx: 2}),
      fits ? shape('text', {class: 'keys', x: left + width / 2, y: y + ROW / 2 + 4, 'text-anchor': 'middle'}, text) : null);
  }

  /** What stands in a lane: how far it is off the picture, and what is open, wherever there is room. */
  text(node, row, y, {gutter, width, span}, left, right, middle) {
    const notActive = row.partition && row.partition.phase !== 'ACTIVE' ? state(row.partition) : '';
    const away = off(row.lane, span);
    const text = [away, notActive, this.openText(row.partition ?? row.group)].filter(part => part !== '').join(' · ');
    const room = (from, to) => (to - from) / LETTER > text.length + 1;
    if (text === '') {
      return;
    }
    if (room(gutter, left)) {
      node.append(shape('text', {class: 'note', x: left - 8, y: middle, 'text-anchor': 'end'}, text));
    } else if (room(right, width)) {
      node.append(shape('text', {class: 'note', x: right + 8, y: middle}, text));
    } else if (!row.lane.boxes || row.lane.boxes.length === 0 || away !== '' || notActive !== '') {
      node.append(shape('text', {class: 'note inside', x: Math.max(left, gutter) + 6, y: middle}, cut(text, (width - left - 8) / LETTER)));
    }
  }

  openText({windows, entries}) {
    const [one, many] = SHAPES[this.shape];
    if (this.shape === 'SESSIONS' || this.shape === 'TOTALS') {
      const open = this.shape === 'SESSIONS' ? windows : entries;
      return open > 0 ? count(open, one, many) : '';
    }
    return windows > 0 ? `${count(windows, one, many)}, ${number(entries)} keys` : entries > 0 ? `${number(entries)} keys` : '';
  }

  /** Number of open keys, and in how many windows they are unless each has its own. */
  inWindows({now, windows}) {
    const [one, many] = SHAPES[this.shape];
    return number(now.entries) + (this.shape === 'SESSIONS' ? '' : ` in ${count(windows, one, many)}`);
  }

  title({partition, group}, isHolder) {
    if (group) {
      return `${count(group.size, 'other partition', 'other partitions')}: watermarks from ${time(group.min, this.now)} to `
        + `${time(group.max, this.now)}, ${this.openText(group) || 'nothing open'}`;
    }
    return `Partition ${partition.partition}: ${state(partition) || 'active'}, watermark ${time(partition.watermark, this.now)}, `
      + `${this.openText(partition) || 'nothing open'}, offset ${whole(partition.offset)}` + (isHolder ? '. Windows wait for it.' : '');
  }
}

/** How far a lane is beside the picture; empty if it is in it. */
function off(lane, span) {
  return lane.to < span.from ? `◂ ${duration(span.from - lane.to)} before`
    : lane.watermark > span.to ? `${duration(lane.watermark - span.to)} after ▸` : '';
}

function sourceState({source, sourceGroup: group}) {
  return group ? (group.idle > 0 ? `${whole(group.idle)} idle` : '')
    : source.isIdle ? 'idle: nothing waits for it' : source.watermark === null ? 'no record yet: windows wait for it' : '';
}

function state(partition) {
  return partition.phase === 'REFUSED' ? 'refused' : partition.phase === 'RESTORING' ? `restoring${partition.note ? `: ${partition.note}` : ''}`
    : partition.watermark === null ? 'no record yet' : '';
}

function cut(text, letters) {
  return text.length <= letters ? text : `${text.slice(0, Math.max(0, Math.floor(letters) - 1))}…`;
}
