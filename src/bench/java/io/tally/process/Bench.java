package io.tally.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.clients.admin.Admin;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the parts of the suite share: a broker, a place for files, and the settings, whose defaults are in the profile
 * {@code bench} of the pom.
 */
record Bench(KafkaProcess broker, Admin admin, Path directory) {
    /** Of a source, unless a part says otherwise. */
    static final int PARTITIONS = 4;

    static final int ROUNDS = Integer.getInteger("bench.rounds");
    /** Of each system, for {@code -Xmx}. */
    static final String HEAP = System.getProperty("bench.heap");

    /** Whether this system is there and the user wants to see it, by its name in the report. */
    static boolean wants(Contender contender) {
        return contender.isThere() && contender.name().matches(System.getProperty("bench.systems"));
    }

    /** Keeps and shows a single result. */
    void keep(String part, Record result) throws IOException {
        System.out.printf("%s: %s%n", part, result);
        Files.writeString(
                raw(),
                new JsonMapper().writeValueAsString(new Kept(part, result)) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** All single results, a line of JSON each. */
    Path raw() {
        return directory.resolve("raw.jsonl");
    }

    private record Kept(String part, Record result) {}
}
