package io.tally.config.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.Startup;
import io.tally.kafka.client.ClientSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;

/** Which of several settings of Kafka's clients holds. */
@ExtendWith(OutputCaptureExtension.class)
class ClientLayersTest {
    private static final Pattern UNSET = Pattern.compile("(?m)^( *)#(?! \\S)(.*)$");

    private static final Map<String, String> LAYERS = Map.of(
            "all", "spring.kafka.properties",
            "one", "spring.kafka.%s.properties",
            "own-all", "tally.pipelines.clicks.kafka.properties",
            "own-one", "tally.pipelines.clicks.kafka.%s");

    /** Each row: a client, a setting, the layers that set it with their values, and the value that holds. */
    @ParameterizedTest
    @CsvSource({
        "consumer, max.poll.records, '', 2000",
        "consumer, max.poll.records, all=1, 1",
        "consumer, max.poll.records, all=1 one=2, 2",
        "consumer, max.poll.records, own-all=3, 3",
        "consumer, max.poll.records, all=1 one=2 own-all=3, 3",
        "consumer, max.poll.records, all=1 one=2 own-all=3 own-one=4, 4",
        "consumer, max.poll.records, one=2 own-one=4, 4",
        "consumer, fetch.min.bytes, own-one=7, 7",
        "consumer, isolation.level, own-one=read_committed, read_committed",
        "producer, linger.ms, '', 10",
        "producer, linger.ms, all=1, 1",
        "producer, linger.ms, all=1 one=2 own-all=3, 3",
        "producer, linger.ms, all=1 one=2 own-all=3 own-one=4, 4",
        "producer, compression.type, one=zstd, zstd",
        "producer, acks, own-all=-1, all",
        "admin, request.timeout.ms, '', 3000",
        "admin, request.timeout.ms, one=2000, 2000",
        "admin, request.timeout.ms, one=2000 own-all=2500, 2500",
        "admin, reconnect.backoff.max.ms, all=700, 700",
    })
    void holdsTheUppermost(String client, String setting, String layers, String expected) {
        List<String> arguments = new ArrayList<>();
        for (String layer : layers.isEmpty() ? new String[0] : layers.split(" ")) {
            String[] parts = layer.split("=");
            arguments.add("--" + LAYERS.get(parts[0]).formatted(client) + "[" + setting + "]=" + parts[1]);
        }
        ClientSettings settings = alone(arguments.toArray(String[]::new)).clients();
        Map<String, Object> found = switch (client) {
            case "consumer" -> settings.consumer();
            case "producer" -> settings.producer();
            default -> settings.admin();
        };
        assertThat(found.get(setting)).hasToString(expected);
    }

    @Test
    void keepsTheDefaultsWithoutThePackagedFile() {
        KafkaClientSettings[] packaged = new KafkaClientSettings[1];
        Startup.packaged(
                context -> packaged[0] = context.getBean(PipelineClients.class).of("ip-count"));
        assertThat(alone()).isEqualTo(packaged[0]);
        assertThat(alone().clients().consumer()).containsAllEntriesOf(without("auto.offset.reset"));
        assertThat(alone().clients().producer()).containsAllEntriesOf(ClientDefaults.PRODUCER);
        assertThat(alone().clients().admin()).containsAllEntriesOf(ClientDefaults.ADMIN);
    }

    private static Map<String, Object> without(String forced) {
        Map<String, Object> defaults = new HashMap<>(ClientDefaults.CONSUMER);
        defaults.remove(forced);
        return defaults;
    }

    /** The file has each of the defaults as a property that is not set, with the reason. */
    @Test
    void showsTheDefaultsInThePackagedFile() throws IOException {
        KafkaProperties shown = shown();
        KafkaProperties bare = new KafkaProperties();
        assertThat(difference(shown.buildConsumerProperties(), bare.buildConsumerProperties()))
                .isEqualTo(texts(ClientDefaults.CONSUMER));
        assertThat(difference(shown.buildProducerProperties(), bare.buildProducerProperties()))
                .isEqualTo(texts(ClientDefaults.PRODUCER));
        assertThat(difference(shown.buildAdminProperties(), bare.buildAdminProperties()))
                .isEqualTo(texts(ClientDefaults.ADMIN));
    }

