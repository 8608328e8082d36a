package io.tally.setting;

import java.util.ServiceLoader;

/** A setting that a text of the core speaks of. In a text it stands under the name that users know. */
public enum Setting {
    ACCESS_TIMEOUT,
    BOOTSTRAP_SERVERS,
    CREATE_TOPICS,
    FILTER,
    INSTANCE_ID,
    KAFKA_BOOTSTRAP_SERVERS,
    KAFKA_SECURITY_PROTOCOL,
    KEY_FIELDS,
    KEY_MAX_BYTES,
    KEY_PARTITIONER,
    KEY_RECORD_KEY,
    KEY_SPREAD,
    KEY_VERIFY,
    LANES,
    MAX_OPEN_BYTES,
    MAX_OPEN_ENTRIES,
    MAX_POLL_RECORDS,
    MAX_REQUEST_SIZE,
    MAX_ROWS_PER_TRANSACTION,
    SECURITY_PROTOCOL,
    SHUFFLE,
    SHUFFLE_TOPIC_NAME,
    SHUFFLE_TOPIC_PARTITIONS,
    SINK_ESCAPE,
    SINK_KEY,
    SINK_TEMPLATE,
    SINK_TIME_FORMAT,
    SINK_TOPIC,
    SOURCE_COLUMNS,
    SOURCE_FIELDS,
    SOURCE_FORMAT,
    SOURCE_INVALID_UTF8,
    SOURCE_MAX_BYTES,
    SOURCE_MAX_EVENTS,
    SOURCE_MAX_MATCH_BYTES,
    SOURCE_MISSING,
    SOURCE_NULL_VALUES,
    SOURCE_PATTERN,
    SOURCE_QUOTE,
    SOURCE_SKIP,
    SOURCE_SKIP_PATTERN,
    SOURCE_SKIP_PREFIXES,
    SOURCE_SPLIT,
    SOURCE_TOPIC,
    SOURCE_VALUES,
    STATE_TOPIC,
    TIMESTAMP_FIELD,
    TIMESTAMP_FIELDS,
    TIMESTAMP_FLOOR,
    TIMESTAMP_FORMAT,
    TIMESTAMP_MAX_AHEAD,
    WINDOW_ALLOWED_LATENESS,
    WINDOW_GRACE;

    /** Its name, relative to its pipeline if it belongs to one. */
    @Override
    public String toString() {
        return Names.KNOWN.name(this);
    }

    /** Its full name in a pipeline. */
    public String of(String pipeline) {
        return Names.KNOWN.name(this, pipeline);
    }

    /**
     * Its full name, as a setting of one of a pipeline's sinks.
     *
     * @param sink the sink's place, 0 for the first
     */
    public String ofSink(String pipeline, int sink) {
        return Names.KNOWN.sinkName(this, pipeline, sink);
    }

    private static final class Names {
        static final SettingNames KNOWN = ServiceLoader.load(SettingNames.class, Setting.class.getClassLoader())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no class names the settings: META-INF/services lacks an entry for "
                                + SettingNames.class.getName()));
    }
}
