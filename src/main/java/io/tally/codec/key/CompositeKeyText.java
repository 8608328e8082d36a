package io.tally.codec.key;

import io.tally.codec.bytes.ByteOutput;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/** Takes apart what {@link CompositeKey} made; the literals stay where they are. */
public final class CompositeKeyText {
    private final int[] starts;
    private final int[] ends;

    public CompositeKeyText(int fields) {
        starts = new int[fields];
        ends = new int[fields];
    }

    /** Some group key of so many fields; of one, or of the record key, if there are fewer than two. */
    public static byte[] example(int fields) {
        String key = fields < 2 ? "k" : "[" + String.join(",", Collections.nCopies(fields, "\"k\"")) + "]";
        return key.getBytes(StandardCharsets.US_ASCII);
    }

    /** Finds the literals of a key. */
    public void split(byte[] key) {
        int position = 1;
        for (int field = 0; field < starts.length; field++) {
            starts[field] = position;
            position = literalEnd(key, position);
            ends[field] = position;
            byte next = field == starts.length - 1 ? (byte) ']' : (byte) ',';
            if (position >= key.length || key[position++] != next) {
                throw notComposite(key);
            }
        }
        if (key[0] != '[' || position != key.length) {
            throw notComposite(key);
        }
    }

    /** Writes a field's JSON literal, quotes included. */
    public void writeLiteral(byte[] key, int field, ByteOutput out) {
        out.write(key, starts[field], ends[field] - starts[field]);
    }

    /** Writes a field's text. */
    public void writeText(byte[] key, int field, ByteOutput out) {
        int end = ends[field] - 1;
        int i = starts[field] + 1;
        while (i < end) {
            if (key[i] == '\\') {
                i += writeEscaped(key, i + 1, out);
            } else {
                out.write(key[i]);
            }
            i++;
        }
    }

    /** Writes the character of the escape whose letter is at {@code i}; returns the escape's length. */
    private static int writeEscaped(byte[] key, int i, ByteOutput out) {
        switch (key[i]) {
            case 'b' -> out.write('\b');
            case 't' -> out.write('\t');
            case 'n' -> out.write('\n');
            case 'f' -> out.write('\f');
            case 'r' -> out.write('\r');
            case 'u' -> {
                // Only control characters are written this way, as u00xx.
                out.write((Character.digit(key[i + 3], 16) << 4) | Character.digit(key[i + 4], 16));
                return 5;
            }
            default -> out.write(key[i]);
        }
        return 1;
    }

    private int literalEnd(byte[] key, int start) {
        if (start >= key.length || key[start] != '"') {
            throw notComposite(key);
        }
        int i = start + 1;
        while (i < key.length && key[i] != '"') {
            i += key[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private IllegalStateException notComposite(byte[] key) {
        return new IllegalStateException("a group key of " + key.length + " bytes is not a JSON array of "
                + starts.length + " texts, as this pipeline's keys are");
    }
}