    private static KafkaProperties shown() throws IOException {
        String text;
        try (InputStream in = ClientLayersTest.class.getResourceAsStream("/application.yml")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        String all = UNSET.matcher(text.substring(text.indexOf("\nspring:"))).replaceAll("$1$2");
        yaml.setResources(new ByteArrayResource(all.getBytes(StandardCharsets.UTF_8)));
        Properties properties = yaml.getObject();
        assertThat(properties).isNotNull();
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("spring.kafka", KafkaProperties.class)
                .get();
    }

    private static Map<String, String> difference(Map<String, Object> all, Map<String, Object> without) {
        Map<String, String> result = texts(all);
        result.entrySet().removeAll(texts(without).entrySet());
        return result;
    }

    private static Map<String, String> texts(Map<String, Object> settings) {
        Map<String, String> texts = new HashMap<>();
        settings.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    /** Passwords and certificates of one cluster are not shown to another. */
    @Test
    void takesNothingOfAnotherClusterWithItsOwnAddress() {
        String[] shared = {
            "--spring.kafka.bootstrap-servers=one:1",
            "--spring.kafka.security.protocol=SASL_SSL",
            "--spring.kafka.properties[sasl.mechanism]=PLAIN",
            "--spring.kafka.properties[sasl.jaas.config]=a.B required password=secret;",
            "--spring.kafka.ssl.trust-store-password=secret",
            "--spring.kafka.consumer.properties[client.rack]=r1"
        };
        KafkaClientSettings inherits = alone(shared);
        assertThat(inherits.clients().producer())
                .containsEntry("sasl.jaas.config", "a.B required password=secret;")
                .containsEntry("ssl.truststore.password", "secret");
        assertThat(inherits.clients().addressProperty()).isEqualTo("spring.kafka.bootstrap-servers");

        KafkaClientSettings other =
                alone(with(shared, "--tally.pipelines.clicks.kafka.bootstrap-servers=two:2,three:3"));
        for (Map<String, Object> client : List.of(
                other.clients().consumer(),
                other.clients().producer(),
                other.clients().admin())) {
            assertThat(client).containsEntry("bootstrap.servers", List.of("two:2", "three:3"));
            assertThat(client.keySet())
                    .noneMatch(name -> name.startsWith("sasl.") || name.startsWith("ssl.") || name.startsWith("secur"));
        }
        assertThat(other.clients().consumer()).containsEntry("client.rack", "r1");
        assertThat(other.clients().addressProperty()).isEqualTo("tally.pipelines.clicks.kafka.bootstrap-servers");
        assertThat(other.clients().protocolProperty()).isEqualTo("tally.pipelines.clicks.kafka.security.protocol");
    }

    @Test
    void hasABundleAndAProtocolOfItsOwn() {
        KafkaClientSettings settings = alone(
                "--spring.ssl.bundle.pem.mine.protocol=TLSv1.3",
                "--tally.pipelines.clicks.kafka.ssl.bundle=mine",
                "--tally.pipelines.clicks.kafka.security.protocol=SSL");
        assertThat(settings.clients().admin()).containsEntry("security.protocol", "SSL");
        assertThat(settings.clients().admin().get(SslBundle.class.getName()))
                .isInstanceOfSatisfying(
                        SslBundle.class,
                        bundle -> assertThat(bundle.getProtocol()).isEqualTo("TLSv1.3"));
    }

    /** Clients ask for each connection, so new files (reload-on-update) need no new client. */
    @ParameterizedTest
    @ValueSource(strings = {"spring.kafka.ssl.bundle", "tally.pipelines.clicks.kafka.ssl.bundle"})
    void usesABundleAsItIsNow(String property) {
        Startup.yaml(
                Startup.MINIMAL,
                context -> {
                    Object bundle = context.getBean(PipelineClients.class)
                            .clients("clicks")
                            .consumer()
                            .get(SslBundle.class.getName());
                    context.getBean(SslBundleRegistry.class)
                            .updateBundle("mine", SslBundle.of(null, null, null, "TLSv1.2"));
                    assertThat(bundle)
                            .isInstanceOfSatisfying(
                                    SslBundle.class,
                                    now -> assertThat(now.getProtocol()).isEqualTo("TLSv1.2"));
                },
                "--spring.ssl.bundle.pem.mine.protocol=TLSv1.3",
                "--" + property + "=mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer[isolation.level]=read_uncommitted | would count records of aborted transactions",
                "consumer.isolation.level=read_uncommitted | would count records of aborted transactions",
                "properties[isolation.level]=read_uncommitted | would count records of aborted transactions",
                "consumer[group.id]=mine | tally.pipelines.<name>.group-id",
                "producer[acks]=1 | would let a transaction lose, double or reorder records",
                "producer[transactional.id]=mine | tally.instance-id",
                "producer[delivery.timeout.ms]=20000 | must not exceed transaction.timeout.ms (10000)",
                "producer[transaction.timeout.ms]=8000 | must not exceed transaction.timeout.ms (8000)",
                "consumer[session.timeout.ms]=900 | must be below session.timeout.ms (900)",
                "producer[linger.ms]=soon | the client refuses them: Invalid value soon",
                "consumer[max.poll.record]=1 | did you mean max.poll.records?",
                "consumer[max-poll-records]=1 | did you mean max.poll.records?",
                "properties[sasl.mechanisms]=PLAIN | did you mean sasl.mechanism?",
                "ssl.bundle=nowhere | is no bundle of spring.ssl.bundle",
                "bundle=x | is not a property of Tally",
            })
    void refusesAndExplains(String property, String reason, CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL, "--tally.pipelines.clicks.kafka." + property.strip()))
                .contains(reason.strip())
                .contains("has a problem:")
                .contains("Property: tally.pipelines.clicks.kafka.")
                .doesNotContain("\tat ");
    }

    /** A plug-in of a client has settings that nobody else knows. */
    @Test
    void leavesAloneWhatIsLikeNoSetting() {
        assertThat(alone("--tally.pipelines.clicks.kafka.consumer[acme.schema.registry]=x")
                        .clients()
                        .consumer())
                .containsEntry("acme.schema.registry", "x");
    }

    private static String[] with(String[] arguments, String more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** The settings of the pipeline clicks, of a configuration without the packaged file. */
    private static KafkaClientSettings alone(String... arguments) {
        KafkaClientSettings[] found = new KafkaClientSettings[1];
        Startup.yaml(
                Startup.MINIMAL,
                context -> found[0] = context.getBean(PipelineClients.class).of("clicks"),
                arguments);
        return found[0];
    }
}
