package io.tally.campaign.check;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record of the state topic, as the grammar of {@code StateFormat} has it. The grammar is written down here once
 * more, so that a mistake in the product's reader is not made twice.
 *
 * @param stateKey the record's key, as characters of ISO 8859-1
 * @param id of an entry; null if it is something else
 * @param appliedUpTo offset before which all records are in it; of an emission, where it left
 * @param revision rows that have left of it; of an emission, the offset before which all changes had left
 * @param content of an entry; null if the record is a tombstone
 */
record StateRecord(
        Kind kind,
        String stateKey,
        @Nullable Id id,
        long appliedUpTo,
        long revision,
        @Nullable Content content) {
    private static final int VERSION = 1;
    /** In front of an entry's own key: version, kind, and when it starts. */
    static final int ENTRY_PREFIX = 2 + Long.BYTES;

    /** What a key stands for. */
    enum Kind {
        BIRTH('B'),
        ENTRY('E'),
        EMISSION('U');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    /**
     * Which entry.
     *
     * @param start of its slice or session; 0 for totals
     */
    record Id(long start, String key) {}

    /**
     * What an entry says.
     *
     * @param last event time of a session; otherwise 0
     */
    record Content(long last, Cell.Totals totals) {}

    boolean isTombstone() {
        return kind == Kind.ENTRY && content == null;
    }

    /**
     * Takes a message of the state topic apart.
     *
     * @throws IllegalArgumentException if it is none of this grammar
     */
    static StateRecord of(Message message, Rules rules) {
        try {
            return read(message, rules);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too soon", e);
        }
    }

    private static StateRecord read(Message message, Rules rules) {
        String key = Objects.requireNonNullElse(message.key(), "");
        ByteBuffer in = bytes(key);
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("it is of another version");
        }
        int letter = in.get();
        if (letter == Kind.ENTRY.letter) {
            Id id = new Id(in.getLong(), Objects.requireNonNull(Message.utf8(key.substring(ENTRY_PREFIX))));
            return message.value() == null
                    ? new StateRecord(Kind.ENTRY, key, id, 0, 0, null)
                    : entry(key, id, opened(message), rules);
        }
        if (letter == Kind.BIRTH.letter) {
            opened(message);
            return new StateRecord(Kind.BIRTH, key, null, 0, 0, null);
        }
        if (letter == Kind.EMISSION.letter) {
            ByteBuffer value = opened(message);
            long at = unsigned(value);
            return new StateRecord(Kind.EMISSION, key, null, at, at - unsigned(value), null);
        }
        throw new IllegalArgumentException("it is of kind " + (char) letter);
    }

    private static StateRecord entry(String key, Id id, ByteBuffer in, Rules rules) {
        long appliedUpTo = unsigned(in);
        unsigned(in);
        long last = rules.kind() == Rules.Kind.SESSION ? id.start + signed(in) : 0;
        long revision = rules.revised() ? unsigned(in) : 0;
        // In the order of their names, as the command line has no other.
        long high = extreme(in);
        long low = extreme(in);
        Cell.Totals totals = new Cell.Totals(unsigned(in), decimal(in), low, high);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("it goes on behind its values");
        }
        return new StateRecord(Kind.ENTRY, key, id, appliedUpTo, revision, new Content(last, totals));
    }

    /** The value behind its checksum. */
    private static ByteBuffer opened(Message message) {
        ByteBuffer in = bytes(Objects.requireNonNullElse(message.value(), ""));
        CRC32C crc = new CRC32C();
        crc.update(bytes(Objects.requireNonNullElse(message.key(), "")));
        long checksum = in.getLong();
        crc.update(in.slice());
        if (checksum != crc.getValue()) {
            throw new IllegalArgumentException("its checksum is wrong");
        }
        return in;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static long unsigned(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = in.get();
            value |= (long) (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        return value;
    }

    private static long signed(ByteBuffer in) {
        long value = unsigned(in);
        return value >>> 1 ^ -(value & 1);
    }

    /** The numbers of the load have no digits behind the point, and their sums fit. */
    private static long decimal(ByteBuffer in) {
        if (in.get() != 0) {
            throw new IllegalArgumentException("a number of it is no integer");
        }
        return signed(in);
    }

    private static long extreme(ByteBuffer in) {
        if (in.get() != 1) {
            throw new IllegalArgumentException("it has records, and no smallest or greatest value");
        }
        return decimal(in);
    }

    /** The same entry with another sum. */
    StateRecord withSum(long more) {
        Cell.Totals totals = entry().totals();
        Cell.Totals others = new Cell.Totals(totals.count(), totals.sum() + more, totals.low(), totals.high());
        return new StateRecord(kind, stateKey, id, appliedUpTo, revision, new Content(entry().last, others));
    }

    /** The same entry, applied further. */
    StateRecord appliedBy(long more) {
        return new StateRecord(kind, stateKey, id, appliedUpTo + more, revision, content);
    }

    private Content entry() {
        return Objects.requireNonNull(content);
    }

    /** This entry in the place of a message. */
    Message message(Message place, Rules rules) {
        Message message =
                SampleState.entry(place.partition(), Objects.requireNonNull(id), appliedUpTo, revision, entry(), rules);
        return place.with(message.key(), message.value());
    }

    /** Its part of the digest that is committed: the sum of these of all that is live. */
    long digest() {
        CRC32C crc = new CRC32C();
        crc.update(bytes(stateKey));
        long z = (crc.getValue() << 32) + appliedUpTo * 0x9E3779B97F4A7C15L + revision * 0xD1B54A32D192ED03L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
