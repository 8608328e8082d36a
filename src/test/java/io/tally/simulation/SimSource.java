package io.tally.simulation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes source logs that hurt: event times in order, out of order, far ahead and exactly on the borders; few hot keys
 * or more than a page of them; values whose errors cannot cancel; unreadable records; holes in the offsets where
 * control markers and aborted records were.
 */
final class SimSource {
    private enum Pattern {
        IN_ORDER,
        BOUNDED_DISORDER,
        HEAVY_TAIL,
        REVERSED_BLOCKS,
        JUMPS,
        GAPS,
        BORDERS
    }

    private static final BigDecimal[] EXTREMES = {
        new BigDecimal(Long.MAX_VALUE),
        new BigDecimal(Long.MIN_VALUE),
        new BigDecimal(BigInteger.valueOf(Long.MAX_VALUE), 18),
        new BigDecimal(BigInteger.valueOf(Long.MIN_VALUE), 9),
        new BigDecimal("9223372036854775808"),
        new BigDecimal("1E+20"),
        new BigDecimal("-123456789012345678901234567890.123456789012345678901234567890"),
        new BigDecimal("0.0000000000000000000000001")
    };

    /** With more keys than that, all records fall into few windows. */
    private static final int MANY = 1000;

    private final Random random;
    private final SimRules rules;
    private final int keys;
    private final int longestKey;
    private final int poisonPercent;
    private final int gapPercent;
    private final int missingPercent;
    private final Pattern pattern;
    private final boolean mixed;
    private final long step;
    /** Records so far by window and key. */
    private final Map<String, Integer> appearances = new HashMap<>();

    private long events;
    private long current;
    private long blockTop;

    SimSource(Random random, SimRules rules, int keys) {
        this.random = random;
        this.rules = rules;
        this.keys = keys;
        longestKey = keys <= 5 && random.nextInt(200) == 0 ? 65_535 : 1 + random.nextInt(20);
        poisonPercent = random.nextInt(3) == 0 ? random.nextInt(60) : random.nextInt(4);
        gapPercent = random.nextInt(3) == 0 ? 50 : random.nextInt(10);
        missingPercent = random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(4);
        pattern = Pattern.values()[random.nextInt(Pattern.values().length)];
        mixed = random.nextInt(3) == 0;
        step = 1 + random.nextLong(1 + rules.window().size() / (keys > MANY ? 10_000 : 1 + random.nextInt(30)));
        long[] origins = origins(rules.window());
        current = origins[random.nextInt(origins.length)];
    }

    /** The epoch and far from it; where calendars are odd: clocks forward, clocks back, a leap day. */
    private static long[] origins(SimWindow window) {
        long size = window.size();
        if (window.hasCalendar()) {
            return new long[] {
                -size,
                Instant.parse("2026-03-28T22:00:00Z").toEpochMilli(),
                Instant.parse("2026-10-24T21:00:00Z").toEpochMilli(),
                Instant.parse("2024-02-28T22:00:00Z").toEpochMilli()
            };
        }
        return new long[] {0, -3 * size, -size * 1_000_000, 1_767_225_600_000L, size - 1};
    }

    @Override
    public String toString() {
        return (mixed ? "mixed times" : pattern) + ", steps of " + step + " ms, " + keys + " keys of up to "
                + longestKey + " bytes, " + poisonPercent + " % poison, " + gapPercent + " % gaps, "
                + missingPercent + " % missing";
    }

