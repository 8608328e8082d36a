package io.tally.config.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.PropertiesConfiguration;
import io.tally.config.Startup;
import io.tally.kafka.client.ClientSettings;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class KafkaClientSettingsTest {
    @Test
    void forcesWhatExactlyOnceRestsOn() {
        packaged(settings -> {
            assertThat(settings.clients().consumer())
                    .containsEntry("isolation.level", "read_committed")
                    .containsEntry("enable.auto.commit", false)
                    .containsEntry("auto.offset.reset", "none")
                    .containsEntry("allow.auto.create.topics", false)
                    .containsEntry("key.deserializer", ByteBufferDeserializer.class)
                    .containsEntry("value.deserializer", ByteBufferDeserializer.class)
                    .doesNotContainKeys("group.id", "group.instance.id");
            assertThat(settings.clients().producer())
                    .containsEntry("acks", "all")
                    .containsEntry("enable.idempotence", true)
                    .containsEntry("key.serializer", ByteArraySerializer.class)
                    .containsEntry("value.serializer", ByteArraySerializer.class)
                    .doesNotContainKeys("transactional.id");
            assertThat(settings.startAtEnd()).isFalse();
        });
    }

    @Test
    void packagesDefaultsThatGoTogether() {
        packaged(settings -> {
            ClientSettings clients = settings.clients();
            ConsumerConfig consumer = new ConsumerConfig(clients.consumer());
            assertThat(consumer.getInt("max.poll.records")).isEqualTo(2_000);
            assertThat(consumer.getInt("session.timeout.ms")).isEqualTo(10_000);
            assertThat(consumer.getInt("heartbeat.interval.ms")).isEqualTo(1_000);
            assertThat(consumer.getInt("max.partition.fetch.bytes")).isEqualTo(4_194_304);
            assertThat(consumer.getList("partition.assignment.strategy"))
                    .isEqualTo(List.of(CooperativeStickyAssignor.class.getName()));
            ProducerConfig producer = new ProducerConfig(clients.producer());
            assertThat(producer.getInt("transaction.timeout.ms")).isEqualTo(10_000);
            assertThat(producer.getLong("max.block.ms")).isEqualTo(5_000);
            assertThat(producer.getInt("delivery.timeout.ms")).isEqualTo(9_000);
            assertThat(producer.getInt("request.timeout.ms")).isEqualTo(3_000);
            assertThat(producer.getLong("retry.backoff.ms")).isEqualTo(5);
            assertThat(producer.getLong("reconnect.backoff.max.ms")).isEqualTo(5_000);
            assertThat(clients.admin()).containsEntry("default.api.timeout.ms", 5_000);
        });
    }

    @Test
    void inheritsAddressesSecurityAndProperties() {
        packaged(
                settings -> {
                    for (Map<String, Object> client : List.of(
                            settings.clients().consumer(),
                            settings.clients().producer(),
                            settings.clients().admin())) {
                        assertThat(client)
                                .containsEntry("bootstrap.servers", List.of("one:1", "two:2"))
                                .containsEntry("security.protocol", "SASL_SSL")
                                .containsEntry("sasl.mechanism", "PLAIN");
                    }
                    assertThat(settings.clients().consumer()).containsEntry("client.rack", "r1");
                    assertThat(settings.startAtEnd()).isTrue();
                },
                "--spring.kafka.bootstrap-servers=one:1,two:2",
                "--spring.kafka.security.protocol=SASL_SSL",
                "--spring.kafka.properties[sasl.mechanism]=PLAIN",
                "--spring.kafka.consumer.properties[client.rack]=r1",
                "--spring.kafka.consumer.auto-offset-reset=latest");
    }

    @ParameterizedTest
    @CsvSource({"latest, true", "LATEST, true", "' Latest ', true", "Earliest, false"})
    void takesTheBeginningHoweverItIsSpelt(String reset, boolean atEnd) {
        packaged(
                settings -> assertThat(settings.startAtEnd()).isEqualTo(atEnd),
                "--spring.kafka.consumer.properties[auto.offset.reset]=" + reset);
    }

    @Test
    void takesAddressesAndCertificatesFromConnectionDetails() {
        SslBundle bundle = SslBundle.of(null);
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, SslAutoConfiguration.class))
                .withUserConfiguration(PropertiesConfiguration.class)
                .withPropertyValues(
                        "tally.pipelines.p.source.topic=a",
                        "tally.pipelines.p.source.columns=x",
                        "tally.pipelines.p.sink.topic=b",
                        "tally.pipelines.p.window.size=1s")
                .withBean(KafkaConnectionDetails.class, () -> new KafkaConnectionDetails() {
                    @Override
                    public List<String> getBootstrapServers() {
                        return List.of("container:9");
                    }

                    @Override
                    public SslBundle getSslBundle() {
                        return bundle;
                    }
                })
                .run(context -> {
                    KafkaClientSettings settings =
                            context.getBean(PipelineClients.class).of("p");
                    assertThat(settings.clients().producer())
                            .containsEntry("bootstrap.servers", List.of("container:9"))
                            .containsKey(SslBundle.class.getName())
                            .containsKey("ssl.engine.factory.class");
                });
    }

    @Test
    void leavesOutTheClassicProtocolsSettingsForTheOther() {
        packaged(
                settings -> assertThat(settings.clients().consumer())
                        .doesNotContainKeys(
                                "session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy"),
                "--spring.kafka.consumer.properties[group.protocol]=consumer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer.isolation-level=read_uncommitted | would count records of aborted transactions",
                "consumer.properties[isolation.level]=read_uncommitted | would count records of aborted transactions",
                "consumer.properties.isolation.level=read_uncommitted | would count records of aborted transactions",
                "properties[isolation.level]=read_uncommitted | would count records of aborted transactions",
                "consumer.enable-auto-commit=true | would commit offsets outside the transaction",
                "consumer.auto-offset-reset=none | says where a pipeline without committed offset begins",
                "consumer.value-deserializer=org.apache.kafka.common.serialization.StringDeserializer | Tally reads and"
                        + " writes bytes",
                "consumer.group-id=mine | tally.pipelines.<name>.group-id",
                "consumer.properties[group.instance.id]=a | tally.instance-id",
                "consumer.properties[allow.auto.create.topics]=true | would answer a typo with an empty topic",
                "producer.acks=1 | would let a transaction lose, double or reorder records",
                "producer.properties[enable.idempotence]=false | would let a transaction lose",
                "producer.retries=0 | would let a transaction lose",
                "producer.properties[max.in.flight.requests.per.connection]=6 | 1 to 5 are possible",
                "producer.transaction-id-prefix=mine- | tally.instance-id",
                "producer.properties[transactional.id]=mine | tally.instance-id",
                "producer.key-serializer=org.apache.kafka.common.serialization.StringSerializer | reads and writes bytes",
                "listener.concurrency=4 | the number of consumer threads is tally.pipelines.<name>.lanes",
                "listener.ack-mode=record | offsets are committed by the transaction that carries the results",
                "listener.idle-between-polls=1s | has no effect",
                "producer.properties[delivery.timeout.ms]=3000 | must be at least linger.ms (10) plus request.timeout.ms"
                        + " (3000)",
                "producer.properties[delivery.timeout.ms]=20000 | must not exceed transaction.timeout.ms (10000)",
                "producer.properties[max.block.ms]=60000 | must not exceed transaction.timeout.ms (10000)",
                "consumer.heartbeat-interval=10s | must be below session.timeout.ms (10000)",
                "producer.properties[transaction.timeout.ms]=10s | the client refuses them: Invalid value 10s for"
                        + " configuration transaction.timeout.ms",
                "consumer.properties[fetch.max.wait.ms]=-1 | the client refuses them: Invalid value -1 for configuration"
                        + " fetch.max.wait.ms",
            })
    void refusesAndExplains(String property, String reason, CapturedOutput output) {
        assertThat(Startup.packagedFailure(output, "--spring.kafka." + property.strip()))
                .contains(reason.strip())
                .contains("has a problem:")
                .contains("Property: spring.kafka.")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer.isolation-level=read_committed",
                "consumer.isolation-level=READ-COMMITTED",
                "consumer.properties[isolation.level]=read_committed",
                "consumer.enable-auto-commit=false",
                "producer.acks=-1",
                "producer.retries=2147483647",
                "producer.value-serializer=org.apache.kafka.common.serialization.ByteArraySerializer",
            })
    void acceptsWhatItWouldForceAnyway(String property) {
        packaged(settings -> assertThat(settings).isNotNull(), "--spring.kafka." + property);
    }

    @Test
    void tellsWhereAConflictingValueWasSet(CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL + "spring: {kafka: {producer: {acks: \"0\"}}}\n"))
                .containsPattern(
                        "Property: spring.kafka.producer.acks\n    Value: \"0\"\n    Origin: URL .*\\.yml\\] - 7:");
    }

    private static void packaged(Consumer<KafkaClientSettings> then, String... arguments) {
        Startup.packaged(
                context -> then.accept(context.getBean(PipelineClients.class).of("ip-count")), arguments);
    }
}
