package io.tally.config.property;

import io.tally.setting.Setting;
import io.tally.setting.SettingNames;

/** The properties by which users make the settings that texts of the core speak of. */
public final class PropertyNames implements SettingNames {
    private static final String PIPELINES = "tally.pipelines.";

    @Override
    public String name(Setting setting) {
        return switch (setting) {
            case ACCESS_TIMEOUT -> "access-timeout";
            case BOOTSTRAP_SERVERS -> "spring.kafka.bootstrap-servers";
            case CREATE_TOPICS -> "create-topics";
            case FILTER -> "filter";
            case INSTANCE_ID -> "tally.instance-id";
            case KAFKA_BOOTSTRAP_SERVERS -> "kafka.bootstrap-servers";
            case KAFKA_SECURITY_PROTOCOL -> "kafka.security.protocol";
            case KEY_FIELDS -> "key.fields";
            case KEY_MAX_BYTES -> "key.max-bytes";
            case KEY_PARTITIONER -> "key.partitioner";
            case KEY_RECORD_KEY -> "key.record-key";
            case KEY_SPREAD -> "key.spread";
            case KEY_VERIFY -> "key.verify";
            case LANES -> "lanes";
            case MAX_OPEN_BYTES -> "max-open-bytes";
            case MAX_OPEN_ENTRIES -> "max-open-entries";
            case MAX_POLL_RECORDS -> "spring.kafka.consumer.max-poll-records";
            case MAX_REQUEST_SIZE -> "spring.kafka.producer.properties[max.request.size]";
            case MAX_ROWS_PER_TRANSACTION -> "max-rows-per-transaction";
            case SECURITY_PROTOCOL -> "spring.kafka.security.protocol";
            case SHUFFLE -> "shuffle";
            case SHUFFLE_TOPIC_NAME -> "shuffle-topic.name";
            case SHUFFLE_TOPIC_PARTITIONS -> "shuffle-topic.partitions";
            case SINK_ESCAPE -> "sink.escape";
            case SINK_KEY -> "sink.key";
            case SINK_TEMPLATE -> "sink.template";
            case SINK_TIME_FORMAT -> "sink.time-format";
            case SINK_TOPIC -> "sink.topic";
            case SOURCE_COLUMNS -> "source.columns";
            case SOURCE_FIELDS -> "source.fields";
            case SOURCE_FORMAT -> "source.format";
            case SOURCE_INVALID_UTF8 -> "source.invalid-utf8";
            case SOURCE_MAX_BYTES -> "source.max-bytes";
            case SOURCE_MAX_EVENTS -> "source.max-events";
            case SOURCE_MAX_MATCH_BYTES -> "source.max-match-bytes";
            case SOURCE_MISSING -> "source.missing";
            case SOURCE_NULL_VALUES -> "source.null-values";
            case SOURCE_PATTERN -> "source.pattern";
            case SOURCE_QUOTE -> "source.quote";
            case SOURCE_SKIP -> "source.skip";
            case SOURCE_SKIP_PATTERN -> "source.skip.pattern";
            case SOURCE_SKIP_PREFIXES -> "source.skip.prefixes";
            case SOURCE_SPLIT -> "source.split";
            case SOURCE_TOPIC -> "source.topic";
            case SOURCE_VALUES -> "source.values";
            case STATE_TOPIC -> "state.topic";
            case TIMESTAMP_FIELD -> "timestamp.field";
            case TIMESTAMP_FIELDS -> "timestamp.fields";
            case TIMESTAMP_FLOOR -> "timestamp.floor";
            case TIMESTAMP_FORMAT -> "timestamp.format";
            case TIMESTAMP_MAX_AHEAD -> "timestamp.max-ahead";
            case WINDOW_ALLOWED_LATENESS -> "window.allowed-lateness";
            case WINDOW_GRACE -> "window.grace";
        };
    }

    @Override
    public String name(Setting setting, String pipeline) {
        String name = name(setting);
        return isOfProcess(setting) ? name : pipelineGroup(pipeline) + "." + name;
    }

    @Override
    public String sinkName(Setting setting, String pipeline, int sink) {
        String first = name(setting);
        String group = sinkGroup(0);
        if (!first.startsWith(group + ".")) {
            throw new IllegalArgumentException(first + " is no setting of a sink");
        }
        return pipelineGroup(pipeline) + "." + sinkGroup(sink) + first.substring(group.length());
    }

    /**
     * The group of properties that a sink has.
     *
     * @param sink its place, 0 for the first
     */
    public static String sinkGroup(int sink) {
        return sink == 0 ? "sink" : "further-sinks[" + (sink - 1) + "]";
    }

    /** The group of properties that a pipeline has. */
    public static String pipelineGroup(String pipeline) {
        return PIPELINES + pipeline;
    }

    private static boolean isOfProcess(Setting setting) {
        return switch (setting) {
            case BOOTSTRAP_SERVERS, INSTANCE_ID, MAX_POLL_RECORDS, MAX_REQUEST_SIZE, SECURITY_PROTOCOL -> true;
            default -> false;
        };
    }
}
