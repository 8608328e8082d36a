package io.tally.checkpoint;

import io.tally.engine.Expired;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The superblock: what is in the metadata of each committed offset, and so is atomic with it. It holds everything that
 * recovery needs beside the state topic's entries, in one line that an operator can read.
 *
 * <p>Grammar, fields separated by one blank, in this order:
 *
 * <pre>
 * tally1|tally2|...|tally9          format version: the first that has all fields that are there
 * o=&lt;offset&gt;                      the committed offset itself: metadata kept while the offset was moved shows
 * x=&lt;offset&gt;                      the source has lost records from here on that were counted; from tally5 on
 * w=&lt;millis&gt;|-                    watermark, '-' before the first record
 * r=&lt;offset&gt;                      recovery offset: a replay begins here
 * n=&lt;count&gt;                       rows that have left of the window that closes next, if any; from tally4 on
 * z=&lt;count&gt;,&lt;millis&gt;              rows whose windows have expired but not all their tombstones have left, if any, and
 *                                 the start of the last slice of these; from tally8 on
 * v=&lt;millis&gt;|-                    watermark at the recovery offset, if a replay begins with that; from tally2 on
 * m=&lt;millis&gt;|-                    greatest event time before the recovery offset, if decoding depends on that;
 *                                 from tally3 on
 * a=&lt;offset&gt;:&lt;millis&gt;[,...]       bounds of event times by a clock, each from an offset on; only if a replay would
 *                                 decide otherwise without them; from tally7 on
 * f=&lt;text&gt;                        what the last header before the recovery offset says, if records have headers;
 *                                 from tally9 on
 * b=&lt;offset&gt;                      birth offset: the pipeline began here
 * l=&lt;folded&gt;,&lt;late&gt;,&lt;dead&gt;,&lt;filtered&gt;   ledger
 * q=&lt;count&gt;                       missing values in the folded records, if there were any; from tally6 on
 * e=&lt;count&gt;                       events in the ledger that are not the first of their record; only if any, in
 *                                 every version
 * s=&lt;count&gt;,&lt;hex&gt;                 live records in the state topic but the birth marker: number and digest
 * k=&lt;hex&gt;                         structure fingerprint
 * p=&lt;hex&gt;                         replay fingerprint
 * i=&lt;id&gt;                          transactional id of the writer
 * c=&lt;hex&gt;                         CRC-32C of all characters before the blank in front of it
 * </pre>
 *
 * @param offset the committed offset that this belongs to
 * @param lostFrom usually null. Otherwise the source has lost counted records, at this offset or behind it. Then
 *     nothing may ever go on from here, whatever the source holds by now
 * @param watermark milliseconds since the epoch, {@link Long#MIN_VALUE} before the first record
 * @param recoveryOffset the committed offset itself when nothing needs replay
 * @param rowsLeft how many rows of the window that closes next have left, if there was no room for all; usually 0
 * @param expired entries that are still in the state topic though their windows have expired; usually null
 * @param cutWatermark the watermark at the recovery offset, if the state topic holds a cut and records are processed
 *     again from there; null otherwise
 * @param latestTime the greatest event time before the recovery offset, if the times of later records depend on it;
 *     {@link Long#MIN_VALUE} if there was none; null if each record is read by itself
 * @param bounds up to which event times records were believed, from the recovery offset on; none if each record may as
 *     well go by its own timestamp
 * @param header what the last header before the recovery offset says, in the words of the source's format: printable
 *     ASCII without blanks, at most some 1500 characters; null if its records have no headers
 */
public record CommitMetadata(
        long offset,
        @Nullable Long lostFrom,
        long watermark,
        long recoveryOffset,
        int rowsLeft,
        @Nullable Expired expired,
        @Nullable Long cutWatermark,
        @Nullable Long latestTime,
        long birthOffset,
        Ledger ledger,
        long storedEntries,
        long storedDigest,
        Fingerprint fingerprint,
        String transactionalId,
        AheadBounds bounds,
        @Nullable String header) {

    private static final String FAMILY = "tally";
    /**
     * Each version after the first added a field that older versions of Tally must not overlook. They would go on
     * without the cut, read records by themselves, send rows twice, count from a log that has lost records, leave
     * records with missing values out of a replay, take other event times for too far ahead there, take what has
     * expired for damage, or read lines by another header.
     */
    private static final List<String> VERSIONS =
            List.of("tally1", "tally2", "tally3", "tally4", "tally5", "tally6", "tally7", "tally8", "tally9");

    private static final int WITH_CUT = 2;
    private static final int WITH_ORDER = 3;
    private static final int WITH_ROWS = 4;
    private static final int WITH_LOSS = 5;
    private static final int WITH_MISSING = 6;
    private static final int WITH_BOUNDS = 7;
    private static final int WITH_EXPIRED = 8;
    private static final int WITH_HEADER = 9;

    public CommitMetadata {
        if (transactionalId.isEmpty() || transactionalId.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "a transactional id without blanks is needed, not '" + transactionalId + "'");
        }
    }

    /** Metadata where each record goes by its own timestamp, and there are no headers. */
    public CommitMetadata(
            long offset,
            @Nullable Long lostFrom,
            long watermark,
            long recoveryOffset,
            int rowsLeft,
            @Nullable Long cutWatermark,
            @Nullable Long latestTime,
            long birthOffset,
            Ledger ledger,
            long storedEntries,
            long storedDigest,
            Fingerprint fingerprint,
            String transactionalId) {
        this(
                offset,
                lostFrom,
                watermark,
                recoveryOffset,
                rowsLeft,
                null,
                cutWatermark,
                latestTime,
                birthOffset,
                ledger,
                storedEntries,
                storedDigest,
                fingerprint,
                transactionalId,
                AheadBounds.NONE,
                null);
    }

    /** Metadata where each record is read by itself and windows have left whole. */
    public CommitMetadata(
            long offset,
            long watermark,
            long recoveryOffset,
            @Nullable Long cutWatermark,
            long birthOffset,
            Ledger ledger,
            long storedEntries,
            long storedDigest,
            Fingerprint fingerprint,
            String transactionalId) {
        this(
                offset,
                null,
                watermark,
                recoveryOffset,
                0,
                cutWatermark,
                null,
                birthOffset,
                ledger,
                storedEntries,
                storedDigest,
                fingerprint,
                transactionalId);
    }

    /**
     * The same, but nothing may go on from here any more.
     *
     * @param from the first offset that is known to be lost, or one before it
     * @param writer transactional id of the lane that writes this
     */
    public CommitMetadata lost(long from, String writer) {
        return with(from, watermark, latestTime, writer);
    }

    /**
     * The same with another watermark. Throws if there is anything to replay or send, since that depends on the old
     * one.
     */
    public CommitMetadata withWatermark(long time, @Nullable Long latest) {
        if (recoveryOffset != offset || rowsLeft > 0 || expired != null || cutWatermark != null) {
            throw new IllegalStateException("the watermark of this commit cannot be another: " + this);
        }
        return with(lostFrom, time, latest, transactionalId);
    }

    private CommitMetadata with(@Nullable Long lost, long time, @Nullable Long latest, String writer) {
        return new CommitMetadata(
                offset,
                lost,
                time,
                recoveryOffset,
                rowsLeft,
                expired,
                cutWatermark,
                latest,
                birthOffset,
                ledger,
                storedEntries,
                storedDigest,
                fingerprint,
                writer,
                bounds,
                header);
    }

    /** Whether the text claims to be of this family, in whatever version or state. */
    public static boolean isOurs(String text) {
        return text.startsWith(FAMILY);
    }

    public String format() {
        StringBuilder text = new StringBuilder(240).append(version());
        text.append(" o=").append(offset);
        if (lostFrom != null) {
            text.append(" x=").append(lostFrom);
        }
        text.append(" w=").append(MetadataFields.time(watermark));
        text.append(" r=").append(recoveryOffset);
        if (rowsLeft > 0) {
            text.append(" n=").append(rowsLeft);
        }
        if (expired != null) {
            text.append(" z=").append(expired.rows()).append(',').append(expired.lastStart());
        }
        if (cutWatermark != null) {
            text.append(" v=").append(MetadataFields.time(cutWatermark));
        }
        if (latestTime != null) {
            text.append(" m=").append(MetadataFields.time(latestTime));
        }
        if (!bounds.steps().isEmpty()) {
            text.append(" a=").append(bounds.format());
        }
        if (header != null) {
            text.append(" f=").append(header);
        }
        text.append(" b=").append(birthOffset);
        text.append(" l=").append(ledger.folded()).append(',').append(ledger.late());
        text.append(',').append(ledger.deadLettered()).append(',').append(ledger.filtered());
        if (ledger.missing() > 0) {
            text.append(" q=").append(ledger.missing());
        }
        if (ledger.further() > 0) {
            text.append(" e=").append(ledger.further());
        }
        text.append(" s=").append(storedEntries).append(',').append(Long.toHexString(storedDigest));
        text.append(" k=").append(fingerprint.structure()).append(" p=").append(fingerprint.replay());
        text.append(" i=").append(transactionalId);
        return MetadataFields.sealed(text.toString());
    }

    private String version() {
        int version = 1;
        if (header != null) {
            version = WITH_HEADER;
        } else if (expired != null) {
            version = WITH_EXPIRED;
        } else if (!bounds.steps().isEmpty()) {
            version = WITH_BOUNDS;
        } else if (ledger.missing() > 0) {
            version = WITH_MISSING;
        } else if (lostFrom != null) {
            version = WITH_LOSS;
        } else if (rowsLeft > 0) {
            version = WITH_ROWS;
        } else if (latestTime != null) {
            version = WITH_ORDER;
        } else if (cutWatermark != null) {
            version = WITH_CUT;
        }
        return VERSIONS.get(version - 1);
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException if the text is of another version, damaged or not ours; the message says which
     */
    public static CommitMetadata parse(String text) {
        String name = text.split(" ", 2)[0];
        int version = VERSIONS.indexOf(name) + 1;
        if (version == 0) {
            int last = VERSIONS.size() - 1;
            throw new IllegalArgumentException(
                    isOurs(text)
                            ? "it is of format '" + name + "', and this version knows only '"
                                    + String.join("', '", VERSIONS.subList(0, last)) + "' and '" + VERSIONS.get(last)
                                    + "'"
                            : "it was not written by Tally");
        }
        MetadataFields fields = MetadataFields.of(text, version);
        String[] ledger = fields.parts("l=", 4);
        String[] stored = fields.parts("s=", 2);
        String bounds = fields.text("a=", WITH_BOUNDS);
        Long missing = fields.number("q=", WITH_MISSING);
        return new CommitMetadata(
                fields.number("o="),
                fields.number("x=", WITH_LOSS),
                fields.time("w="),
                fields.number("r="),
                fields.rows("n=", WITH_ROWS),
                fields.expired("z=", WITH_EXPIRED),
                fields.time("v=", WITH_CUT),
                fields.time("m=", WITH_ORDER),
                fields.number("b="),
                new Ledger(
                        MetadataFields.number("l=", ledger[0]),
                        MetadataFields.number("l=", ledger[1]),
                        MetadataFields.number("l=", ledger[2]),
                        MetadataFields.number("l=", ledger[3]),
                        missing == null ? 0 : missing,
                        fields.has("e=") ? fields.number("e=") : 0),
                MetadataFields.number("s=", stored[0]),
                MetadataFields.digest("s=", stored[1]),
                new Fingerprint(fields.text("k="), fields.text("p=")),
                fields.text("i="),
                bounds == null ? AheadBounds.NONE : AheadBounds.parse(bounds),
                fields.text("f=", WITH_HEADER));
    }
}
