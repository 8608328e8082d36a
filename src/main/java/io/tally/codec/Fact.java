package io.tally.codec;

import java.util.List;

/**
 * One thing that decides how a record is read, for the replay fingerprint, which is durable: neither name nor values
 * may change with the code, only with the meaning of the configuration.
 */
public record Fact(String name, List<String> values) {
    public Fact {
        values = List.copyOf(values);
    }
}
