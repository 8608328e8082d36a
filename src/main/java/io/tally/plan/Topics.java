package io.tally.plan;

import java.util.List;

/**
 * Names of a pipeline's topics.
 *
 * @param source the topic that is read
 * @param sinks the topics that rows are written to, one for each encoder of the pipeline, at least one; in a combine
 *     stage the shuffle topic
 * @param late the topic of late records
 * @param deadLetter the topic of dead letters
 * @param state the topic of the state
 */
public record Topics(String source, List<String> sinks, String late, String deadLetter, String state) {
    public Topics {
        sinks = List.copyOf(sinks);
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a pipeline needs a sink");
        }
    }

    /** Topics with one sink. */
    public Topics(String source, String sink, String late, String deadLetter, String state) {
        this(source, List.of(sink), late, deadLetter, state);
    }

    /** The first sink. */
    public String sink() {
        return sinks.get(0);
    }

    /** The same topics with one other sink. */
    public Topics withSink(String other) {
        return new Topics(source, other, late, deadLetter, state);
    }
}
