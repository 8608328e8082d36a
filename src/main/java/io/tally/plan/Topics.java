package io.tally.plan;

/** Names of a pipeline's topics. */
public record Topics(String source, String sink, String late, String deadLetter, String state) {
    /** The same topics with another sink. */
    public Topics withSink(String other) {
        return new Topics(source, other, late, deadLetter, state);
    }
}
