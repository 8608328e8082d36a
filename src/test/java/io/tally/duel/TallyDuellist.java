package io.tally.duel;

import io.tally.codec.SourceRecord;
import io.tally.kafka.client.ClientSettings;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.Topics;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.WrappedDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Tally in a duel. */
final class TallyDuellist implements Duellist {
    private final boolean shuffled;
    private final String group;
    private final Topics topics;
    private final ClientSettings settings;
    private final Map<String, Instance> instances = new ConcurrentHashMap<>();

    TallyDuellist(boolean shuffled, String group, Topics topics, ClientSettings settings) {
        this.shuffled = shuffled;
        this.group = group;
        this.topics = topics;
        this.settings = settings;
    }

    @Override
    public void start(String instance, int poll, Runnable taking) {
        LinesPipeline pipeline = new LinesPipeline()
                .template(DuelLog.ROW)
                .checkpointAfter(poll)
                .decoder(real -> new WrappedDecoder(real) {
                    @Override
                    protected void before(SourceRecord record) {
                        taking.run();
                    }
                });
        List<KafkaPipeline> stages = shuffled
                ? pipeline.buildShuffled(group, instance, topics)
                : List.of(pipeline.build(group, instance, topics));
        Map<String, Object> consumer = new HashMap<>(settings.consumer());
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, poll);
        ClientSettings own = new ClientSettings(
                consumer,
                settings.producer(),
                settings.admin(),
                settings.addressProperty(),
                settings.protocolProperty());
        Instance started = new Instance(stages, own, new Faults());
        instances.put(instance, started);
        started.start();
    }

    @Override
    public void die(String instance) {
        instances.get(instance).faults().kill();
    }

    @Override
    public void end(String instance) {
        Instance ended = instances.remove(instance);
        if (ended != null) {
            ended.stop();
        }
    }

    @Override
    public void close() {
        List.copyOf(instances.keySet()).forEach(this::end);
    }
}
