package io.tally.campaign.read;

import io.tally.campaign.check.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The state topic in the hands of an operator, while nobody else writes to it. */
public final class StateTopic implements AutoCloseable {
    private static final char ENTRY = 'E';

    private final String topic;
    private final Collector collector;
    private final List<Message> log;
    private final KafkaProducer<byte[], byte[]> producer;

    StateTopic(String broker, String topic, Collector collector, List<Message> log) {
        this.topic = topic;
        this.collector = collector;
        this.log = log;
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The latest version of each entry that is there. */
    public List<Message> entries() {
        Map<String, Message> latest = new LinkedHashMap<>();
        for (Message message : log) {
            if (message.key() != null && message.key().charAt(1) == ENTRY) {
                latest.put(message.partition() + message.key(), message);
            }
        }
        List<Message> entries = new ArrayList<>(latest.values());
        entries.removeIf(message -> message.value() == null);
        return entries;
    }

    /** The version of an entry before this one; null if it is the first one. */
    public @Nullable Message before(Message entry) {
        Message before = null;
        for (Message message : log) {
            if (message.partition() == entry.partition()
                    && message.offset() < entry.offset()
                    && entry.key() != null
                    && entry.key().equals(message.key())) {
                before = message;
            }
        }
        return before;
    }

    /** Its value with one bit turned over. */
    public String withWrongByte(Message entry, Random random) {
        String value = entry.value() == null ? "" : entry.value();
        int place = random.nextInt(value.length());
        return value.substring(0, place)
                + (char) (value.charAt(place) ^ 1 << random.nextInt(8))
                + value.substring(place + 1);
    }

    /** Writes another value in the place of an entry. Nobody takes it for the pipeline's own work. */
    public void write(Message entry, @Nullable String value) throws Exception {
        long offset = producer.send(new ProducerRecord<>(topic, entry.partition(), bytes(entry.key()), bytes(value)))
                .get()
                .offset();
        collector.disregard(new Message.Position(entry.partition(), offset));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        producer.close();
    }
}
