package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.heap.HeapSizes;
import org.jspecify.annotations.Nullable;

/** Text at the smallest or greatest event time. Cells: event time; object: the text. */
record Edge(int slot, boolean latest) implements Aggregate {
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
        if (!text.isMissing() && (cells.object(0) == null || wins(event.time(), cells.get(0)))) {
            cells.set(0, event.time());
            cells.object(0, text.copyText());
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.object(0) != null && (cells.object(0) == null || wins(other.get(0), cells.get(0)))) {
            cells.set(0, other.get(0));
            cells.object(0, other.object(0));
        }
    }

    private boolean wins(long time, long current) {
        return latest ? time >= current : time < current;
    }

    @Override
    public @Nullable Object result(Cells cells) {
        return cells.object(0);
    }

    @Override
    public long heapBytes(Cells cells) {
        byte[] text = (byte[]) cells.object(0);
        return text == null ? 0 : HeapSizes.bytes(text.length);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        byte[] text = (byte[]) cells.object(0);
        out.writeByte(text == null ? 0 : 1);
        if (text != null) {
            out.writeSigned(cells.get(0));
            out.writeBytes(text);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.readFlag()) {
            cells.set(0, in.readSigned());
            cells.object(0, in.readBytes());
        }
    }
}