    /** {@code count} records from about {@code firstOffset} on. */
    List<SimRecord> generate(long firstOffset, int count) {
        List<SimRecord> records = new ArrayList<>(count);
        long offset = firstOffset;
        for (int i = 0; i < count; i++) {
            boolean isFirst = records.isEmpty() || records.get(i - 1).offset() < offset;
            if (isFirst && random.nextInt(100) < gapPercent) {
                offset += 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 3);
            }
            records.add(random.nextInt(100) < poisonPercent ? poison(offset) : sound(offset));
            if (!rules.split() || random.nextInt(3) == 0) {
                offset++;
            }
        }
        return records;
    }

    private SimRecord sound(long offset) {
        long time = time();
        byte[] key = key();
        String row = Math.floorDiv(time, rules.window().size()) + " " + new String(key, StandardCharsets.ISO_8859_1);
        int nth = appearances.merge(row, 1, Integer::sum) - 1;
        BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(2 * (nth % 45)));
        String label = random.nextInt(50) == 0 ? "" : "r" + offset + (rules.split() ? "." + events++ : "");
        return SimRecord.of(
                offset,
                key,
                time,
                random.nextInt(10),
                power,
                random.nextInt(100) < missingPercent ? null : amount(),
                random.nextInt(100) < missingPercent ? null : label);
    }

    private SimRecord poison(long offset) {
        byte[] key = key();
        byte[] value = (Long.MAX_VALUE + "|not|a|record").getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(3)) {
            case 0 -> SimRecord.poison(offset, null, "0|9|1|1|x".getBytes(StandardCharsets.UTF_8));
            case 1 -> SimRecord.poison(offset, key, null);
            default -> SimRecord.poison(offset, key, value);
        };
    }

    /** Few of many keys are frequent, unless there are very many. Equal numbers give equal keys. */
    private byte[] key() {
        int number = random.nextInt(keys > MANY ? keys : 1 + random.nextInt(keys));
        Random bytes = new Random(number);
        int length = 4 + (longestKey > 4 ? bytes.nextInt(longestKey - 3) : 0);
        byte[] key = new byte[longestKey == 65_535 && number < 3 ? 65_535 - number : length];
        bytes.nextBytes(key);
        for (int i = 0; i < 4; i++) {
            key[i] = (byte) (number >>> 8 * i);
        }
        return number < 256 && longestKey < 4 ? new byte[] {(byte) number} : key;
    }

    private long time() {
        Pattern now = mixed ? Pattern.values()[random.nextInt(Pattern.values().length)] : pattern;
        long size = rules.window().size();
        switch (now) {
            case IN_ORDER -> {
                current += random.nextLong(step);
                return current;
            }
            case BOUNDED_DISORDER -> {
                current += random.nextLong(step);
                return current - random.nextLong(2 * size + rules.grace());
            }
            case HEAVY_TAIL -> {
                current += random.nextLong(step);
                return current - (long) (step / (1e-3 + random.nextDouble()));
            }
            case REVERSED_BLOCKS -> {
                if (blockTop <= current - 3 * size || random.nextInt(40) == 0) {
                    blockTop = current += random.nextLong(4 * size + 1);
                }
                blockTop -= random.nextLong(step);
                return blockTop;
            }
            case JUMPS -> {
                current += random.nextInt(30) == 0 ? size * (1 + random.nextInt(1000)) : random.nextLong(step);
                return current;
            }
            case GAPS -> {
                current += random.nextLong(size + 1);
                return current - random.nextInt(3) * (size / 2 + random.nextLong(size));
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    current += size;
                }
                List<SimWindow.Span> windows = rules.window().windowsOf(current);
                SimWindow.Span window = windows.get(random.nextInt(windows.size()));
                long end = window.end() == Long.MAX_VALUE || random.nextBoolean() ? window.start() : window.end();
                long due = end + rules.grace();
                long kept = due + rules.window().lateness();
                long[] borders = {end - 1, end, due - 1, due, due + 1, kept - 1, kept, kept + 1};
                return borders[random.nextInt(borders.length)];
            }
        }
    }

    private BigDecimal amount() {
        return switch (random.nextInt(8)) {
            case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
            case 1 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(19));
            case 2, 3 -> BigDecimal.valueOf(random.nextInt(2_000_001) - 1_000_000, random.nextInt(19));
            // Equal numbers that are written differently.
            case 4, 5 -> BigDecimal.valueOf(random.nextInt(3) - 1).setScale(random.nextInt(3));
            default -> BigDecimal.valueOf(random.nextInt(2001) - 1000, random.nextInt(3));
        };
    }
}
