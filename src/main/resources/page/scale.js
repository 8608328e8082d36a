// The axis of event time: from where to where, and where it has marks.

import {DAY} from './format.js';

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, DAY, 2 * DAY, 7 * DAY, 30 * DAY,
  365 * DAY, 3650 * DAY, 36_500 * DAY];

/** So many times the usual length of a lane are shown to either side; what is further away is a mark at the edge. */
const WIDEST = 8;
const SHORTEST = 10_000;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * @param lanes with from and to, milliseconds since the epoch
 * @param now the clock, which is shown if it is near
 * @return the range, or null if there is nothing to be seen
 */
export function range(lanes, now) {
  if (lanes.length === 0) {
    return null;
  }
  const middle = median(lanes.map(lane => lane.to));
  const reach = WIDEST * Math.max(SHORTEST, median(lanes.map(lane => lane.to - lane.from)));
  let from = Math.max(Math.min(...lanes.map(lane => lane.from)), middle - reach);
  let to = Math.min(Math.max(...lanes.map(lane => lane.to)), middle + reach);
  if (to - from < SHORTEST) {
    from = to - SHORTEST;
  }
  if (now > to && now - to < to - from) {
    to = now;
  }
  const margin = (to - from) * 0.04;
  return {from: from - margin, to: to + margin};
}

/** Round times in the range, at most so many. */
export function ticks({from, to}, most) {
  const step = STEPS.find(one => (to - from) / one <= most) ?? STEPS[STEPS.length - 1];
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    marks.push(at);
  }
  return {step, marks};
}

/** What of a tick is worth saying: milliseconds, the time, the day. */
export function tickText(at, step) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const text = date.toISOString();
  const [day, clock] = text.split('T');
  if (step >= DAY) {
    return day;
  }
  return step < 1000 ? clock.slice(3, 12) : step < 60_000 ? clock.slice(0, 8) : clock.slice(0, 5);
}
