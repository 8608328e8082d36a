package io.tally.kafka;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** The one embedded broker of a test run: started when first asked for, ended with the run. */
final class Broker implements AutoCloseable {
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

    private Broker() {
        broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperties(SETTINGS);
        broker.afterPropertiesSet();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
    }

    /** The broker of the run that the context belongs to. */
    static Broker of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Broker.class))
                .computeIfAbsent(Broker.class, key -> new Broker(), Broker.class);
    }

    String bootstrap() {
        return broker.getBrokersAsString();
    }

    Admin admin() {
        return admin;
    }

    /** Waits for an answer of the admin client. */
    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.destroy();
    }
}
