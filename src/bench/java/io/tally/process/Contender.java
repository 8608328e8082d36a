package io.tally.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A system that is measured, as a process of its own. All of them get the same heap and the same source, and commit
 * what they have done as offsets of a consumer group, by which their progress is seen.
 *
 * @param name in the report
 * @param writesRows whether there are rows to compare
 */
record Contender(String name, boolean writesRows, CommandLine command) {
    /** A setting of Kafka Streams: the commit interval that it has by default when it is exactly once. */
    static final String STREAMS_COMMITS = "commit.interval.ms=100";

    /**
     * Where one run of a contender takes place.
     *
     * @param format of the source's records
     * @param instance the process among those of its group; the same after a restart
     */
    record Run(
            String broker,
            String source,
            RecordFormat format,
            String group,
            String sink,
            String instance,
            Path directory) {
        /** Starts it; what it says goes to a file of its own. */
        ChildProcess start(Contender contender) {
            List<String> arguments = new ArrayList<>(List.of("-Xmx" + Bench.HEAP));
            arguments.addAll(contender.command().of(this));
            return ChildProcess.java(files("log"), arguments);
        }

        private Path files(String kind) {
            return directory.resolve(group + "-" + instance + "." + kind);
        }
    }

    /** The arguments of java for one run, without those that all have. */
    interface CommandLine {
        List<String> of(Run run);
    }

    static Contender readOnly() {
        return new Contender("read-only consumer", false, run -> main(ReadOnly.class, run));
    }

    static Contender bareLoop() {
        return new Contender("bare loop", true, run -> {
            List<String> arguments = new ArrayList<>(main(BareLoop.class, run));
            arguments.add(run.format().name());
            return arguments;
        });
    }

    static Contender tally(int lanes) {
        return new Contender("Tally, " + lanes + (lanes == 1 ? " lane" : " lanes"), true, run -> {
            String pipeline = "--tally.pipelines." + run.format().pipeline();
            List<String> arguments = new ArrayList<>(List.of(
                    "-jar",
                    TallyProcess.jar().toAbsolutePath().toString(),
                    "--spring.kafka.bootstrap-servers=" + run.broker(),
                    "--tally.instance-id=" + run.instance(),
                    "--server.port=" + KafkaProcess.freePort(),
                    pipeline + ".lanes=" + lanes,
                    pipeline + ".group-id=" + run.group(),
                    pipeline + ".source.topic=" + run.source(),
                    pipeline + ".sink.topic=" + run.sink()));
            arguments.addAll(run.format().settings());
            return arguments;
        });
    }

    /** @param settings of Kafka Streams, as {@code name=value}, where they differ from {@link StreamsIpCount}'s */
    static Contender streams(int threads, boolean inMemory, String... settings) {
        String name = "Kafka Streams, " + (inMemory ? "in memory" : "RocksDB") + ", " + threads
                + (threads == 1 ? " thread" : " threads");
        return new Contender(name, true, run -> {
            List<String> arguments = new ArrayList<>(main(StreamsIpCount.class, run));
            arguments.addAll(List.of(
                    String.valueOf(threads),
                    String.valueOf(inMemory),
                    run.files("state").toString()));
            arguments.addAll(List.of(settings));
            return arguments;
        });
    }

    /** The same under another name. */
    Contender named(String other) {
        return new Contender(other, writesRows, command);
    }

    private static List<String> main(Class<?> type, Run run) {
        return List.of(
                "-cp", ChildProcess.classPath(), type.getName(), run.broker(), run.source(), run.group(), run.sink());
    }
}
