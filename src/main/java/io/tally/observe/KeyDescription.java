package io.tally.observe;

import io.tally.pipeline.control.Elsewhere;
import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.KeyRow;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of a key, as the endpoint shows it. The JSON has the fields' names and order.
 *
 * @param text why something is not known; null if all is
 * @param partitions those of this instance that hold something of it
 * @param elsewhere who may have it, if this instance has nothing of it
 * @param gone which rows of the key are not kept, and where they are; null if nothing was looked up
 */
record KeyDescription(
        String pipeline,
        String key,
        Outcome outcome,
        @Nullable String text,
        List<Partition> partitions,
        List<Peer> elsewhere,
        @Nullable String gone) {

    /**
     * What a partition holds of the key, as of one commit.
     *
     * @param offset the rows count the records before this committed offset, and no others
     * @param more whether there are more windows than are shown
     */
    record Partition(
            int partition, int lane, long offset, @Nullable Instant watermark, List<Row> rows, boolean more) {}

    /**
     * A window of the key.
     *
     * @param start null for totals, as the end
     * @param closed whether its row has left, and it is only kept for corrections (allowed-lateness)
     * @param revision how many rows of it have left, where these are counted; else 0
     * @param row as the sink would have it if it left now
     */
    record Row(@Nullable Instant start, @Nullable Instant end, boolean closed, long revision, String row) {}

    /** Another instance; without instance and host if nobody has these partitions at the moment. */
    record Peer(
            @Nullable String instance,
            @Nullable String host,
            @Nullable String address,
            List<Integer> partitions) {}

    static KeyDescription of(String pipeline, String key, KeyReport report, @Nullable String peerAddress) {
        return new KeyDescription(
                pipeline,
                key,
                report.outcome(),
                report.text(),
                report.partitions().stream().map(KeyDescription::partition).toList(),
                report.elsewhere().stream().map(peer -> peer(peer, peerAddress)).toList(),
                report.gone());
    }

    private static Partition partition(PartitionKey found) {
        return new Partition(
                found.partition(),
                found.lane(),
                found.offset(),
                time(found.watermark()),
                found.rows().stream().map(KeyDescription::row).toList(),
                found.hasMore());
    }

    private static Row row(KeyRow row) {
        return new Row(time(row.start()), time(row.end()), row.isClosed(), row.revision(), row.row());
    }

    private static Peer peer(Elsewhere peer, @Nullable String template) {
        String host = peer.host();
        String instance = peer.instance();
        String address = template == null || host == null
                ? null
                : template.replace("{host}", host).replace("{instance}", instance == null ? host : instance);
        return new Peer(instance, host, address, peer.partitions());
    }

    private static @Nullable Instant time(@Nullable Long epochMillis) {
        return epochMillis == null ? null : Instant.ofEpochMilli(epochMillis);
    }
}
