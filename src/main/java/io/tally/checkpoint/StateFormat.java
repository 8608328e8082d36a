package io.tally.checkpoint;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.row.StateEntry;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The state topic's records. State partition n belongs to source partition n alone.
 *
 * <pre>
 * record  = birth | entry | sources | emission | tombstone of an entry
 * birth   key:   %x01 'B'
 *         value: crc pipeline group topic topic-id (texts) partitions birth-offset (unsigned)
 * entry   key:   %x01 'E' slice-start (8 bytes) group-key (rest)
 *         value: crc applied-up-to ordinal (unsigned) session revision accumulators (as the aggregates write them) shown
 * session = nothing, or for sessions: last event time less slice-start (signed)
 * revision = nothing, or where rows may leave more than once: number of rows that left (unsigned),
 *         and for sessions: 1 + offset of the oldest change that none of them shows, 0 for none (unsigned)
 * shown = nothing, or for sessions whose rows may leave more than once: which rows the next one replaces.
 *         0 none, 1 one of the session's own window, else 1 + their number (unsigned), and of each in the order of time
 *         its start less the end of the one before, or slice-start, and its end less its start (unsigned).
 *         Former versions wrote nothing here and refuse what has more
 * sources key:   %x01 'W'
 *         value: crc applied-up-to (unsigned) watermarks of the source partitions (rest)
 * emission key:  %x01 'U' place (unsigned)
 *         value: crc at (unsigned) and how far changed-before lies before it (unsigned)
 * crc     = CRC-32C over the key and the value behind it, in 8 bytes
 * text    = length (unsigned) UTF-8;  unsigned = 7 bits a byte, least significant first
 * </pre>
 *
 * <p>What slice-start means depends on the entry: the start of a slice; the start of the last slice of a window, where
 * entries are of windows; the start of a session; 0 for running totals. Behind a shuffle, a key may have several totals
 * with a ttl, and slice-start is the watermark at the first event of each. Versions whose partials did not tell that
 * watermark wrote 0.
 *
 * <p>An emission says when rows left while their windows were open and their entries were not written. Once nobody
 * needs it, another takes its place, so places are numbered without gaps.
 *
 * <p>The first byte is the format's version. An unknown version or kind is refused, since a newer version of Tally
 * wrote it. A wrong checksum is refused as damage. Not thread-safe: buffers are reused.
 */
public final class StateFormat {
    private static final int VERSION = 1;
    private static final int BIRTH = 'B';
    private static final int ENTRY = 'E';
    private static final int SOURCES = 'W';
    private static final int EMISSION = 'U';
    private static final int ENTRY_KEY_PREFIX = 2 + Long.BYTES;
    private static final int CHECKSUM = Long.BYTES;

    private final StateOutput out = new StateOutput();
    private final CRC32C crc = new CRC32C();

    /** What a state key stands for. */
    public enum Kind {
        BIRTH,
        ENTRY,
        SOURCES,
        EMISSION
    }

    /**
     * An entry as read; {@code rest} is positioned behind the two numbers, at the session, revision or accumulators.
     */
    public record Entry(long sliceStart, long appliedUpTo, int ordinal, StateInput rest) {}

    /** What a merge knows of its source partitions; {@code rest} is positioned behind the number. */
    public record Sources(long appliedUpTo, StateInput rest) {}

    /** When updates left, see {@link #emissionValue}. */
    public record UpdateNote(int place, long at, long changedBefore) {}

    public byte[] entryKey(StateEntry entry) {
        out.reset();
        out.writeByte(VERSION);
        out.writeByte(ENTRY);
        out.writeLong(entry.sliceStart());
        entry.writeKey(out);
        return out.toByteArray();
    }

    public byte[] entryValue(byte[] key, StateEntry entry, long appliedUpTo) {
        out.reset();
        out.writeUnsigned(appliedUpTo);
        out.writeUnsigned(entry.ordinal());
        entry.writeAccumulators(out);
        return sealed(key, out.toByteArray());
    }

    public byte[] sourcesKey() {
        return new byte[] {VERSION, SOURCES};
    }

    /**
     * The value of {@link #sourcesKey}.
     *
     * @param watermarks writes what is known of the source partitions
     */
    public byte[] sourcesValue(long appliedUpTo, Consumer<StateOutput> watermarks) {
        out.reset();
        out.writeUnsigned(appliedUpTo);
        watermarks.accept(out);
        return sealed(sourcesKey(), out.toByteArray());
    }

    /**
     * The key of a note on when updates left.
     *
     * @param place from 0
     */
    public byte[] emissionKey(int place) {
        out.reset();
        out.writeByte(VERSION);
        out.writeByte(EMISSION);
        out.writeUnsigned(place);
        return out.toByteArray();
    }

