package io.tally.command.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer. Its names and order are those of the JSON.
 *
 * @param text it in words, a sentence each
 * @param reasons why there is no row; empty if there is one
 * @param isProven whether no other record can have been counted; without a row, whether no record was counted
 * @param proof why it is proven, or what is missing for that
 * @param rows those of the sinks
 * @param noCommit why the commit that brought a row is not known; null if all are
 * @param given what the source gives, for each partition that closes windows
 * @param closedBy the events whose times closed the window
 * @param late those that were not counted since they were late
 * @param deadLetters those that could not be read and mention the key
 * @param filtered those that the filter leaves out and mention the key
 * @param notRead those that the pipeline has not read yet
 * @param beforePipeline those from before the pipeline began
 * @param read what was read for this
 */
record Explanation(
        String pipeline,
        Instant windowStart,
        Instant windowEnd,
        Verdict verdict,
        List<String> text,
        List<Reason> reasons,
        boolean isProven,
        String proof,
        List<Row> rows,
        @Nullable String noCommit,
        List<Given> given,
        List<EventPlace> closedBy,
        EventList.Shown late,
        EventList.Shown deadLetters,
        EventList.Shown filtered,
        EventList.Shown notRead,
        EventList.Shown beforePipeline,
        List<SearchedRange> read) {
    /** What the answer is. */
    enum Verdict {
        /** The rows of the sinks are those that the source gives. */
        EXPLAINED,
        /** The rows of the sinks differ from those that the source gives. */
        DIFFERENT,
        /** There are counted records, and the row has yet to leave. */
        OPEN,
        /** There is no row, since no record was counted. */
        NOT_COUNTED,
        /** What would be needed is deleted, there was no time to read it, or rows may be taken for others. */
        UNKNOWN
    }

    /** Why there is no row. */
    enum Reason {
        /** Records were counted, and the window is open. */
        WINDOW_OPEN,
        /** Rows are leaving right now. */
        LEAVING,
        /** There is no record of the key and window. */
        NO_RECORD,
        /** Records were late. */
        LATE,
        /** Records that mention the key are dead letters. */
        DEAD_LETTER,
        /** The filter leaves out records that mention the key. */
        FILTERED,
        /** There are records that the pipeline has not read yet. */
        NOT_READ,
        /** There are records from before the pipeline began. */
        BEFORE_PIPELINE,
        /** The source no longer holds that time. */
        SOURCE_DELETED,
        /** A sink no longer holds what was written then. */
        SINK_DELETED
    }

    /**
     * A row in a sink.
     *
     * @param written when it was sent, in the transaction that brought it
     * @param revision null if it is not told apart by one, or is not known
     * @param isExpected whether the source gives it, too, or redrive has written it, which compared before
     * @param redriven how far its side topic was re-driven with it; null if the pipeline has sent it
     * @param events how many events it counts; null if that is not known
     * @param last the last of them
     * @param commit what brought it; null if that is not known, or redrive has written it
     * @param value as text; null if values are not shown
     */
    record Row(
            String topic,
            int partition,
            long offset,
            Instant written,
            @Nullable Long revision,
            @Nullable Boolean isFinal,
            boolean isExpected,
            @Nullable String redriven,
            @Nullable Long events,
            @Nullable EventPlace last,
            @Nullable Commit commit,
            @Nullable String value) {}

    /**
     * What was committed together with a row.
     *
     * @param group whose offset it was
     * @param topic of the offset: the source, or the shuffle topic
     * @param offset the first one that was not processed yet
     * @param time when the broker noted it, a moment before the transaction was committed
     * @param instance null if the transactional id is of another form
     * @param lane of the instance; null likewise
     */
    record Commit(
            String group,
            String topic,
            int partition,
            long offset,
            Instant time,
            @Nullable String instance,
            @Nullable Integer lane,
            String transactionalId) {}

    /**
     * What the source gives.
     *
     * @param topic the one whose watermarks close windows: the source, or the shuffle topic
     * @param events the counted ones
     * @param value the row as it is with all of them; null if values are not shown
     */
    record Given(
            String topic,
            int partition,
            boolean isClosed,
            @Nullable Instant watermark,
            EventList.Shown events,
            @Nullable String value) {}
}
