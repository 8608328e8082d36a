package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * The first texts in the order of the source, as many as the bounds allow. After the first text that does not fit, none
 * is taken any more, so the result is the same however the events were split.
 *
 * <p>Cells: 1 if it is full; object: the texts, null for none.
 */
record Collect(int slot, TextBounds bounds) implements Aggregate {
    private static final int FULL = 0;
    /** A reference, and half a reference for the spare room of the list. */
    private static final int LIST_SLOT = 6;

    private static final class Texts {
        final List<byte[]> list = new ArrayList<>();
        int bytes;

        boolean add(byte[] text, TextBounds bounds) {
            int grown = bytes + TextBounds.size(text);
            if (!bounds.allow(list.size() + 1, grown)) {
                return false;
            }
            list.add(text);
            bytes = grown;
            return true;
        }
    }

    @Override
    public boolean dependsOnOrder() {
        return true;
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
        if (cells.get(FULL) == 0 && !text.isMissing()) {
            add(cells, text.copyText());
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.object(0) instanceof Texts texts) {
            for (byte[] text : texts.list) {
                if (cells.get(FULL) != 0) {
                    return;
                }
                add(cells, text);
            }
        }
        // What did not fit there does not fit after more texts either.
        if (other.get(FULL) != 0) {
            cells.set(FULL, 1);
        }
    }

    private void add(Cells cells, byte[] text) {
        Texts texts = (Texts) cells.object(0);
        if (texts == null) {
            texts = new Texts();
            cells.object(0, texts);
        }
        if (!texts.add(text, bounds)) {
            cells.set(FULL, 1);
        }
    }

    @Override
    public Object result(Cells cells) {
        return cells.object(0) instanceof Texts texts ? List.copyOf(texts.list) : List.of();
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof Texts texts
                ? TextBounds.heapBytes(texts.list.size(), texts.bytes, LIST_SLOT)
                : 0;
    }

    /** Grammar: {@code full (0 or 1) number (unsigned) texts (bytes)}. */
    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeByte((int) cells.get(FULL));
        if (cells.object(0) instanceof Texts texts) {
            out.writeUnsigned(texts.list.size());
            texts.list.forEach(out::writeBytes);
        } else {
            out.writeUnsigned(0);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.set(FULL, in.readFlag() ? 1 : 0);
        int number = in.readSize();
        if (number == 0) {
            return;
        }
        Texts texts = new Texts();
        for (int i = 0; i < number; i++) {
            if (!texts.add(in.readBytes(), bounds)) {
                throw new IllegalStateException("a list of texts beyond its bounds");
            }
        }
        cells.object(0, texts);
    }
}
