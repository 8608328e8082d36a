package io.tally.aggregate;

/**
 * The current record as the window engine sees it: event time, group key and the fields that aggregates read. One
 * mutable instance per batch, filled by the decoder and folded at once, so that the steady path allocates nothing.
 * Confined to the thread that folds.
 */
public final class Event {
    private static final byte[] EMPTY = new byte[0];

    private final FieldValue[] fields;
    private long time;
    private byte[] keyBuffer = EMPTY;
    private int keyStart;
    private int keyLength;
    private int missingValues;

    /** An event with the given number of aggregate input fields, each in the slot its pipeline assigned to it. */
    public Event(int fieldCount) {
        fields = new FieldValue[fieldCount];
        for (int i = 0; i < fieldCount; i++) {
            fields[i] = new FieldValue();
        }
    }

    /** Event time in milliseconds since the epoch. */
    public long time() {
        return time;
    }

    public void time(long epochMillis) {
        this.time = epochMillis;
    }

    /** Sets the group key to a range of a buffer; the buffer is not copied. */
    public void key(byte[] buffer, int start, int length) {
        this.keyBuffer = buffer;
        this.keyStart = start;
        this.keyLength = length;
    }

    public byte[] keyBuffer() {
        return keyBuffer;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyLength() {
        return keyLength;
    }

    /** How many of the fields that functions read have no value; for the ledger. */
    public int missingValues() {
        return missingValues;
    }

    public void missingValues(int number) {
        this.missingValues = number;
    }

    /** The aggregate input in the given slot. */
    public FieldValue field(int slot) {
        return fields[slot];
    }
}
