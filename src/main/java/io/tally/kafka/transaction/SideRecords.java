package io.tally.kafka.transaction;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.kafka.topic.SideTopic;
import io.tally.pipeline.Lateness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * Late records and dead letters: the original key, value and headers, plus headers that say where the record came from
 * (Spring Kafka's standard dead-letter headers, so that existing tools read them) and what was wrong (ours, in text).
 * If a record holds several events, they have only the bytes of the event in question, and say which event it was. So
 * nothing comes twice if they are sent again.
 *
 * <p>Incoming headers of those names are dropped: the coordinates in a dead letter are always the ones it was read at.
 */
public final class SideRecords {
    public static final String ORIGINAL_TOPIC = KafkaHeaders.DLT_ORIGINAL_TOPIC;
    public static final String ORIGINAL_PARTITION = KafkaHeaders.DLT_ORIGINAL_PARTITION;
    public static final String ORIGINAL_OFFSET = KafkaHeaders.DLT_ORIGINAL_OFFSET;
    public static final String ORIGINAL_TIMESTAMP = KafkaHeaders.DLT_ORIGINAL_TIMESTAMP;
    public static final String ORIGINAL_TIMESTAMP_TYPE = KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE;
    public static final String ORIGINAL_GROUP = KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP;
    public static final String REASON = "tally_reason";
    public static final String EVENT_TIME = "tally_event-time";
    public static final String WINDOW_START = "tally_window-start";
    public static final String WINDOW_END = "tally_window-end";
    public static final String WATERMARK = "tally_watermark";
    public static final String LATE_BY = "tally_late-by-ms";
    public static final String EVENT_NUMBER = "tally_event-number";
    public static final String EVENT_COUNT = "tally_event-count";
    static final String PARTIAL = "tally_partial";
    public static final String HEADERS_DROPPED = "tally_headers-dropped";
    public static final String KEY_TRUNCATED_FROM = "tally_key-truncated-from-bytes";
    public static final String TRUNCATED_FROM = "tally_value-truncated-from-bytes";
    public static final String VALUE_SHA_256 = "tally_value-sha256";

    private static final String OURS = "tally_";
    private static final String SPRINGS = "kafka_dlt-";
    /** What a record batch adds around a record, generously. */
    private static final int OVERHEAD = 512;
    /** More than any producer adds; a record without them is as good a dead letter. */
    static final int MOST_HEADERS = 1000;

    private final String groupId;
    private final String sourceTopic;
    private final int partition;

    /**
     * Of one source partition.
     *
     * @param partition its number
     */
    SideRecords(String groupId, String sourceTopic, int partition) {
        this.groupId = groupId;
        this.sourceTopic = sourceTopic;
        this.partition = partition;
    }

    ProducerRecord<byte[], byte[]> late(SideTopic topic, SourceRecord source, Lateness lateness) {
        return fitted(topic, source, headers(source, lateness));
    }

    /** A partial aggregate that came too late at a merge: a row in place of the records, which are in the source. */
    ProducerRecord<byte[], byte[]> latePartial(
            SideTopic topic, SourceRecord source, byte[] key, byte[] row, Lateness lateness) {
        Headers headers = headers(source, lateness);
        put(headers, PARTIAL, "true");
        return fitted(topic, key, row, headers);
    }

    private Headers headers(SourceRecord source, Lateness lateness) {
        Headers headers = coordinates(source);
        put(headers, EVENT_TIME, time(lateness.eventTime()));
        put(headers, WINDOW_START, time(lateness.windowStart()));
        put(headers, WINDOW_END, time(lateness.windowEnd()));
        put(headers, WATERMARK, time(lateness.watermark()));
        put(headers, LATE_BY, Long.toString(lateness.lateBy()));
        return headers;
    }

    ProducerRecord<byte[], byte[]> deadLetter(SideTopic topic, SourceRecord source, Rejection rejection) {
        Headers headers = coordinates(source);
        put(headers, KafkaHeaders.DLT_EXCEPTION_FQCN, Rejection.class.getName());
        put(headers, KafkaHeaders.DLT_EXCEPTION_MESSAGE, rejection.detail());
        put(headers, REASON, rejection.reason().name());
        return fitted(topic, source, headers);
    }

    private ProducerRecord<byte[], byte[]> fitted(SideTopic topic, SourceRecord source, Headers headers) {
        if (source.events() > 0) {
            put(headers, EVENT_NUMBER, Integer.toString(source.event()));
            put(headers, EVENT_COUNT, Integer.toString(source.events()));
        }
        return fitted(topic, copy(source.key()), copy(source.value()), headers);
    }

    private static byte @Nullable [] copy(@Nullable ByteRange range) {
        return range == null ? null : range.copy();
    }

    private Headers coordinates(SourceRecord source) {
        RecordHeaders all = new RecordHeaders();
        source.headers((name, value) -> {
            if (!isOurs(name)) {
                all.add(name, value);
            }
        });
        Headers headers = all.toArray().length > MOST_HEADERS ? withoutForeign(all) : all;
        put(headers, KafkaHeaders.DLT_ORIGINAL_TOPIC, sourceTopic);
        headers.add(
                KafkaHeaders.DLT_ORIGINAL_PARTITION,
                ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
        headers.add(KafkaHeaders.DLT_ORIGINAL_OFFSET, bytes(source.offset()));
        headers.add(ORIGINAL_TIMESTAMP, bytes(source.timestamp()));
        put(headers, ORIGINAL_TIMESTAMP_TYPE, source.timestampType());
        put(headers, KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP, groupId);
        return headers;
    }

    /**
     * If a record would not fit the topic, cuts off what makes it too large, and says so in its headers. Its own
     * headers go if they are more than a quarter of what fits. The key is cut to a quarter of that, and the value to
     * the rest.
     */
    private ProducerRecord<byte[], byte[]> fitted(
            SideTopic topic, byte @Nullable [] wholeKey, byte @Nullable [] wholeValue, Headers allHeaders) {
        Headers headers = allHeaders;
        byte[] key = wholeKey;
        byte[] value = wholeValue;
        long room = topic.maxBytes() - OVERHEAD;
        if (size(headers) + length(key) + length(value) > room) {
            // The headers that say what is missing need some room too.
            room -= 2L * OVERHEAD;
            if (foreignSize(headers) > room / 4) {
                headers = withoutForeign(headers);
            }
            key = cut(key, room / 4, KEY_TRUNCATED_FROM, headers);
            byte[] cut = cut(value, room - size(headers) - length(key), TRUNCATED_FROM, headers);
            if (value != null && length(cut) < value.length) {
                put(headers, VALUE_SHA_256, sha256(value));
            }
            value = cut;
        }
        Integer target = partition < topic.partitions() ? partition : null;
        // Stamped with the time of sending: an event time far in the past or future could be refused by the broker, or
        // be deleted at once by retention. The original timestamp is in a header.
        return new ProducerRecord<>(topic.name(), target, null, key, value, headers);
    }

    private static long foreignSize(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += isOurs(header.key()) ? 0 : size(header);
        }
        return size;
    }

    /** The headers that are ours, and how many others there were. */
    private static Headers withoutForeign(Headers headers) {
        RecordHeaders ours = new RecordHeaders();
        int foreign = 0;
        for (Header header : headers) {
            if (isOurs(header.key())) {
                ours.add(header);
            } else {
                foreign++;
            }
        }
        put(ours, HEADERS_DROPPED, Integer.toString(foreign));
        return ours;
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, long limit, String note, Headers headers) {
        if (bytes == null || bytes.length <= limit) {
            return bytes;
        }
        put(headers, note, Integer.toString(bytes.length));
        return Arrays.copyOf(bytes, (int) Math.max(0, limit));
    }

    private static boolean isOurs(String header) {
        return header.startsWith(OURS) || header.startsWith(SPRINGS);
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += size(header);
        }
        return size;
    }

    private static long size(Header header) {
        // A character is at most three bytes of UTF-8.
        return 3L * header.key().length() + length(header.value()) + 10;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
