// A number with its last quarter of an hour. Each point is the highest of three seconds, so that no peak is lost.

import {element, setText, shape} from './dom.js';
import {duration, time} from './format.js';

export const SECONDS = 900;
const BUCKET = 3;
const POINTS = SECONDS / BUCKET;
const HEIGHT = 40;

export class Chart {
  /**
   * @param label what the number is
   * @param format a number as text
   * @param testid how tests find it
   */
  constructor(label, format, testid) {
    this.format = format;
    this.values = [];
    this.end = 0;
    this.cursor = null;
    this.value = element('span', {class: 'value', 'data-testid': testid});
    this.detail = element('span', {class: 'detail'});
    this.area = shape('path', {class: 'area'});
    this.line = shape('path', {class: 'line', 'vector-effect': 'non-scaling-stroke'});
    this.rule = shape('line', {class: 'rule', y1: 0, y2: HEIGHT, 'vector-effect': 'non-scaling-stroke', visibility: 'hidden'});
    this.svg = shape('svg', {
      viewBox: `0 0 ${POINTS - 1} ${HEIGHT}`, preserveAspectRatio: 'none', tabindex: 0, role: 'img',
      'aria-label': `${label}, the last 15 minutes; arrow keys read values`,
    }, this.area, this.line, this.rule);
    this.node = element('div', {class: 'tile'}, element('h4', {}, label), this.value, this.svg, this.detail);
    this.svg.addEventListener('pointermove', event => {
      const box = this.svg.getBoundingClientRect();
      this.point(Math.round((event.clientX - box.left) / box.width * (POINTS - 1)));
    });
    this.svg.addEventListener('pointerleave', () => this.point(null));
    this.svg.addEventListener('blur', () => this.point(null));
    this.svg.addEventListener('keydown', event => {
      const move = {ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20}[event.key];
      if (move !== undefined) {
        event.preventDefault();
        this.point((this.cursor ?? POINTS - 1) + move);
      } else if (event.key === 'Escape') {
        this.point(null);
      }
    });
  }

  /**
   * @param values one per second, oldest first, null where there is none
   * @param end time of the last
   * @param now the number as text, if it is not the last value
   */
  show(values, end, now) {
    this.values = values;
    this.end = end;
    setText(this.value, now ?? this.format(values[values.length - 1] ?? null));
    this.draw();
  }

  point(index) {
    this.cursor = index === null ? null : Math.max(0, Math.min(POINTS - 1, index));
    this.draw();
  }

  draw() {
    const buckets = this.buckets();
    const top = Math.max(...buckets.map(value => value ?? 0));
    const y = value => top > 0 ? HEIGHT - 1 - Math.max(0, value) / top * (HEIGHT - 3) : HEIGHT - 1;
    let line = '';
    let area = '';
    let start = null;
    for (let i = 0; i <= POINTS; i++) {
      const value = buckets[i] ?? null;
      if (value !== null) {
        const at = `${i} ${y(value).toFixed(1)}`;
        if (start === null) {
          line += `M${at}`;
          area += `M${i} ${HEIGHT}L${at}`;
          start = i;
        } else {
          line += `L${at}`;
          area += `L${at}`;
        }
      } else if (start !== null) {
        area += `L${i - 1} ${HEIGHT}Z`;
        start = null;
      }
    }
    this.line.setAttribute('d', line);
    this.area.setAttribute('d', area);
    this.rule.setAttribute('visibility', this.cursor === null ? 'hidden' : 'visible');
    if (this.cursor === null) {
      setText(this.detail, `most in 15 min: ${buckets.every(value => value === null) ? '–' : this.format(top)}`);
    } else {
      this.rule.setAttribute('x1', this.cursor);
      this.rule.setAttribute('x2', this.cursor);
      const at = this.end - (POINTS - 1 - this.cursor) * BUCKET * 1000;
      setText(this.detail, `${time(at, this.end)}: ${this.format(buckets[this.cursor])}`);
    }
  }

  buckets() {
    const buckets = new Array(POINTS).fill(null);
    const shift = SECONDS - this.values.length;
    this.values.forEach((value, i) => {
      const bucket = Math.floor((i + shift) / BUCKET);
      if (value !== null && (buckets[bucket] === null || value > buckets[bucket])) {
        buckets[bucket] = value;
      }
    });
    return buckets;
  }
}

export const seconds = value => duration(value === null ? null : value * 1000);
export const millis = value => duration(value);
