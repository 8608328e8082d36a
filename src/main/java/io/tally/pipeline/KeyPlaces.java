package io.tally.pipeline;

import io.tally.aggregate.Event;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.engine.row.KeyHash;
import io.tally.setting.Setting;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, without a shuffle, whether a group key comes in two partitions. It would then have two rows for a window,
 * each of a part of its records. All partitions of a pipeline in this process share one instance. Thread-safe.
 *
 * <p>It remembers the partition of some {@value #SLOTS} keys, each until another key takes its slot. A key in two
 * partitions comes again and again, so it is found before long. What it finds depends on the order in which partitions
 * are read. So it never decides about a record: it warns, or stops all partitions before the transaction commits. A
 * single record in another partition only brings a warning, since people send such records by hand, for example to move
 * the watermark. A key with two or more records in each of two partitions is proof.
 */
public final class KeyPlaces {
    private static final Logger log = LoggerFactory.getLogger(KeyPlaces.class);
    private static final int SLOTS = 1 << 15;
    private static final int MOST_SPREAD_KEYS = 1_000;
    /** How many first records of each new partition are all looked at. After these it is one in {@link #SAMPLE}. */
    public static final int FIRST_RECORDS = 100_000;

    public static final int SAMPLE = 16;

    // A slot: 42 bits of the key's hash, whether it came twice, whether it is known to be spread, 20 bits of
    // partition+1.
    private static final int PARTITION_BITS = 20;
    private static final long PARTITION = (1L << PARTITION_BITS) - 1;
    private static final long AGAIN = 1L << PARTITION_BITS;
    private static final long SPREAD = AGAIN << 1;
    private static final int TAG_SHIFT = PARTITION_BITS + 2;

    /** How often a key came in a partition, and the last of these offsets. */
    private record Seen(int times, long offset) {}

    /** What happens when a key comes in two partitions. */
    public enum Action {
        /** The partitions stop with an explanation. */
        REFUSE,
        /** It is logged. */
        WARN,
        /** Nobody looks. */
        IGNORE
    }

    /** Nobody looks. */
    public static final KeyPlaces UNWATCHED = new KeyPlaces(Action.IGNORE, false);

    private final Action action;
    private final KeyKinds kinds;
    private final AtomicLongArray slots;
    private final Map<ByteBuffer, Map<Integer, Seen>> spread = new HashMap<>();
    private volatile @Nullable String proof;
    /** The finding that keys are spread, in words; null while none is known to be. */
    private volatile @Nullable String spreadText;
    /** The finding that producers seem to have different partitioners; null if they do not. */
    private volatile @Nullable String mixedText;

    /** @param byRecordKey whether the record key is the group key, so that producers place records by it */
    public KeyPlaces(Action action, boolean byRecordKey) {
        this.action = action;
        kinds = new KeyKinds(byRecordKey);
        slots = new AtomicLongArray(action == Action.IGNORE ? 1 : SLOTS);
    }

    /** Whether it wants to see the records of a source. */
    public boolean watches(SourcePartition source) {
        return action != Action.IGNORE && source.partitions() > 1 && source.partitions() < PARTITION;
    }

    /**
     * Stops a partition that must not go on.
     *
     * @throws RefusedException if keys are proven to be in several partitions and that is not allowed
     */
    public void requireNoProof(SourcePartition source) {
        String found = proof;
        if (found != null && action == Action.REFUSE) {
            throw new RefusedException(
                    "The source " + source.topic() + " has records of one group key in several partitions: " + found
                            + ". Each partition would have a row of its own for the key and window, with a part of the count.",
                    "set " + source.property(Setting.SHUFFLE) + "=always, which brings them together, and "
                            + source.property(Setting.STATE_TOPIC)
                            + " to a new name; or let all producers use one partitioner, and set "
                            + source.property(Setting.KEY_PARTITIONER)
                            + " to it, so that the records of others are dead letters. If two rows are what you want, set "
                            + source.property(Setting.KEY_SPREAD)
                            + "=warn. Rows that left before may already lack a part of the count.");
        }
    }

    /** What was found and only warned of, a sentence each. From any thread. */
    public List<String> findings() {
        return Stream.of(spreadText, mixedText)
                .flatMap(text -> Stream.ofNullable(text))
                .toList();
    }

    /** Looks at a record that is about to be counted. */
    public void see(SourceRecord record, Event event, SourcePartition source) {
        long hash = KeyHash.wide(event.keyBuffer(), event.keyStart(), event.keyLength());
        int slot = (int) (hash >>> 49);
        long tag = hash << TAG_SHIFT;
        long before = slots.getOpaque(slot);
        long here = source.partition() + 1L;
        if (before == 0 || before >>> TAG_SHIFT != tag >>> TAG_SHIFT) {
            slots.setOpaque(slot, tag | here);
            String learned = kinds.add(record, source);
            if (learned != null) {
                mixedText = learned;
                log.warn("Pipeline {}: {}", source.pipeline(), learned);
            }
        } else if ((before & SPREAD) == 0 && (before & PARTITION) == here) {
            if ((before & AGAIN) == 0) {
                slots.setOpaque(slot, before | AGAIN);
            }
        } else {
            slots.setOpaque(slot, before | SPREAD);
            elsewhere(record, event, source, (int) (before & PARTITION) - 1, (before & AGAIN) == 0 ? 1 : 2);
        }
    }

    private synchronized void elsewhere(
            SourceRecord record, Event event, SourcePartition source, int otherPartition, int timesThere) {
        byte[] key = new byte[event.keyLength()];
        System.arraycopy(event.keyBuffer(), event.keyStart(), key, 0, key.length);
        Map<Integer, Seen> places = spread.get(ByteBuffer.wrap(key));
        boolean isNew = places == null;
        if (places == null) {
            if (spread.size() == MOST_SPREAD_KEYS) {
                return;
            }
            places = new TreeMap<>();
            places.put(otherPartition, new Seen(timesThere, -1));
            spread.put(ByteBuffer.wrap(key), places);
        }
        // A record that is read again after a failed transaction is not another record.
        Seen here = places.getOrDefault(source.partition(), new Seen(0, -1));
        if (record.offset() > here.offset()) {
            places.put(source.partition(), new Seen(here.times() + 1, record.offset()));
        }
        if (isNew) {
            String text = text(places, record, source) + " of the source " + source.topic()
                    + ", so that it has a row in each for a window. Count through a shuffle ("
                    + source.property(Setting.SHUFFLE)
                    + "=always)";
            spreadText = spread.size() == 1 ? text : text + ". So many keys are known: " + spread.size();
            if (Integer.bitCount(spread.size()) == 1) {
                log.warn("Pipeline {}: {}", source.pipeline(), text);
            }
        }
        if (proof == null
                && places.values().stream().filter(seen -> seen.times() > 1).count() > 1) {
            proof = text(places, record, source);
        }
    }

    /** Says where a record of the key is, not the key: logs and health are no place for what records hold. */
    private String text(Map<Integer, Seen> places, SourceRecord record, SourcePartition source) {
        StringBuilder text = new StringBuilder("the key of ")
                .append(source.topic())
                .append('-')
                .append(source.partition())
                .append('@')
                .append(record.offset())
                .append(" came in partitions ")
                .append(places.keySet());
        ByteRange recordKey = record.key();
        return recordKey == null
                ? text.toString()
                : text.append(kinds.explain(recordKey, places.keySet(), record.partitions()))
                        .toString();
    }
}
