// For which partition windows wait, since when, and where it stands.

import {duration, time, whole} from './format.js';

/** A watermark that has stood still for less than this is not worth a word, in milliseconds. */
const STANDS = 3000;

/** The source partition that holds a merge's windows open; undefined if none does. */
export function awaited(merge) {
  const held = (merge?.partitions ?? []).filter(partition => partition.windows > 0 && partition.waitsFor !== null)
    .map(partition => partition.waitsFor);
  return held.find(one => one.watermark === null)
    ?? held.reduce((a, b) => a === undefined || b.watermark < a.watermark ? b : a, undefined);
}

/**
 * The partition that is marked: the one that is furthest back; before a shuffle the one that the merge waits for, which
 * knows which are idle; null if none is.
 */
export function holder(pipeline, shape, merge) {
  const {partitions, isMerge} = pipeline;
  if (isMerge) {
    return null;
  }
  if (merge !== undefined || shape === 'NONE') {
    const source = awaited(merge);
    return partitions.find(partition => partition.partition === source?.partition) ?? null;
  }
  const active = partitions.filter(partition => partition.watermark !== null);
  const waiting = active.filter(partition => partition.windows > 0);
  const among = waiting.length > 0 ? waiting : active;
  return among.length < 2 ? null : among.reduce((a, b) => b.watermark < a.watermark ? b : a);
}

/** The same in words; empty if nothing waits. */
export function holding(pipeline, shape, holder, merge, now) {
  if (pipeline.isMerge) {
    return awaitedInWords(awaited(pipeline), now);
  }
  const isCombine = merge !== undefined || shape === 'NONE';
  const one = holder ?? (pipeline.partitions.length === 1 && !isCombine ? pipeline.partitions[0] : null);
  if (one === null || one.watermark === null || (one.windows === 0 && !isCombine)) {
    return '';
  }
  const standing = one.since === null || now - one.since < STANDS ? ''
    : ` It has stood there since ${time(one.since, now)} (${duration(now - one.since)}).`;
  const windows = isCombine ? '' : ` and its oldest open window from ${time(one.oldest, now)}`;
  const which = isCombine ? 'Windows of the merge wait for partition' : holder ? 'Furthest back: partition' : 'Partition';
  return `${which} ${one.partition}, with its watermark at ${time(one.watermark, now)}${windows}, at offset ${whole(one.offset)}.${standing}`;
}

function awaitedInWords(source, now) {
  if (source === undefined) {
    return '';
  }
  return source.watermark === null
    ? `Windows wait for source partition ${source.partition}: no record of it has been counted yet, and it is not idle.`
    : `Windows wait for source partition ${source.partition}: it has come to ${time(source.watermark, now)}, `
      + `last heard of at ${time(source.since, now)}, at offset ${whole(source.offset)}.`;
}