    /**
     * The value of {@link #emissionKey}.
     *
     * @param at offset up to which the source was folded
     * @param changedBefore offset, not beyond it, before which all changes had left
     */
    public byte[] emissionValue(byte[] key, long at, long changedBefore) {
        out.reset();
        out.writeUnsigned(at);
        out.writeUnsigned(at - changedBefore);
        return sealed(key, out.toByteArray());
    }

    public byte[] birthKey() {
        return new byte[] {VERSION, BIRTH};
    }

    public byte[] birthValue(BirthMarker marker) {
        out.reset();
        out.writeText(marker.pipeline());
        out.writeText(marker.groupId());
        out.writeText(marker.sourceTopic());
        out.writeText(marker.sourceTopicId());
        out.writeUnsigned(marker.partitions());
        out.writeUnsigned(marker.birthOffset());
        return sealed(birthKey(), out.toByteArray());
    }

    /**
     * Says what a key stands for.
     *
     * @throws IllegalStateException if it is none of this format
     */
    public Kind kind(byte[] key) {
        if (key.length == 0) {
            throw new IllegalStateException("a record with an empty key");
        }
        if (key[0] != VERSION) {
            throw new IllegalStateException(
                    "a record of format version " + (key[0] & 0xFF) + ", and this version knows only " + VERSION);
        }
        if (key.length == 1) {
            throw new IllegalStateException("a record whose key ends after 1 byte");
        }
        return switch (key[1]) {
            case BIRTH -> kind(Kind.BIRTH, key, key.length == 2);
            case ENTRY -> kind(Kind.ENTRY, key, key.length > ENTRY_KEY_PREFIX);
            case SOURCES -> kind(Kind.SOURCES, key, key.length == 2);
            case EMISSION -> kind(Kind.EMISSION, key, key.length > 2);
            default -> throw new IllegalStateException("a record of unknown kind " + (key[1] & 0xFF));
        };
    }

    private static Kind kind(Kind kind, byte[] key, boolean wholeKey) {
        if (!wholeKey) {
            throw new IllegalStateException("a record of kind " + kind + " with a key of " + key.length + " bytes");
        }
        return kind;
    }

    /** Where the group key begins in an entry's key; it reaches to the end. */
    public static int groupKeyStart() {
        return ENTRY_KEY_PREFIX;
    }

    public static long sliceStart(byte[] entryKey) {
        return new StateInput(entryKey, 2, ENTRY_KEY_PREFIX).readLong();
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalStateException if the record is damaged
     */
    public Entry readEntry(byte[] key, byte[] value) {
        StateInput in = opened(key, value);
        long appliedUpTo = in.readUnsigned();
        int ordinal = in.readSize();
        return new Entry(sliceStart(key), appliedUpTo, ordinal, in);
    }

    /**
     * Reads what a merge knows of its source partitions.
     *
     * @throws IllegalStateException if the record is damaged
     */
    public Sources readSources(byte[] value) {
        StateInput in = opened(sourcesKey(), value);
        return new Sources(in.readUnsigned(), in);
    }

    /**
     * Reads when updates left.
     *
     * @throws IllegalStateException if the record is damaged
     */
    public UpdateNote readEmission(byte[] key, byte[] value) {
        StateInput name = new StateInput(key, 2, key.length);
        int place = name.readSize();
        name.expectEnd();
        StateInput in = opened(key, value);
        long at = in.readUnsigned();
        long changedBefore = at - in.readUnsigned();
        in.expectEnd();
        return new UpdateNote(place, at, changedBefore);
    }

    /**
     * Reads the birth marker.
     *
     * @throws IllegalStateException if the record is damaged
     */
    public BirthMarker readBirth(byte[] key, byte[] value) {
        StateInput in = opened(key, value);
        BirthMarker marker = new BirthMarker(
                in.readText(), in.readText(), in.readText(), in.readText(), in.readSize(), in.readUnsigned());
        in.expectEnd();
        return marker;
    }

    /** Checksum of a state key, for {@link StateDigest}. */
    public int keyChecksum(byte[] key) {
        crc.reset();
        crc.update(key);
        return (int) crc.getValue();
    }

    private byte[] sealed(byte[] key, byte[] payload) {
        long checksum = checksum(key, payload, 0);
        out.reset();
        out.writeLong(checksum);
        out.writeRaw(payload, 0, payload.length);
        return out.toByteArray();
    }

    private StateInput opened(byte[] key, byte[] value) {
        StateInput in = new StateInput(value);
        if (in.readLong() != checksum(key, value, CHECKSUM)) {
            throw new IllegalStateException("a record whose checksum is wrong");
        }
        return in;
    }

    private long checksum(byte[] key, byte[] bytes, int start) {
        crc.reset();
        crc.update(key);
        crc.update(bytes, start, bytes.length - start);
        return crc.getValue();
    }
}
