package io.tally.pipeline.status;

/**
 * How far a restore has come.
 *
 * @param step what it is doing, in words
 * @param reached the offset up to which this step has read; 0 if it reads nothing
 * @param end the offset at which this step ends; 0 if it reads nothing
 */
public record RestoreProgress(String step, long reached, long end) {
    /** A step that reads no log. */
    public RestoreProgress(String step) {
        this(step, 0, 0);
    }

    /** Offsets that this step has yet to read, 0 or more. */
    public long remaining() {
        return Math.max(0, end - reached);
    }

    /** The same in words, as health and the endpoint show it. */
    @Override
    public String toString() {
        return end == 0 ? step : step + ": offset " + reached + " of " + end;
    }
}
