package io.tally.codec;

import io.tally.aggregate.AggregateFailedException;
import io.tally.codec.bytes.Excerpt;

/**
 * Why a record cannot be counted and becomes a dead letter. It depends on the record and the configuration alone, so
 * that a replay classifies the record as the first reading did.
 *
 * @param reason the class of the problem, a metric tag and a header
 * @param detail one sentence for a person: what was expected, what was found (bounded length, control characters
 *     escaped), and what to do if that is not obvious
 */
public record Rejection(Reason reason, String detail) {

    /** The closed set of reasons; the names are part of the dead letters' format, so they are only added to. */
    public enum Reason {
        /** The record has no value, or an empty one. */
        EMPTY_VALUE,
        /** The text or JSON does not have the declared form. */
        MALFORMED,
        /** The record holds more than one event, and nothing says that it is to be split. */
        SEVERAL_EVENTS,
        /** A declared field is not there. */
        MISSING_FIELD,
        /** The timestamp is missing, or not of the declared format. */
        BAD_TIMESTAMP,
        /** The event time lies before the floor or too far ahead of the record timestamp. */
        TIMESTAMP_OUT_OF_RANGE,
        /** A field that is aggregated as a number is not one, or is absurdly large. */
        BAD_NUMBER,
        /** The group key is empty, too long, or not UTF-8. */
        BAD_KEY,
        /** The record key is missing. */
        NULL_KEY,
        /** The record key is not the group key although the source is declared to be partitioned by it. */
        KEY_MISMATCH,
        /** The record is not in the partition that its key belongs into by the declared partitioner. */
        WRONG_PARTITION,
        /** An aggregate function of the user refused it. */
        AGGREGATE_FAILED,
        /** The record is longer, or holds more events, than the source's limits allow. */
        TOO_LARGE
    }

    /** The rejection of a record that an aggregate function refused. */
    public static Rejection of(AggregateFailedException refusal) {
        return of(Reason.AGGREGATE_FAILED, String.valueOf(refusal.getMessage()));
    }

    /** A rejection whose detail may contain foreign text of any length: it is escaped and cut. */
    static Rejection of(Reason reason, String detail) {
        return new Rejection(reason, Excerpt.limit(detail));
    }
}
