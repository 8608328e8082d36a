package io.tally.pipeline;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.key.Partitioner;
import io.tally.setting.Setting;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Learns from the first keys which partitioner has placed a source's keys. If an unknown partitioner wrote them, at
 * least an eighth of the keys are where no known one puts them. If two known ones wrote them, nearly all keys are where
 * one or the other puts them, but neither explains them alone.
 */
final class KeyKinds {
    /** Enough keys to tell. The chance that nearly none of so many is left unexplained is one in 10^40. */
    static final int KEYS = 1_000;
    /** Keys in a thousand that may be strays. */
    private static final int STRAYS = 20;

    private final boolean byRecordKey;
    private int keys;
    private int unexplained;
    private final Map<Partitioner, Integer> explained = new EnumMap<>(Partitioner.class);

    KeyKinds(boolean byRecordKey) {
        this.byRecordKey = byRecordKey;
    }

    /** Takes in a record of a key that was not seen lately. Returns a warning to log, or null. */
    @Nullable
    String add(SourceRecord record, SourcePartition source) {
        ByteRange key = record.key();
        // A race only shows an old number here. The rest is done under the lock.
        if (!byRecordKey || key == null || keys >= KEYS) {
            return null;
        }
        return add(key, source);
    }

    private synchronized @Nullable String add(ByteRange key, SourcePartition source) {
        if (keys >= KEYS) {
            return null;
        }
        keys++;
        boolean any = false;
        for (Partitioner partitioner : Partitioner.values()) {
            if (place(partitioner, key, source.partitions()) == source.partition()) {
                explained.merge(partitioner, 1, Integer::sum);
                any = true;
            }
        }
        unexplained += any ? 0 : 1;
        return keys < KEYS ? null : verdict(source);
    }

    private @Nullable String verdict(SourcePartition source) {
        int most = 0;
        for (int count : explained.values()) {
            most = Math.max(most, count);
        }
        if (most >= KEYS - STRAYS || unexplained > STRAYS) {
            return null;
        }
        StringBuilder text = new StringBuilder("the keys of " + source.topic() + " lie as if producers with different"
                + " partitioners wrote them, so that a key that two of them write is in two partitions. Of " + KEYS
                + " keys");
        for (Partitioner partitioner : Partitioner.values()) {
            text.append(", ")
                    .append(explained.getOrDefault(partitioner, 0))
                    .append(" are where ")
                    .append(partitioner.description())
                    .append(", puts them");
        }
        return text + ". Count through a shuffle (" + source.property(Setting.SHUFFLE) + "=always), or set "
                + source.property(Setting.KEY_PARTITIONER);
    }

    /** Says which partitioners would have put the key into which of these partitions; empty if none would. */
    String explain(ByteRange key, Collection<Integer> places, int partitions) {
        if (!byRecordKey) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (Partitioner partitioner : Partitioner.values()) {
            int place = place(partitioner, key, partitions);
            if (places.contains(place)) {
                text.append(text.isEmpty() ? " (" : "; ")
                        .append(place)
                        .append(" is where ")
                        .append(partitioner.description())
                        .append(", puts it");
            }
        }
        return text.isEmpty() ? "" : text.append(')').toString();
    }

    private static int place(Partitioner partitioner, ByteRange key, int partitions) {
        return partitioner.partition(key.bytes(), key.start(), key.length(), partitions);
    }
}
