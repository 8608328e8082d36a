package io.tally.window;

/** Receives the rows of a {@link Combiner}. */
public interface PartialOutput {
    void partial(PartialRow row);
}
