package io.tally.bench.part;

import io.tally.bench.ground.Bench;

/** A part of the suite: it measures something with systems in turn. */
public interface Part {
    /**
     * Measures, which takes minutes.
     *
     * @return the section of the report, in Markdown, ratios first
     * @throws IllegalStateException if a system fails or its rows are wrong, since a figure is then worth nothing
     */
    String measure(Bench bench) throws Exception;
}
