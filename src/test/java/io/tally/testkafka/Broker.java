package io.tally.testkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.record.FileLogInputStream;
import org.apache.kafka.common.record.FileRecords;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** An embedded broker. Tests share one: started when first asked for, ended with the process. */
public final class Broker implements AutoCloseable {
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // What no rule is about is allowed.
            Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
            Map.entry("allow.everyone.if.no.acl.found", "true"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            // A single broker cannot do transactions without these two.
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.session.timeout.ms", "3000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "200"),
            Map.entry("group.consumer.heartbeat.interval.ms", "500"));

    private final EmbeddedKafkaKraftBroker broker;
    private final Admin admin;

    private Broker(Map<String, String> more) {
        broker = new EmbeddedKafkaKraftBroker(1, 1);
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(more);
        broker.brokerProperties(settings);
        broker.afterPropertiesSet();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
    }

    /** The broker of the process that runs the tests, class by class, in one session. */
    public static Broker of(ExtensionContext context) {
        return context.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(Broker.class))
                .computeIfAbsent(Broker.class, key -> new Broker(Map.of()), Broker.class);
    }

    /** One that nobody else uses, to be stopped, meddled with and started again. */
    public static Broker ofItsOwn() {
        // So long the controller holds the place of one that has gone.
        return new Broker(Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500"));
    }

    /**
     * One at which everybody needs permissions, but for the admin client of the tests. Its second listener takes
     * clients with TLS and SCRAM.
     *
     * @param keystore PKCS12 file with the broker's key
     * @param password the file's and the key's
     */
    public static Broker secured(Path keystore, String password) {
        return new Broker(Map.ofEntries(
                Map.entry("allow.everyone.if.no.acl.found", "false"),
                Map.entry("super.users", "User:ANONYMOUS"),
                Map.entry("listeners", "EXTERNAL://localhost:0,SECURE://localhost:0,CONTROLLER://localhost:0"),
                Map.entry("listener.security.protocol.map", "EXTERNAL:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT"),
                Map.entry("listener.name.secure.ssl.keystore.type", "PKCS12"),
                Map.entry("listener.name.secure.ssl.keystore.location", keystore.toString()),
                Map.entry("listener.name.secure.ssl.keystore.password", password),
                Map.entry("listener.name.secure.ssl.key.password", password),
                Map.entry("listener.name.secure.sasl.enabled.mechanisms", "SCRAM-SHA-512,OAUTHBEARER"),
                Map.entry(
                        "listener.name.secure.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                // Its own check of tokens is for tests: it takes those without a signature.
                Map.entry(
                        "listener.name.secure.oauthbearer.sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;")));
    }

    /** Where a secured one takes clients with TLS, and SCRAM or OAUTHBEARER. */
    public String securedAddress() {
        return "localhost:" + server().boundPort(ListenerName.normalised("SECURE"));
    }

    /** One that forgets transactional ids after a silence of so many milliseconds. */
    public static Broker forgetting(int millis) {
        return new Broker(Map.of(
                "transactional.id.expiration.ms",
                Integer.toString(millis),
                "transaction.remove.expired.transaction.cleanup.interval.ms",
                "500"));
    }

    /** As an orderly shutdown does. */
    public void stop() {
        server().shutdown();
        server().awaitShutdown();
    }

    /** Starts it again, with what it has on disk. */
    public void restart() {
        server().startup();
    }

    private BrokerServer server() {
        return broker.getCluster().brokers().get(0);
    }

    /**
     * Cuts the end off a partition's log, as a disk that loses it does, or a leader that never had it. Only while
     * stopped.
     *
     * @param batches how many are lost
     * @return the first offset that is lost
     */
    public long cut(TopicPartition partition, int batches) {
        Path directory = Path.of(server().config().logDirs().get(0), partition.toString());
        try (FileRecords log =
                FileRecords.open(directory.resolve("00000000000000000000.log").toFile())) {
            List<FileLogInputStream.FileChannelRecordBatch> all = new ArrayList<>();
            log.batches().forEach(all::add);
            FileLogInputStream.FileChannelRecordBatch lost = all.get(all.size() - batches);
            log.truncateTo(lost.position());
            // Without it the broker looks at the log itself, and finds its new end.
            Files.delete(directory.resolve("00000000000000000000.index"));
            return lost.baseOffset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrap() {
        return broker.getBrokersAsString();
    }

    public Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close();
        broker.destroy();
    }
}
