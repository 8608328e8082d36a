package io.tally.page;

import io.tally.pipeline.status.RowSample;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys with the largest numbers among the rows of the minute up to the newest row. Each transaction reports its
 * largest, so this is exact unless one key pushes the others of a transaction out again and again. Not thread-safe.
 */
final class TopKeys {
    static final int SHOWN = 10;
    static final long MILLIS = 60_000;
    /** More are not kept: the smallest go. */
    static final int MOST = 200;

    /** Bytes of a key that are kept as they are, to tell it from others; of longer ones a hash is. */
    private static final int LONGEST = 256;

    /**
     * A key.
     *
     * @param key as text, which is that of the beginning alone if the key is long
     * @param number the largest of its rows
     * @param time when that row was committed, milliseconds since the epoch
     */
    record Top(String key, double number, long time) {}

    private static final Comparator<Top> LARGEST_FIRST =
            Comparator.comparingDouble(Top::number).reversed().thenComparing(Top::key);

    private final Map<ByteBuffer, Top> byKey = new HashMap<>();

    void add(long now, List<RowSample.Row> rows) {
        byKey.values().removeIf(top -> top.time() < now - MILLIS);
        for (RowSample.Row row : rows) {
            byKey.merge(
                    identity(row.key()),
                    new Top(row.keyText(), row.number(), now),
                    (before, after) -> before.number() > after.number() ? before : after);
        }
        if (byKey.size() > MOST) {
            byKey.values()
                    .retainAll(byKey.values().stream()
                            .sorted(LARGEST_FIRST)
                            .limit(MOST / 2)
                            .collect(
                                    Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>()))));
        }
    }

    /** Keys that begin alike are not the same. */
    private static ByteBuffer identity(byte[] key) {
        if (key.length <= LONGEST) {
            return ByteBuffer.wrap(key);
        }
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    List<Top> largest() {
        return byKey.values().stream().sorted(LARGEST_FIRST).limit(SHOWN).toList();
    }
}
