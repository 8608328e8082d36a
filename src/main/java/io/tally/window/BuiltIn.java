package io.tally.window;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The aggregate functions that come with Tally. */
public final class BuiltIn {
    private BuiltIn() {}

    /** Number of events. */
    public static Aggregate count() {
        return new Count();
    }

    /** Exact decimal sum of the number in a field slot; 0 digits of it are ever lost. */
    public static Aggregate sum(int slot) {
        return new Sum(slot);
    }

    public static Aggregate min(int slot) {
        return new Extreme(slot, -1);
    }

    public static Aggregate max(int slot) {
        return new Extreme(slot, 1);
    }

    /** Mean of the number in a field slot, rounded half up to {@value Average#DIGITS} digits after the point. */
    public static Aggregate average(int slot) {
        return new Average(slot);
    }

    /** Text of a field at the smallest event time; among equal times the one read first. */
    public static Aggregate first(int slot) {
        return new Edge(slot, false);
    }

    /** Text of a field at the greatest event time; among equal times the one read last. */
    public static Aggregate last(int slot) {
        return new Edge(slot, true);
    }

    private record Count() implements Aggregate {
        @Override
        public int longs() {
            return 1;
        }

        @Override
        public int objects() {
            return 0;
        }

        @Override
        public void add(Cells cells, Event event) {
            cells.increment(0);
        }

        @Override
        public void merge(Cells cells, Cells other) {
            cells.set(0, cells.get(0) + other.get(0));
        }

        @Override
        public Object result(Cells cells) {
            return cells.get(0);
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            out.writeUnsigned(cells.get(0));
        }

        @Override
        public void read(Cells cells, StateInput in) {
            cells.set(0, in.readUnsigned());
        }
    }

    /** Cells: the decimal. */
    private record Sum(int slot) implements Aggregate {
        @Override
        public int longs() {
            return DecimalCells.LONGS;
        }

        @Override
        public int objects() {
            return DecimalCells.OBJECTS;
        }

        @Override
        public void add(Cells cells, Event event) {
            DecimalCells.add(cells, 0, event.field(slot));
        }

        @Override
        public void merge(Cells cells, Cells other) {
            DecimalCells.add(cells, 0, other);
        }

        @Override
        public Object result(Cells cells) {
            return DecimalCells.result(cells, 0);
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            DecimalCells.write(cells, 0, out);
        }

        @Override
        public void read(Cells cells, StateInput in) {
            DecimalCells.read(cells, 0, in);
        }
    }

    /** Cells: the decimal, and whether there is one. */
    private record Extreme(int slot, int sign) implements Aggregate {
        private static final int PRESENT = DecimalCells.LONGS;

        @Override
        public int longs() {
            return DecimalCells.LONGS + 1;
        }

        @Override
        public int objects() {
            return DecimalCells.OBJECTS;
        }

        @Override
        public void add(Cells cells, Event event) {
            FieldValue value = event.field(slot);
            if (cells.get(PRESENT) == 0 || DecimalCells.compare(cells, 0, value) * sign < 0) {
                DecimalCells.set(cells, 0, value);
                cells.set(PRESENT, 1);
            }
        }

        @Override
        public void merge(Cells cells, Cells other) {
            if (other.get(PRESENT) != 0
                    && (cells.get(PRESENT) == 0 || DecimalCells.compare(cells, 0, other) * sign < 0)) {
                DecimalCells.copy(cells, 0, other);
                cells.set(PRESENT, 1);
            }
        }

        @Override
        public @Nullable Object result(Cells cells) {
            return cells.get(PRESENT) == 0 ? null : DecimalCells.result(cells, 0);
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            out.writeByte((int) cells.get(PRESENT));
            if (cells.get(PRESENT) != 0) {
                DecimalCells.write(cells, 0, out);
            }
        }

        @Override
        public void read(Cells cells, StateInput in) {
            cells.set(PRESENT, in.readByte());
            if (cells.get(PRESENT) != 0) {
                DecimalCells.read(cells, 0, in);
            }
        }
    }

    /** Cells: the decimal sum, and the number of events. */
    private record Average(int slot) implements Aggregate {
        static final int DIGITS = 6;
        private static final int COUNT = DecimalCells.LONGS;

        @Override
        public int longs() {
            return DecimalCells.LONGS + 1;
        }

        @Override
        public int objects() {
            return DecimalCells.OBJECTS;
        }

        @Override
        public void add(Cells cells, Event event) {
            DecimalCells.add(cells, 0, event.field(slot));
            cells.increment(COUNT);
        }

        @Override
        public void merge(Cells cells, Cells other) {
            DecimalCells.add(cells, 0, other);
            cells.set(COUNT, cells.get(COUNT) + other.get(COUNT));
        }

        @Override
        public @Nullable Object result(Cells cells) {
            if (cells.get(COUNT) == 0) {
                return null;
            }
            BigDecimal mean = DecimalCells.value(cells, 0)
                    .divide(BigDecimal.valueOf(cells.get(COUNT)), DIGITS, RoundingMode.HALF_UP)
                    .stripTrailingZeros();
            return mean.scale() < 0 ? mean.setScale(0) : mean;
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            out.writeUnsigned(cells.get(COUNT));
            DecimalCells.write(cells, 0, out);
        }

        @Override
        public void read(Cells cells, StateInput in) {
            cells.set(COUNT, in.readUnsigned());
            DecimalCells.read(cells, 0, in);
        }
    }

    /** Cells: event time; object: the text. */
    private record Edge(int slot, boolean latest) implements Aggregate {
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
            if (cells.object(0) == null || wins(event.time(), cells.get(0))) {
                FieldValue value = event.field(slot);
                cells.set(0, event.time());
                cells.object(0, Arrays.copyOfRange(value.buffer(), value.start(), value.start() + value.length()));
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
            if (in.readByte() != 0) {
                cells.set(0, in.readSigned());
                cells.object(0, in.readBytes());
            }
        }
    }
}
