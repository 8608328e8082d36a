package io.tally.engine.partial;

/** Receives the rows of a {@link Combiner}. */
public interface PartialOutput {
    void partial(PartialRow row);
}
