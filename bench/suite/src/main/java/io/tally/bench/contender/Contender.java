package io.tally.bench.contender;

import io.tally.bench.source.RecordFormat;
import io.tally.process.ChildProcess;
import io.tally.process.KafkaProcess;
import io.tally.process.TallyProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A system that is measured, as a process of its own or as several. All of them get the same heap and the same source,
 * and commit what they have done as offsets of a consumer group, by which their progress is seen.
 *
 * @param name in the report
 * @param writesRows whether there are rows to compare
 * @param instances names of its processes, which share the partitions
 * @param viewers how many watch the live page of each process, from its start to its end
 */
public record Contender(String name, boolean writesRows, List<String> instances, int viewers, CommandLine command) {
    private static final String PORT = "--server.port=";

    /** What all processes of Tally are given after their own arguments, separated by blanks. */
    private static final String FOR_TALLY = System.getProperty("bench.tally");

    /** A setting of Kafka Streams: the commit interval that it has by default when it is exactly once. */
    public static final String STREAMS_COMMITS = "commit.interval.ms=100";

    /**
     * Where one run of a contender takes place.
     *
     * @param format of the source's records
     */
    public record Run(String broker, String source, RecordFormat format, String group, String sink, Path directory) {
        /** What a process may write its files to; the same after a restart. */
        Path files(String instance, String kind) {
            return directory.resolve(group + "-" + instance + "." + kind);
        }
    }

    /** The arguments of java for one process of a run, without those that all have. */
    interface CommandLine {
        List<String> of(Run run, String instance);

        /** Whether this system can be run here. */
        public default boolean isThere() {
            return true;
        }

        /** Whether its processes join the consumer group whose offsets they commit. */
        public default boolean joinsGroup() {
            return true;
        }

        /** Bytes of state that it has written elsewhere than into Kafka, from what it has said. */
        public default long stateBytes(String output) {
            return 0;
        }
    }

    private Contender(String name, boolean writesRows, CommandLine command) {
        this(name, writesRows, List.of("a"), 0, command);
    }

    public boolean isThere() {
        return command.isThere();
    }

    public boolean joinsGroup() {
        return command.joinsGroup();
    }

    public long stateBytes(String output) {
        return command.stateBytes(output);
    }

    public static Contender readOnly() {
        return new Contender("read-only consumer", false, (run, instance) -> main(ReadOnly.class, run));
    }

    public static Contender bareLoop() {
        return new Contender(
                "bare loop",
                true,
                (run, instance) -> main(BareLoop.class, run, run.format().name()));
    }

    public static Contender tally(int lanes) {
        return new Contender(
                "Tally, " + several(lanes, "lane"), true, (run, instance) -> tally(jar(), run, instance, lanes));
    }

    /** @param settings of the pipeline, without its prefix */
    public static Contender tally(IpWindows windows, String... settings) {
        return new Contender("Tally", true, (run, instance) -> {
            List<String> all = new ArrayList<>(windows.tally());
            all.addAll(List.of(settings));
            return tally(jar(), run, instance, 1, all.toArray(String[]::new));
        });
    }

    /** Two processes of one lane each. */
    public static Contender tallyTwice() {
        return new Contender(
                "Tally, 2 processes, a lane each",
                true,
                List.of("a", "b"),
                0,
                (run, instance) -> tally(jar(), run, instance, 1));
    }

    /** As many lanes for each of the two stages. */
    public static Contender tallyShuffled(int lanes) {
        return new Contender(
                "Tally with a shuffle, " + several(lanes, "lane"),
                true,
                (run, instance) -> tally(jar(), run, instance, lanes, "shuffle=always"));
    }

    /** @param settings of Kafka Streams, as {@code name=value}, where they differ from {@link StreamsIpCount}'s */
    public static Contender streams(int threads, boolean inMemory, String... settings) {
        return streams("Kafka Streams", threads, inMemory, false, IpWindows.DEFAULT, settings);
    }

