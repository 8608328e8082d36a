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
    /** Where one run of a contender takes place. */
    record Run(String broker, BenchData data, String group, String sink, Path directory) {}

    /** The arguments of java for one run, without those that all have. */
    interface CommandLine {
        List<String> of(Run run);
    }

    static Contender readOnly() {
        return new Contender("read-only consumer", false, run -> main(ReadOnly.class, run));
    }

    static Contender bareLoop() {
        return new Contender("bare loop", true, run -> main(BareLoop.class, run));
    }

    static Contender tally(int lanes) {
        return new Contender("Tally, " + lanes + (lanes == 1 ? " lane" : " lanes"), true, run -> List.of(
                "-jar",
                TallyProcess.jar().toAbsolutePath().toString(),
                "--spring.kafka.bootstrap-servers=" + run.broker(),
                "--tally.instance-id=bench",
                "--server.port=" + KafkaProcess.freePort(),
                "--tally.pipelines.ip-count.lanes=" + lanes,
                "--tally.pipelines.ip-count.group-id=" + run.group(),
                "--tally.pipelines.ip-count.source.topic=" + run.data().topic(),
                "--tally.pipelines.ip-count.sink.topic=" + run.sink()));
    }

    static Contender streams(int threads, boolean inMemory) {
        String name = "Kafka Streams, " + (inMemory ? "in memory" : "RocksDB") + ", " + threads
                + (threads == 1 ? " thread" : " threads");
        return new Contender(name, true, run -> {
            List<String> arguments = new ArrayList<>(main(StreamsIpCount.class, run));
            arguments.addAll(List.of(
                    String.valueOf(threads),
                    String.valueOf(inMemory),
                    run.directory().resolve(run.group()).toString()));
            return arguments;
        });
    }

    private static List<String> main(Class<?> type, Run run) {
        return List.of(
                "-cp",
                ChildProcess.classPath(),
                type.getName(),
                run.broker(),
                run.data().topic(),
                run.group(),
                run.sink());
    }
}
