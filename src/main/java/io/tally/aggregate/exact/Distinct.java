package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.util.Arrays;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Exact number of different texts, as long as they are within bounds. Beyond the bounds there are "too many", for good,
 * and the texts are dropped. Whether there are too many depends on the set of texts alone, not on their order or on how
 * they were split: once a set is too large, so is each union with it.
 *
 * <p>Cells: 1 if there are too many; object: the texts, null for none.
 */
record Distinct(int slot, TextBounds bounds) implements Aggregate {
    private static final int TOO_MANY = 0;

    /** Ordered, so that equal sets have equal bytes. */
    private static final class Texts {
        final TreeSet<byte[]> set = new TreeSet<>(Arrays::compareUnsigned);
        int bytes;

        boolean add(byte[] text, TextBounds bounds) {
            if (set.add(text)) {
                bytes += TextBounds.size(text);
            }
            return bounds.allow(set.size(), bytes);
        }
    }

    @Override
    public int longs() {
        return 1;
    }

    @Override
    public int objects() {
        return 1;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue text = event.field(slot);
        if (cells.get(TOO_MANY) == 0 && !text.isMissing()) {
            add(cells, text.copyText());
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.get(TOO_MANY) != 0) {
            tooMany(cells);
        } else if (other.object(0) instanceof Texts texts) {
            for (byte[] text : texts.set) {
                if (cells.get(TOO_MANY) != 0) {
                    return;
                }
                add(cells, text);
            }
        }
    }

    private void add(Cells cells, byte[] text) {
        Texts texts = (Texts) cells.object(0);
        if (texts == null) {
            texts = new Texts();
            cells.object(0, texts);
        }
        if (!texts.add(text, bounds)) {
            tooMany(cells);
        }
    }

    private static void tooMany(Cells cells) {
        cells.set(TOO_MANY, 1);
        cells.object(0, null);
    }

    @Override
    public @Nullable Object result(Cells cells) {
        if (cells.get(TOO_MANY) != 0) {
            return null;
        }
        return cells.object(0) instanceof Texts texts ? (long) texts.set.size() : 0L;
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof Texts texts
                ? TextBounds.heapBytes(texts.set.size(), texts.bytes, TextBounds.TREE_NODE)
                : 0;
    }

    /** Grammar: {@code 1} for too many, or {@code 0 number (unsigned) texts (bytes, ascending)}. */
    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeByte((int) cells.get(TOO_MANY));
        if (cells.get(TOO_MANY) != 0) {
            return;
        }
        if (cells.object(0) instanceof Texts texts) {
            out.writeUnsigned(texts.set.size());
            texts.set.forEach(out::writeBytes);
        } else {
            out.writeUnsigned(0);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.readFlag()) {
            cells.set(TOO_MANY, 1);
            return;
        }
        int number = in.readSize();
        if (number == 0) {
            return;
        }
        Texts texts = new Texts();
        for (int i = 0; i < number; i++) {
            if (!texts.add(in.readBytes(), bounds) || texts.set.size() != i + 1) {
                throw new IllegalStateException("a set of texts beyond its bounds, or with a text twice");
            }
        }
        cells.object(0, texts);
    }
}
