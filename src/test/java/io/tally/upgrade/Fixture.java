package io.tally.upgrade;

import io.tally.config.PipelineDefinitions;
import io.tally.config.Startup;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A pipeline with all that a broker holds of it, in a directory: {@code config.yml}, a file for each partition of each
 * stage, and {@code rows.txt} with what it still has to send.
 */
final class Fixture {
    private static final int SOURCES = 2;
    private static final int RECORDS = 400;
    private static final String TOPIC_ID = "fixtureTopicIdAAAAAAAA";

    private final String config;
    private final List<FixturePartition> sources = new ArrayList<>();
    private final List<FixturePartition> merges = new ArrayList<>();

    Fixture(String config) {
        this.config = config;
        Startup.yaml(
                config,
                context -> context.getBean(PipelineDefinitions.class).enabled().get(0).on("fixture", false).stream()
                        // The merge first, since the other writes to it.
                        .sorted((one, other) -> other.stage().compareTo(one.stage()))
                        .forEach(this::add));
    }

    private void add(KafkaPipeline pipeline) {
        boolean merge = pipeline.stage() == StageKind.MERGE;
        for (int partition = 0; partition < SOURCES; partition++) {
            ShuffleSide side = pipeline.shuffle() == null
                    ? null
                    : new ShuffleSide(
                            pipeline.stage(),
                            pipeline.shuffle().topic(),
                            SOURCES,
                            pipeline.shuffle().source(),
                            pipeline.shuffle().sourceGroup());
            SourcePartition source = new SourcePartition(
                    pipeline.spec().name(),
                    pipeline.groupId(),
                    pipeline.topics().source(),
                    TOPIC_ID,
                    partition,
                    SOURCES,
                    false,
                    pipeline.topics().state(),
                    side);
            String name = (merge ? "merge-" : "source-") + partition;
            (merge ? merges : sources)
                    .add(new FixturePartition(name, source, pipeline.spec(), merge ? List.of() : merges));
        }
    }

    private Stream<FixturePartition> partitions() {
        return Stream.concat(sources.stream(), merges.stream());
    }

    /** Fills the source, with some disorder, some late records and some that cannot be read. */
    void fill() {
        Random random = new Random(7);
        for (int i = 0; i < RECORDS; i++) {
            int key = random.nextInt(12);
            long time = 1_769_860_000_000L + i * 250L - random.nextInt(3_000) - (i % 97 == 96 ? 60_000 : 0);
            String line = i % 83 == 82
                    ? "broken"
                    : time + ",k" + key + "," + (random.nextInt(2_000) / 100.0) + ","
                            + (i % 17 == 3 ? "" : "t" + i % 9);
            sources.get(key % SOURCES)
                    .add(
                            1_769_860_000_000L,
                            ("k" + key).getBytes(StandardCharsets.UTF_8),
                            line.getBytes(StandardCharsets.UTF_8));
        }
    }

    void restore() {
        partitions().forEach(FixturePartition::restore);
    }

    /** Processes a part of each source, and then of what that has brought. */
    void work(double share) {
        sources.forEach(partition -> partition.work((int) (share * partition.end())));
        merges.forEach(partition -> partition.work((int) (share * partition.end())));
    }

    void checkpoint() {
        partitions().forEach(FixturePartition::checkpoint);
    }

    /** How many records a recovery would read again. */
    long replayed() {
        return partitions().mapToLong(FixturePartition::replayed).sum();
    }

    /** What was sent since it was restored, and the ledgers. */
    List<String> outcome() {
        return Stream.concat(
                        partitions().flatMap(partition -> partition.sent.stream()),
                        partitions().map(FixturePartition::ledger))
                .toList();
    }

    /** As if it were restored now. */
    void forgetSent() {
        partitions().forEach(partition -> partition.sent.clear());
    }

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.yml"), config);
        for (FixturePartition partition : partitions().toList()) {
            Files.write(directory.resolve(partition.name + ".txt"), partition.lines());
        }
    }

    static Fixture read(Path directory) throws IOException {
        Fixture fixture = new Fixture(Files.readString(directory.resolve("config.yml")));
        for (FixturePartition partition : fixture.partitions().toList()) {
            partition.read(Files.readAllLines(directory.resolve(partition.name + ".txt")));
        }
        return fixture;
    }
}
