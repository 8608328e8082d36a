// Numbers, times and durations in words. Times are milliseconds since the epoch, shown in UTC.

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const TENTHS = new Intl.NumberFormat('en', {maximumFractionDigits: 1});
const SHORT = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3});
const NONE = '–';

export const DAY = 86_400_000;

/** 0.4, 12, 3,456, 1.23M */
export function number(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  if (Math.abs(value) >= 100_000) {
    return SHORT.format(value);
  }
  return (Math.abs(value) < 10 ? TENTHS : WHOLE).format(value);
}

export function whole(value) {
  return value === null || value === undefined ? NONE : WHOLE.format(value);
}

export function count(value, one, many) {
  return `${whole(value)} ${value === 1 ? one : many}`;
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size < 10 && unit > 0 ? TENTHS.format(size) : WHOLE.format(size)} ${units[unit]}`;
}

/** 850 ms, 4.2 s, 2 min 05 s, 3 h 10 min, 4 d 2 h */
export function duration(millis) {
  if (millis === null || millis === undefined) {
    return NONE;
  }
  const size = Math.abs(millis);
  const sign = millis < 0 ? '−' : '';
  if (size < 1000) {
    return `${sign}${Math.round(size)} ms`;
  }
  if (size < 60_000) {
    return `${sign}${TENTHS.format(size / 1000)} s`;
  }
  const [big, bigName, small, smallName] = size < 3_600_000 ? [60_000, 'min', 1000, 's']
    : size < DAY ? [3_600_000, 'h', 60_000, 'min'] : [DAY, 'd', 3_600_000, 'h'];
  const first = Math.floor(size / big);
  const rest = Math.floor((size % big) / small);
  return `${sign}${whole(first)} ${bigName}${first < 1000 && rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

function iso(millis) {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** 12:03:04, with the day if it is not that of the second time. */
export function time(millis, now) {
  const text = millis === null || millis === undefined ? null : iso(millis);
  if (text === null) {
    return NONE;
  }
  const clock = text.replace(/^.*T(.{8}).*$/, '$1');
  const day = text.replace(/T.*$/, '');
  const today = now === undefined ? null : iso(now);
  return today !== null && today.startsWith(day) ? clock : `${day} ${clock}`;
}

/** 0 to 5, 7, 9 and 12 more */
export function numbers(list, more) {
  const runs = [];
  for (const n of list) {
    const last = runs[runs.length - 1];
    if (last && last[1] === n - 1) {
      last[1] = n;
    } else {
      runs.push([n, n]);
    }
  }
  const texts = runs.map(([from, to]) => from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`);
  return texts.join(', ') + (more > 0 ? ` and ${whole(more)} more` : '');
}
