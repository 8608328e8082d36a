// What the picture shows of each partition: its open windows as boxes, what of them has just closed, and which
// partitions have a lane of their own.

/** More partitions than this are too many to look at: the slowest are shown, the others share a lane. */
const MOST_LANES = 24;
const SHOWN_OF_MANY = 16;
/** The choice of the slowest stays for so many seconds, so that lanes do not jump about. */
const KEEP = 5;
/** So many seconds a closed window fades. */
export const FADE = 4;

/** What is open, by its shape: one, many, and what a box is. */
export const SHAPES = {
  WINDOWS: ['window', 'windows', 'open window, with its number of keys'],
  SLICES: ['slice', 'slices', 'slice of open windows, with its number of keys; it goes when the last of them closes'],
  SESSIONS: ['session', 'sessions', 'open sessions by when they end if nothing more comes, with their number'],
  TOTALS: ['total', 'totals', 'running totals do not close'],
  NONE: ['window', 'windows', 'windows are open in the merge'],
};

/** The boxes of a partition by time, without what the watermark has passed since they were looked at; null if unknown. */
function boxes({open, watermark, oldest}, high) {
  if (open === null) {
    return null;
  }
  const closesAtEnd = open.shape !== 'SLICES';
  const list = [];
  let before = -Infinity;
  for (const {start, end, keys} of open.oldest) {
    if (!closesAtEnd || end > watermark) {
      // Of windows that overlap each shows what is not of the one before: its end is where it closes.
      list.push({from: Math.max(start, before), to: end, start, keys});
    }
    before = end;
  }
  if (open.more > 0 && list.length > 0) {
    list.push({from: before, to: Math.max(high, before), start: oldest, keys: null, more: open.more});
  }
  return list;
}

/** What is drawn of a partition; null if nothing of it has a time. */
function lane(partition, grace) {
  const {watermark, closing, oldest, open} = partition;
  if (watermark === null) {
    return null;
  }
  const high = (closing ?? watermark) + grace;
  const list = boxes(partition, high);
  return {
    watermark, high, boxes: list, shape: open?.shape ?? null, isExact: open?.isExact ?? true,
    from: Math.min(oldest ?? watermark, watermark, ...(list ?? []).map(box => box.from)),
    to: Math.max(high, ...(list ?? []).map(box => box.to)),
  };
}

/** A lane without boxes: of a merge, the source partitions are somewhere else. */
const bare = (from, to, grace) => from === null ? null
  : {watermark: from, high: to + grace, boxes: [], shape: null, isExact: true, from, to: to + grace};

/** Before the lanes of a merge: one per source partition, the slowest first, and one for those that share it. */
function sourceRows({sources, grace}) {
  if (sources === null) {
    return [];
  }
  const {slowest, more, idle, minWatermark, maxWatermark} = sources;
  const rows = slowest.map(source => ({source, lane: bare(source.watermark, source.watermark, grace), ghosts: []}));
  return more === 0 ? rows : [...rows, {
    sourceGroup: {size: more, idle, min: minWatermark, max: maxWatermark}, lane: bare(minWatermark, maxWatermark, grace), ghosts: []}];
}

export class Lanes {
  constructor() {
    this.ghosts = new Map();
    this.before = new Map();
    this.chosen = null;
    this.age = 0;
    this.rows = [];
  }

  /** Takes a second's news; rows are for partitions by number, and one for those that share it. */
  show(pipeline) {
    this.pipeline = pipeline;
    this.all = new Map(pipeline.partitions.map(partition => [partition.partition, lane(partition, pipeline.grace)]));
    this.fade();
    pipeline.partitions.forEach(partition => this.remember(partition));
    this.choose();
    this.rows = [...sourceRows(pipeline), ...this.makeRows()];
  }

  fade() {
    for (const [id, ghosts] of this.ghosts) {
      const left = ghosts.map(ghost => ({...ghost, age: ghost.age + 1})).filter(ghost => ghost.age < FADE);
      left.length === 0 ? this.ghosts.delete(id) : this.ghosts.set(id, left);
    }
  }

  /** Notes which windows have closed since the second before. */
  remember({partition, oldest, watermark}) {
    const now = this.all.get(partition);
    const before = this.before.get(partition);
    this.before.delete(partition);
    if (now === null) {
      return;
    }
    this.before.set(partition, {oldest, boxes: now.boxes});
    if (before === undefined) {
      return;
    }
    const closed = before.boxes !== null && now.boxes !== null
      ? before.boxes.filter(box => box.more === undefined && box.to <= watermark && !now.boxes.some(one => one.to === box.to))
      : before.oldest !== null && (oldest ?? watermark) > before.oldest ? [{from: before.oldest, to: oldest ?? watermark, keys: null}] : [];
    if (closed.length > 0) {
      this.ghosts.set(partition, [...this.ghosts.get(partition) ?? [], ...closed.map(({from, to, keys}) => ({from, to, keys, age: 0}))]);
    }
  }

  /** Which partitions have a lane: all, or of many those that are not well and the slowest. */
  choose() {
    const {partitions, rest} = this.pipeline;
    if (partitions.length <= MOST_LANES && rest === null) {
      this.chosen = null;
      return;
    }
    if (this.chosen === null || ++this.age >= KEEP || this.chosen.some(id => !this.all.has(id))) {
      this.age = 0;
      this.chosen = [...partitions]
        .sort((a, b) => (a.phase === 'ACTIVE') - (b.phase === 'ACTIVE') || (a.watermark ?? Infinity) - (b.watermark ?? Infinity)
          || a.partition - b.partition)
        .slice(0, SHOWN_OF_MANY).map(partition => partition.partition);
    }
  }

  makeRows() {
    const {partitions, rest, grace} = this.pipeline;
    const row = partition => ({partition, lane: this.all.get(partition.partition), ghosts: this.ghosts.get(partition.partition) ?? []});
    if (this.chosen === null) {
      return partitions.map(row);
    }
    const byId = new Map(partitions.map(partition => [partition.partition, partition]));
    const others = partitions.filter(partition => !this.chosen.includes(partition.partition));
    const times = others.map(other => other.watermark).concat(rest ? [rest.minWatermark, rest.maxWatermark] : [])
      .filter(watermark => watermark !== null);
    const starts = others.filter(other => other.oldest !== null).map(other => other.oldest);
    const group = {
      size: others.length + (rest?.partitions ?? 0),
      windows: others.reduce((sum, other) => sum + other.windows, rest?.windows ?? 0),
      entries: others.reduce((sum, other) => sum + other.entries, rest?.entries ?? 0),
      min: Math.min(...times), max: Math.max(...times),
    };
    const shared = times.length === 0 ? null : {watermark: group.min, high: group.max + grace, boxes: null, shape: null, isExact: true,
      from: Math.min(group.min, ...starts), to: group.max + grace};
    return [...this.chosen.map(id => row(byId.get(id))), {group, lane: shared, ghosts: []}];
  }
}
