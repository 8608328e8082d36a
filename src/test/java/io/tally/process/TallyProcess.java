package io.tally.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged application in a process of its own, as the distribution starts it. */
public final class TallyProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/tally.jar");
    /** The optimizing compiler takes half of the CPU time of a start, and these processes do not live long. */
    private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ChildProcess process;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private TallyProcess(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    public static TallyProcess start(Path directory, String broker, String instanceId, String... settings) {
        return startIn(Map.of(), directory, broker, instanceId, settings);
    }

    /** @param environment what is there otherwise than here */
    public static TallyProcess startIn(
            Map<String, String> environment, Path directory, String broker, String instanceId, String... settings) {
        return start(environment, List.of("-Xmx512m"), directory, broker, instanceId, settings);
    }

    /** @param options of the JVM */
    static TallyProcess startWithJvm(
            List<String> options, Path directory, String broker, String instanceId, String... settings) {
        return start(Map.of(), options, directory, broker, instanceId, settings);
    }

    private static TallyProcess start(
            Map<String, String> environment,
            List<String> options,
            Path directory,
            String broker,
            String instanceId,
            String... settings) {
        int port = KafkaProcess.freePort();
        List<String> command = new ArrayList<>(List.of(Distribution.launcher().toString()));
        command.addAll(arguments(broker, instanceId, port, settings));
        List<String> all = new ArrayList<>(options);
        all.add(FIRST_COMPILER);
        Map<String, String> whole = Distribution.environment(all.toArray(String[]::new));
        whole.putAll(environment);
        return new TallyProcess(ChildProcess.of(log(directory, instanceId), command, whole), port);
    }

    /** Without the distribution. */
    static TallyProcess startJar(Path directory, String broker, String instanceId, String... settings) {
        int port = KafkaProcess.freePort();
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx512m", FIRST_COMPILER, "-jar", jar().toAbsolutePath().toString()));
        arguments.addAll(arguments(broker, instanceId, port, settings));
        return new TallyProcess(ChildProcess.java(log(directory, instanceId), arguments), port);
    }

    private static List<String> arguments(String broker, String instanceId, int port, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.kafka.bootstrap-servers=" + broker,
                "--tally.instance-id=" + instanceId,
                "--server.port=" + port));
        arguments.addAll(List.of(settings));
        return arguments;
    }

    private static Path log(Path directory, String instanceId) {
        return directory.resolve("tally-" + instanceId + ".log");
    }

    /** The packaged application in one file. */
    public static Path jar() {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is missing: ./mvnw package -DskipTests makes it");
        }
        return JAR;
    }

    public ChildProcess process() {
        return process;
    }

    /** Waits until it is ready (every partition that it owns is worked on), and owns so many. */
    TallyProcess awaitActive(int partitions) {
        await("active partitions, see " + process.output())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> active() == partitions);
        return this;
    }

    /** Waits until it answers whatever it is asked, or has ended. */
    public TallyProcess awaitAnswer() {
        return awaitStatus("an answer", "/livez", status -> status > 0 || !process.isAlive());
    }

    /** Waits until it says that it is ready. */
    public TallyProcess awaitReady() {
        return awaitStatus("readiness", "/readyz", status -> status == OK);
    }

    private TallyProcess awaitStatus(String what, String path, IntPredicate wanted) {
        await(what + ", see " + process.log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> wanted.test(status(path)));
        return this;
    }

    /** Whether it runs, and need not be started again. */
    public boolean isLive() {
        return process.isAlive() && status("/livez") == OK;
    }

    /** Whether a lane has ended, and somebody must start the process again; false while it does not answer. */
    public boolean hasEndedLane() {
        JsonNode answer = get("/actuator/tally");
        return answer != null
                && answer.at("/pipelines/0/lanes")
                        .valueStream()
                        .anyMatch(lane -> !lane.get("running").asBoolean());
    }

    /** How many partitions it works on; 0 while it does not answer. */
    public int active() {
        JsonNode answer = get("/actuator/tally");
        return answer == null ? 0 : partitions(answer.at("/pipelines/0"), "ACTIVE");
    }

    /** Whether there is a partition that it does not go on with, of whatever pipeline or stage. */
    public boolean refuses() {
        JsonNode answer = get("/actuator/tally");
        return answer != null
                && answer.get("pipelines").valueStream().anyMatch(pipeline -> partitions(pipeline, "REFUSED") > 0);
    }

    private static int partitions(JsonNode pipeline, String phase) {
        return (int) pipeline.at("/partitions")
                .valueStream()
                .filter(partition -> partition.get("phase").asString().equals(phase))
                .count();
    }

    /**
     * Sum of a metric over its tags.
     *
     * @param tags how those are written that it must have
     */
    public double metric(String name, String... tags) {
        String answer = read("/actuator/prometheus");
        if (answer == null) {
            throw new IllegalStateException("no answer from the instance");
        }
        double[] values = answer.lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> Stream.of(tags).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        if (values.length == 0) {
            throw new IllegalStateException("the instance has no metric " + name + " with " + List.of(tags));
        }
        return DoubleStream.of(values).sum();
    }

    /** How many transactions did not end in a confirmed commit. */
    public double failedTransactions() {
        return metric("tally_transactions_total", "outcome=\"failed\"")
                + metric("tally_transactions_total", "outcome=\"fenced\"");
    }

    public @Nullable JsonNode get(String path) {
        String answer = read(path);
        return answer == null ? null : new JsonMapper().readTree(answer);
    }

    /** 0 for no answer. */
    private int status(String path) {
        HttpResponse<String> answer = answer(path);
        return answer == null ? 0 : answer.statusCode();
    }

    /** By its own clock; long ago if it does not answer. */
    public Instant now() {
        HttpResponse<String> answer = answer("/actuator/health");
        return answer == null
                ? Instant.MIN
                : answer.headers()
                        .firstValue("Date")
                        .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
                        .orElseThrow();
    }

    /** What it answers, whatever the status; null if it does not. */
    private @Nullable String read(String path) {
        HttpResponse<String> answer = answer(path);
        return answer == null ? null : answer.body();
    }

    private @Nullable HttpResponse<String> answer(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public void kill() {
        process.kill();
    }

    /** As an orchestrator stops it. */
    public void stop() {
        process.terminate(PATIENCE);
    }

    @Override
    public void close() {
        process.close();
    }
}
