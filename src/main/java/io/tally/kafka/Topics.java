package io.tally.kafka;

import java.util.List;

/** Names of a pipeline's topics. */
public record Topics(String source, String sink, String late, String deadLetter, String state) {
    /** The topics that Tally may create; source and sink belong to others. */
    List<String> own() {
        return List.of(late, deadLetter, state);
    }
}
