package io.tally.codec;

import java.util.List;

/**
 * One thing that decides how a record is read, as a part of the replay fingerprint. That is durable, so name and values
 * change only with the meaning of the configuration, never with the code.
 */
public record Fact(String name, List<String> values) {
    public Fact {
        values = List.copyOf(values);
    }
}
