package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.Excerpt;
import java.util.List;

/**
 * The fields of the current record that the pipeline needs, each a range of one buffer, by slot. Filled by a
 * {@link FieldReader} for every record and reused.
 */
public final class Fields {
    private static final int MISSING = -1;
    /** The field is a JSON object or array: it exists, but it is no text. */
    private static final int STRUCTURE = -2;

    private static final byte[] EMPTY = new byte[0];

    private final List<String> names;
    private final int[] starts;
    private final int[] lengths;
    private byte[] buffer = EMPTY;

    public Fields(List<String> names) {
        this.names = List.copyOf(names);
        starts = new int[names.size()];
        lengths = new int[names.size()];
    }

    /** Forgets the last record; the fields to come lie in {@code buffer}. */
    public void reset(byte[] buffer) {
        this.buffer = buffer;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = MISSING;
        }
    }

    /** The same slots, without a record. A young object: storing references in it costs the collector less. */
    public Fields anew() {
        return new Fields(names);
    }

    public void set(int slot, int start, int length) {
        starts[slot] = start;
        lengths[slot] = length;
    }

    public void structure(int slot) {
        lengths[slot] = STRUCTURE;
    }

    public boolean exists(int slot) {
        return lengths[slot] != MISSING;
    }

    /** Whether the field is there, and neither an object nor an array. */
    public boolean hasText(int slot) {
        return lengths[slot] >= 0;
    }

    public byte[] buffer() {
        return buffer;
    }

    public int start(int slot) {
        return starts[slot];
    }

    /** Length of a field that must be there. */
    public int length(int slot) {
        int length = lengths[slot];
        if (length < 0) {
            throw absent(slot);
        }
        return length;
    }

    public String name(int slot) {
        return names.get(slot);
    }

    /** The field in quotes, for a message. */
    public String quote(int slot) {
        return Excerpt.quote(buffer, starts[slot], lengths[slot]);
    }

    private RejectedException absent(int slot) {
        if (lengths[slot] == STRUCTURE) {
            return new RejectedException(
                    Reason.MALFORMED,
                    "field '" + name(slot) + "' is a JSON object or array; a text, a number or a boolean is expected");
        }
        return new RejectedException(Reason.MISSING_FIELD, "the record has no field '" + name(slot) + "'");
    }
}
