package io.tally.aggregate;

import io.tally.heap.HeapSizes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's function as an aggregate of the engine. Object cell: {@link Held}, the user's accumulator with its size;
 * null for none.
 *
 * <p>Foreign code only gets copies, so whatever it does before it throws is lost with the copy. An interrupt that it
 * leaves behind is dropped: otherwise the thread's next call of Kafka would fail.
 */
record CustomAdapter<A>(String name, CustomAggregate<A> function, List<Integer> slots) implements FallibleAggregate {
    private static final long HELD_BYTES = HeapSizes.object(28);

    /**
     * An accumulator.
     *
     * @param heapBytes its bytes of the heap when it was last measured
     * @param changes how many there were
     * @param measureAt after how many changes it is measured again
     */
    private record Held(Object accumulator, long heapBytes, long changes, long measureAt) {}

    @Override
    public @Nullable Object added(@Nullable Object accumulator, Event event) {
        if (isPassedOver(event)) {
            return accumulator;
        }
        return held((Held) accumulator, add(accumulator, event));
    }

    private boolean isPassedOver(Event event) {
        for (int i = 0; i < slots.size(); i++) {
            if (event.field(slots.get(i)).isMissing()) {
                return !function.takesMissing();
            }
        }
        return false;
    }

    private A add(@Nullable Object accumulator, Event event) {
        try {
            A copy = accumulator == null ? function.create() : function.copy(own(accumulator));
            return given(function.add(copy, new EventInput(event, slots)), "add");
        } catch (InterruptedException e) {
            // An interrupt says nothing about the record, and a replay would not decide the same.
            throw new IllegalStateException("method add of aggregate '" + name + "' was interrupted", e);
        } catch (Exception e) {
            throw new AggregateFailedException("aggregate '" + name + "' refuses the record: " + e, e);
        } finally {
            dropInterrupt();
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        Object right = other.object(0);
        if (right == null) {
            return;
        }
        A copy = attempt("copy", () -> function.copy(own(right)));
        Object left = cells.object(0);
        cells.object(
                0, held((Held) left, left == null ? copy : attempt("merge", () -> function.merge(own(left), copy))));
    }

    /** An accumulator that replaces another; measured again when there are a quarter more changes. */
    private Held held(@Nullable Held before, A accumulator) {
        long changes = before == null ? 1 : before.changes + 1;
        if (before != null && changes < before.measureAt) {
            return new Held(accumulator, before.heapBytes, changes, before.measureAt);
        }
        long bytes = attempt("heapBytes", () -> function.heapBytes(accumulator));
        return new Held(accumulator, HELD_BYTES + Math.max(0, bytes), changes, changes + changes / 4 + 1);
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof Held held ? held.heapBytes : 0;
    }

    @Override
    public @Nullable Object result(Cells cells) {
        Object accumulator = cells.object(0);
        try {
            return CustomResult.of(function.result(accumulator == null ? function.create() : own(accumulator)));
        } catch (RuntimeException e) {
            throw failed("result", e);
        } finally {
            dropInterrupt();
        }
    }

    /** Grammar: {@code 0} for none, or {@code 1 accumulator (bytes)}: the length guards the neighbours. */
    @Override
    public void write(Cells cells, StateOutput out) {
        Object accumulator = cells.object(0);
        out.writeByte(accumulator == null ? 0 : 1);
        if (accumulator != null) {
            out.writeBytes(attempt("write", () -> function.write(own(accumulator))));
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.readFlag()) {
            byte[] bytes = in.readBytes();
            cells.object(0, held(null, attempt("read", () -> function.read(bytes))));
        }
    }

    @Override
    public String toString() {
        return "custom aggregate '" + name + "'";
    }

    private <T> T attempt(String method, Supplier<T> call) {
        try {
            return given(call.get(), method);
        } catch (RuntimeException e) {
            throw failed(method, e);
        } finally {
            dropInterrupt();
        }
    }

    @SuppressWarnings("ResultOfMethodCallIgnored") // the call clears it
    private static void dropInterrupt() {
        Thread.interrupted();
    }

    private static <T> T given(@Nullable T value, String method) {
        if (value == null) {
            throw new IllegalStateException(method + " gave null");
        }
        return value;
    }

    private BrokenAggregateException failed(String method, RuntimeException e) {
        return new BrokenAggregateException(
                "method " + method + " of aggregate '" + name + "' ("
                        + function.getClass().getName() + ") failed",
                e);
    }

    /** What this function's own methods have returned. */
    @SuppressWarnings("unchecked")
    private A own(Object accumulator) {
        return (A) ((Held) accumulator).accumulator;
    }
}