    /** With one thread, and stores in memory. */
    public static Contender streams(IpWindows windows, String... settings) {
        return streams("Kafka Streams", 1, true, false, windows, settings);
    }

    /** Through a repartition topic, though the source would not need it. */
    public static Contender streamsRepartitioned(int threads, boolean inMemory) {
        return streams("Kafka Streams with a repartition topic", threads, inMemory, true, IpWindows.DEFAULT);
    }

    /**
     * Tally with one lane, as it has been packaged.
     *
     * @param java what starts it, without its own arguments
     */
    static Contender packaged(String form, List<String> java) {
        return new Contender("Tally, " + form, true, (run, instance) -> tally(java, run, instance, 1));
    }

    private static Contender streams(
            String system, int threads, boolean inMemory, boolean repartition, IpWindows windows, String... settings) {
        String name = system + ", " + (inMemory ? "in memory" : "RocksDB") + ", " + several(threads, "thread");
        return new Contender(name, true, (run, instance) -> {
            List<String> arguments = main(
                    StreamsIpCount.class,
                    run,
                    String.valueOf(threads),
                    String.valueOf(inMemory),
                    run.files(instance, "state").toString(),
                    String.valueOf(repartition),
                    windows.argument());
            arguments.addAll(List.of(settings));
            return arguments;
        });
    }

    public static Contender flink(int slots, int checkpointMillis) {
        return new Contender("Flink, " + several(slots, "slot"), true, new FlinkJob(slots, checkpointMillis));
    }

    /** The same under another name. */
    public Contender named(String other) {
        return new Contender(other, writesRows, instances, viewers, command);
    }

    /** The same, its page being watched. Only Tally has one. */
    public Contender watchedBy(int number) {
        return new Contender(name + ", " + several(number, "viewer"), writesRows, instances, number, command);
    }

    /** Where the page of a process is, by its arguments. */
    static int port(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(PORT))
                .mapToInt(argument -> Integer.parseInt(argument.substring(PORT.length())))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> jar() {
        return List.of("-jar", TallyProcess.jar().toAbsolutePath().toString());
    }

    /**
     * The arguments of a process of Tally.
     *
     * @param java what starts it, without its own arguments
     * @param settings of the pipeline, without its prefix
     */
    private static List<String> tally(List<String> java, Run run, String instance, int lanes, String... settings) {
        String pipeline = "--tally.pipelines." + run.format().pipeline() + ".";
        List<String> arguments = new ArrayList<>(java);
        arguments.addAll(List.of(
                "--spring.kafka.bootstrap-servers=" + run.broker(),
                "--tally.instance-id=" + instance,
                PORT + KafkaProcess.freePort(),
                pipeline + "lanes=" + lanes,
                pipeline + "group-id=" + run.group(),
                pipeline + "source.topic=" + run.source(),
                pipeline + "sink.topic=" + run.sink()));
        arguments.addAll(run.format().settings());
        for (String setting : settings) {
            arguments.add(pipeline + setting);
        }
        if (!FOR_TALLY.isBlank()) {
            arguments.addAll(List.of(FOR_TALLY.strip().split(" +")));
        }
        return arguments;
    }

    private static List<String> main(Class<?> type, Run run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-cp", ChildProcess.classPath(), type.getName(), run.broker(), run.source(), run.group(), run.sink()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static String several(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Whether this system is there and the user wants to see it, by its name in the report. */
    public boolean isWanted() {
        return isThere() && name().matches(System.getProperty("bench.systems"));
    }

    /**
     * Those that the user wants to see, in the order of a round: every other one is the other way about, since whoever
     * comes first may have it harder.
     */
    public static List<Contender> inRound(int round, List<Contender> contenders) {
        List<Contender> order = new ArrayList<>(contenders);
        order.removeIf(contender -> !contender.isWanted());
        if (round % 2 == 0) {
            Collections.reverse(order);
        }
        return order;
    }
}
