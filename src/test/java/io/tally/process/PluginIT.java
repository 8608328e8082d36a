package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/**
 * The projects of docs/examples, built and put beside the packaged application: a function of one's own counts, the
 * page and the endpoints ask who one is, and Actuator has a port of its own.
 */
class PluginIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");
    private static final String PIPELINE = "--tally.pipelines.prices.";
    private static final List<String> PRICES = List.of(
            "--tally.pipelines.ip-count.enabled=false",
            "--tally.instance-id=a",
            PIPELINE + "source.topic=prices",
            PIPELINE + "source.format=csv",
            PIPELINE + "source.columns=product,price,pieces",
            PIPELINE + "key.fields=product",
            PIPELINE + "key.verify=false",
            PIPELINE + "shuffle=never",
            PIPELINE + "window.type=none",
            PIPELINE + "aggregates.mean.type=custom",
            PIPELINE + "aggregates.mean.function=weightedMean",
            PIPELINE + "aggregates.mean.fields=price,pieces",
            PIPELINE + "sink.topic=means");

    private final Path directory =
            Path.of("target", "process", "Plugin-" + System.nanoTime()).toAbsolutePath();

    @Test
    void areUsedByTheDistribution() throws Exception {
        Path home = home();
        Path plugins = home.resolve("plugins");
        ExampleProject.build("weighted-mean", ChildProcess.classPath(), plugins);
        List<Path> security = libraries();
        ExampleProject.build("access", classPath(security), plugins);
        for (Path library : security) {
            Files.copy(library, plugins.resolve(library.getFileName()));
        }
        int page = KafkaProcess.freePort();
        int management = KafkaProcess.freePort();
        try (KafkaProcess broker = KafkaProcess.start(directory)) {
            create(broker, "prices", "means");
            write(broker, "apples,10,1", "apples,20,3");
            List<String> arguments =
                    new ArrayList<>(List.of(home.resolve("bin/tally").toString()));
            arguments.addAll(PRICES);
            arguments.addAll(List.of(
                    "--spring.kafka.bootstrap-servers=" + broker.address(),
                    "--server.port=" + page,
                    "--management.server.port=" + management,
                    "--spring.security.user.name=ann",
                    "--spring.security.user.password={noop}secret"));
            Map<String, String> environment = Distribution.environment(JVM.toArray(String[]::new));
            // An archive for this copy would cost more than it brings.
            environment.put("TALLY_CACHE", "none");
            try (ChildProcess process = ChildProcess.of(directory.resolve("tally.log"), arguments, environment)) {
                assertThat(row(broker, process)).contains("\"key\":\"apples\"").contains("\"mean\":17.5");
                awaitStatus(200, "http://127.0.0.1:" + page + "/readyz", process);
                asksWhoOneIs("http://127.0.0.1:" + page, "http://127.0.0.1:" + management);
            }
        }
    }

    /** The distribution with {@code plugins/} of its own. */
    private Path home() throws IOException {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve("plugins"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Distribution.launcher(), home.resolve("bin/tally"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(home.resolve("lib"), Distribution.home().resolve("lib"));
        return home;
    }

    private static void asksWhoOneIs(String page, String management) throws Exception {
        assertThat(get(page + "/livez", false).statusCode()).isEqualTo(200);
        assertThat(get(page + "/actuator/health", true).statusCode())
                .as("Actuator is at the port of the page no more")
                .isNotEqualTo(200);
        HttpResponse<String> login = get(page + "/", false);
        assertThat(login.statusCode()).isEqualTo(302);
        assertThat(login.headers().firstValue("Location").orElse("")).endsWith("/login");
        assertThat(get(management + "/actuator/health", false).statusCode()).isEqualTo(200);
        for (String endpoint : List.of("tally", "prometheus", "info")) {
            String url = management + "/actuator/" + endpoint;
            assertThat(get(url, false).statusCode()).as(url).isEqualTo(401);
            assertThat(get(url, true).statusCode()).as(url).isEqualTo(200);
        }
    }

    @Test
    void saysWhereAMissingFunctionWasLookedFor() throws Exception {
        Path plugins = Files.createDirectories(directory.resolve("others"));
        // It has classes, but does not say which of them is for Spring.
        Files.copy(Path.of("target/tally-tests.jar"), plugins.resolve("others.jar"));

        assertThat(check(plugins))
                .contains("tally.pipelines.prices.aggregates.mean.function")
                .contains("is no bean of type CustomAggregate; there is none in the application; looked in ")
                .contains(plugins.resolve("others.jar") + " (which has no META-INF/spring/");
    }

    @Test
    void areUsedByThePlainJar() throws Exception {
        Path plugins = directory.resolve("loaded");
        ExampleProject.build("weighted-mean", ChildProcess.classPath(), plugins);

        assertThat(check(plugins))
                .as("the configuration is right, and the broker is missing")
                .doesNotContain("CustomAggregate")
                .contains("nobody listens there");
    }

    /** What the plain jar says: a command reads the configuration as the service does, and ends. */
    private String check(Path plugins) {
        List<String> arguments = new ArrayList<>(JVM);
        arguments.addAll(List.of(
                "-Dloader.path=" + plugins,
                "-jar",
                TallyProcess.jar().toAbsolutePath().toString(),
                "check",
                "--spring.kafka.bootstrap-servers=127.0.0.1:" + KafkaProcess.freePort(),
                "--spring.kafka.properties[default.api.timeout.ms]=2000",
                "--spring.kafka.properties[request.timeout.ms]=1000"));
        arguments.addAll(PRICES);
        try (ChildProcess process = ChildProcess.java(directory.resolve("check.log"), arguments)) {
            await("its end").atMost(PATIENCE).until(() -> !process.isAlive());
            return process.output();
        }
    }

    private static List<Path> libraries() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("target/libraries-of-examples"))) {
            return all.map(Path::toAbsolutePath).toList();
        }
    }

    private static String classPath(List<Path> libraries) {
        List<String> all = new ArrayList<>(List.of(ChildProcess.classPath()));
        libraries.forEach(library -> all.add(library.toString()));
        return String.join(File.pathSeparator, all);
    }

    private static void create(KafkaProcess broker, String... topics) throws Exception {
        try (Admin admin = broker.admin()) {
            admin.createTopics(Stream.of(topics)
                            .map(topic -> new NewTopic(topic, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private static void write(KafkaProcess broker, String... lines) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new StringSerializer())) {
            for (String line : lines) {
                producer.send(new ProducerRecord<>("prices", line)).get();
            }
        }
    }

    private static String row(KafkaProcess broker, ChildProcess process) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.address(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition means = new TopicPartition("means", 0);
            consumer.assign(List.of(means));
            consumer.seekToBeginning(List.of(means));
            List<String> rows = new ArrayList<>();
            await("a row of both lines, see " + process.output())
                    .atMost(PATIENCE)
                    .until(() -> {
                        assertThat(process.isAlive()).as(process.output()).isTrue();
                        for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(100))) {
                            rows.add(row.value());
                        }
                        return rows.stream().anyMatch(row -> row.contains("17.5"));
                    });
            return rows.get(rows.size() - 1);
        }
    }

    private static void awaitStatus(int status, String url, ChildProcess process) {
        await(url + ", see " + process.output())
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(url, false).statusCode() == status);
    }

    private static HttpResponse<String> get(String url, boolean loggedIn) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/html,*/*");
        if (loggedIn) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8)));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
