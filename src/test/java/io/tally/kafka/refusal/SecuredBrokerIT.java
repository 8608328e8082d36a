package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tally.InProcess;
import io.tally.command.CommandRun;
import io.tally.command.check.Check;
import io.tally.command.redrive.Redrive;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.Answers;
import io.tally.testkafka.BrokerAccess;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.OffsetCommit;
import io.tally.testkafka.SecuredBroker;
import io.tally.testkafka.TestBed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjLongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A broker with TLS, SCRAM, OAUTHBEARER and an authorizer, at which Tally may do what docs/recovery.md lists and
 * nothing else. Without any one of these permissions, a text says which command adds it; the test enters that command.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecuredBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern COMMAND = Pattern.compile("kafka-acls\\.sh --bootstrap-server HOST:PORT --add"
            + " --allow-principal User:PRINCIPAL((?: --operation \\w+)+) --(topic|group|transactional-id) (\\S+)"
            + "( --resource-pattern-type prefixed)?");

    /** The documented permissions of a pipeline without a shuffle whose topics exist. */
    enum Permission {
        SOURCE_READ(ResourceType.TOPIC, AclOperation.READ, true),
        SOURCE_CONFIGS(ResourceType.TOPIC, AclOperation.DESCRIBE_CONFIGS, false),
        SINK_WRITE(ResourceType.TOPIC, AclOperation.WRITE, true),
        LATE_WRITE(ResourceType.TOPIC, AclOperation.WRITE, true),
        DEAD_LETTER_WRITE(ResourceType.TOPIC, AclOperation.WRITE, true),
        STATE_READ(ResourceType.TOPIC, AclOperation.READ, true),
        STATE_WRITE(ResourceType.TOPIC, AclOperation.WRITE, true),
        GROUP_READ(ResourceType.GROUP, AclOperation.READ, true),
        TRANSACTIONS_WRITE(ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE, true);

        private final ResourceType type;
        private final AclOperation operation;
        private final boolean needed;

        Permission(ResourceType type, AclOperation operation, boolean needed) {
            this.type = type;
            this.operation = operation;
            this.needed = needed;
        }

        AclBinding binding(KafkaPipeline pipeline) {
            String name = switch (this) {
                case SOURCE_READ, SOURCE_CONFIGS -> pipeline.topics().source();
                case SINK_WRITE -> pipeline.topics().sinks().get(0);
                case LATE_WRITE -> pipeline.topics().late();
                case DEAD_LETTER_WRITE -> pipeline.topics().deadLetter();
                case STATE_READ, STATE_WRITE -> pipeline.topics().state();
                case GROUP_READ -> pipeline.groupId();
                case TRANSACTIONS_WRITE -> pipeline.groupId() + ":";
            };
            return SecuredBrokerIT.binding(
                    type, name, this == TRANSACTIONS_WRITE ? PatternType.PREFIXED : PatternType.LITERAL, operation);
        }
    }

    private static SecuredBroker secured;

    @RegisterExtension
    final TestBed bed = new TestBed(1).on(() -> secured.broker());

    private KafkaPipeline pipeline;

    @BeforeAll
    static void start() throws Exception {
        secured = SecuredBroker.start();
    }

    @AfterAll
    static void stop() {
        secured.close();
    }

    @BeforeEach
    void topicsAndPermissions() {
        bed.create(new NewTopic(bed.topics().late(), 1, (short) 1));
        bed.create(new NewTopic(bed.topics().deadLetter(), 1, (short) 1));
        bed.create(new NewTopic(bed.topics().state(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        bed.pipeline.createTopics(false);
        pipeline = bed.pipeline.build(bed.groupId(), "a", bed.topics());
        Answers.get(secured.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all());
        for (Permission permission : Permission.values()) {
            allow(permission.binding(pipeline));
        }
    }

    @Test
    void countsWithPlainPropertiesOfSpring(CapturedOutput output) {
        List<String> arguments = new ArrayList<>(secured.arguments(SecuredBroker.PASSWORD));
        arguments.add("--management.endpoint.tally.show-keys=always");
        // So that rows say their window, which explain needs.
        arguments.add("--tally.pipelines.secured.sink.key=window-and-key");
        counts(arguments, this::explainsWithAndWithoutPermission);
        assertThat(output).doesNotContain(SecuredBroker.PASSWORD);
    }

    /**
     * The token is one without a signature, which the client makes and the broker takes; all else is as with others.
     */
    @Test
    void countsWithATokenByProperties() {
        counts(secured.argumentsWithToken(), (application, begin) -> {});
    }

    /** What the broker's topic of offsets would tell is all that is wanting without a permission for it. */
    private void explainsWithAndWithoutPermission(ConfigurableApplicationContext application, long begin) {
        for (String topic : List.of(bed.topics().sink(), bed.topics().late())) {
            allow(binding(ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.READ));
        }
        allow(binding(ResourceType.GROUP, bed.groupId() + "-redrive", PatternType.LITERAL, AclOperation.DESCRIBE));
        String url = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")
                + "/actuator/tally/secured/explain?key=p0-k7&window=" + Instant.ofEpochMilli(begin - begin % 5_000);
        await("an answer")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(url))
                        .contains("\"verdict\":\"EXPLAINED\"", "\"commit\":null", "\"isProven\":true")
                        .containsPattern("\"noCommit\":\"May not look at [^\"]*" + OffsetCommit.TOPIC));
        allow(binding(ResourceType.TOPIC, OffsetCommit.TOPIC, PatternType.LITERAL, AclOperation.READ));
        await("the commit")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(url))
                        .contains("\"verdict\":\"EXPLAINED\"", "\"noCommit\":null")
                        .containsPattern("\"commit\":\\{[^}]*\"offset\":[3-9],[^}]*\"lane\":0,"));
    }

    private void counts(List<String> connection, ObjLongConsumer<ConfigurableApplicationContext> then) {
        List<String> arguments = new ArrayList<>(connection);
        arguments.addAll(properties());
        try (ConfigurableApplicationContext application = InProcess.run(arguments.toArray(String[]::new))) {
            assertThat(application.isRunning()).isTrue();
            Input input = bed.input();
            long begin = input.time();
            input.send(0, 7, begin);
            input.send(0, 7, begin);
            input.send(0, "p0-k1", "not a line");
            input.advance(20_000);
            input.send(0, 0, input.time());
            input.send(0, 7, begin);
            input.flush();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(bed.rows()).containsExactly("p0-k7 2"));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(bed.log().read(bed.topics().late())).hasSize(1));
            assertThat(bed.log().read(bed.topics().deadLetter())).hasSize(1);
            then.accept(application, begin);
        }
    }

    /**
     * With a wrong password everything fails that can. Neither the log nor an endpoint tells it, though all are
     * exposed.
     */
    @Test
    void keepsSecretsToItself(CapturedOutput output) throws Exception {
        String wrong = "wrong-needle-9d2";
        List<String> arguments = new ArrayList<>(secured.arguments(wrong));
        arguments.add("--management.endpoints.web.exposure.include=*");
        arguments.add("--logging.level.org.apache.kafka=INFO");
        arguments.add("--tally.pipelines.secured.kafka.properties[ssl.key.password]=" + wrong);
        arguments.addAll(properties());
        try (ConfigurableApplicationContext application = InProcess.run(arguments.toArray(String[]::new))) {
            String root = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + "/";
            await("the failed login")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(get(root + "actuator/health")).contains("Authentication failed"));
            List<String> asked = new ArrayList<>(List.of(root, root + "page/", root + "livez", root + "readyz"));
            Matcher links = Pattern.compile("\"href\":\"([^\"{]+)\"").matcher(get(root + "actuator"));
            while (links.find()) {
                if (!links.group(1).endsWith("/heapdump")) {
                    asked.add(links.group(1));
                }
            }
            assertThat(asked).anyMatch(url -> url.endsWith("/env")).anyMatch(url -> url.endsWith("/configprops"));
            for (String url : asked) {
                assertThat(get(url)).as(url).doesNotContain(wrong);
            }
        }
        assertThat(output).contains("Authentication failed").doesNotContain(wrong);
    }

    @Test
    void tellsNoPasswordOfAStoreThatItCannotOpen(CapturedOutput output) {
        String wrong = "wrong-needle-3e8";
        List<String> arguments = new ArrayList<>(secured.arguments(SecuredBroker.PASSWORD));
        arguments.add("--spring.ssl.bundle.jks.mine.keystore.location=" + secured.keystore());
        arguments.add("--spring.ssl.bundle.jks.mine.keystore.type=PKCS12");
        arguments.add("--spring.ssl.bundle.jks.mine.keystore.password=" + wrong);
        arguments.add("--tally.pipelines.secured.kafka.ssl.bundle=mine");
        arguments.addAll(properties());
        try (ConfigurableApplicationContext application = InProcess.run(arguments.toArray(String[]::new))) {
            await().atMost(PATIENCE).until(() -> output.getAll().contains("password was incorrect"));
            assertThat(application.isRunning()).isTrue();
        } catch (RuntimeException e) {
            assertThat(e.toString()).doesNotContain(wrong);
        }
        assertThat(output).contains("password was incorrect").doesNotContain(wrong);
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The pipeline of this test, as properties. */
    private List<String> properties() {
        Map<String, String> properties = new HashMap<>(Map.of(
                "group-id", bed.groupId(),
                "create-topics", "false",
                "source.topic", bed.topics().source(),
                "source.columns", "time,key,number,text",
                "timestamp.field", "time",
                "timestamp.format", "epoch-millis",
                "timestamp.max-ahead", "3650d",
                "window.size", "5s"));
        properties.put("sink.topic", bed.topics().sink());
        properties.put("sink.template", "{key} {count}");
        properties.put("late.topic", bed.topics().late());
        properties.put("dead-letter.topic", bed.topics().deadLetter());
        properties.put("state.topic", bed.topics().state());
        return properties.entrySet().stream()
                .map(property -> "--tally.pipelines.secured." + property.getKey() + "=" + property.getValue())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichPermissionIsMissing(Permission missing, CapturedOutput output) throws Exception {
        if (missing == Permission.STATE_READ) {
            // A first start has nothing to read there.
            Instance first = bed.started("a");
            bed.progress(0);
            first.stop();
        }
        forbid(missing.binding(pipeline));
        bed.connection.putAll(secured.settings());
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.send(0, "p0-k1", "not a line");
        input.advance(20_000);
        input.send(0, 0, input.time());
        input.send(0, 1, input.time() - 20_000);
        input.flush();
        Instance instance = bed.instance(pipeline).start();

        AclBinding lacking = missing.binding(pipeline);
        String command = await("a command that adds " + missing)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> Stream.concat(texts(instance), output.getAll().lines())
                                .flatMap(text -> COMMAND.matcher(text).results().map(found -> found.group()))
                                .filter(found -> bindings(found).contains(lacking))
                                .findFirst()
                                .orElse(null),
                        Objects::nonNull);
        if (missing.needed) {
            assertThat(texts(instance)).as("in the status").anyMatch(text -> text.contains(command));
        }
        bindings(command).forEach(SecuredBrokerIT::allow);
        input.closeWindows();
        bed.assertExact();
    }

    /** What check says that redrive lacks is all that it needs besides. */
    @Test
    void redrivesWithWhatCheckAsksFor() throws Exception {
        bed.connection.putAll(secured.settings());
        Instance instance = bed.instance(pipeline).start();
        Input input = bed.input();
        long begin = input.time();
        input.send(0, 1, begin);
        input.advance(20_000);
        input.send(0, 0, input.time());
        input.send(0, 1, begin);
        input.closeWindows();
        bed.awaitProcessed();
        instance.stop();
        int rows = bed.rows().size();
        PipelineDefinition definition = bed.pipeline.direct(bed.groupId(), bed.topics());
        BrokerAccess access = new BrokerAccess(bed);
        assertThatThrownBy(() -> CommandRun.of(new Redrive(), definition, access, "--overwrite"))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("Allow");

        String checked =
                CommandRun.of(new Check(), definition, access, "--problems").text();
        assertThat(checked).contains("the command redrive cannot run");
        COMMAND.matcher(checked)
                .results()
                .flatMap(command -> bindings(command.group()).stream())
                .forEach(SecuredBrokerIT::allow);
        await("the permissions")
                .atMost(PATIENCE)
                .until(() -> !CommandRun.of(new Check(), definition, access, "--problems")
                        .text()
                        .contains("the command redrive cannot run"));
        CommandRun done = CommandRun.of(new Redrive(), definition, access, "--overwrite");
        assertThat(done.text()).contains("Wrote 1 rows");
        assertThat(bed.rows()).hasSize(rows + 1);
    }

    private static Stream<String> texts(Instance instance) {
        PipelineStatus status = instance.status();
        Stream<String> lanes = status.lanes().stream()
                .flatMap(lane -> Stream.concat(
                        Stream.of(String.valueOf(lane.problem())),
                        lane.partitions().stream().map(PartitionStatus::problem).map(String::valueOf)));
        return Stream.concat(Stream.of(String.valueOf(status.problem())), lanes);
    }

    /** What a command adds, entered for the test's user. */
    private static List<AclBinding> bindings(String command) {
        Matcher parts = COMMAND.matcher(command);
        assertThat(parts.matches()).as(command).isTrue();
        ResourceType type = ResourceType.fromString(parts.group(2).replace('-', '_'));
        PatternType pattern = parts.group(4) == null ? PatternType.LITERAL : PatternType.PREFIXED;
        return Stream.of(parts.group(1).trim().split("\\s*--operation "))
                .filter(operation -> !operation.isBlank())
                .map(operation -> AclOperation.fromString(
                        operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT)))
                .map(operation -> binding(type, parts.group(3), pattern, operation))
                .toList();
    }

    private static AclBinding binding(ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + SecuredBroker.USER, "*", operation, AclPermissionType.ALLOW));
    }

    private static void allow(AclBinding permission) {
        Answers.get(secured.admin().createAcls(List.of(permission)).all());
    }

    private static void forbid(AclBinding permission) {
        Answers.get(secured.admin().deleteAcls(List.of(permission.toFilter())).all());
    }
}
