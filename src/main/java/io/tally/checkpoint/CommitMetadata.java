package io.tally.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The superblock: what travels in the metadata of each committed offset, atomic with it by construction. Everything
 * that recovery needs to know beside the state topic's entries, in one line that an operator can read.
 *
 * <p>Grammar, fields separated by one blank, in this order:
 *
 * <pre>
 * tally1|tally2|tally3|tally4     format version: tally4 if there is n, else tally3 if there is m, else tally2 if there is v
 * o=&lt;offset&gt;                      the committed offset itself: metadata kept while the offset was moved shows
 * w=&lt;millis&gt;|-                    watermark, '-' before the first record
 * r=&lt;offset&gt;                      recovery offset: a replay begins here
 * n=&lt;count&gt;                       rows that have left of the window that closes next, if any; only in tally4
 * v=&lt;millis&gt;|-                    watermark there, if a replay begins with that; from tally2 on
 * m=&lt;millis&gt;|-                    greatest event time before it, if decoding depends on that; from tally3 on
 * b=&lt;offset&gt;                      birth offset: the pipeline began here
 * l=&lt;folded&gt;,&lt;late&gt;,&lt;dead&gt;,&lt;filtered&gt;   ledger
 * q=&lt;count&gt;                       missing values in the folded records; only if there were any, in every version
 * s=&lt;count&gt;,&lt;hex&gt;                 live records in the state topic but the birth marker: number and digest
 * k=&lt;hex&gt;                         structure fingerprint
 * p=&lt;hex&gt;                         replay fingerprint
 * i=&lt;id&gt;                          transactional id of the writer
 * c=&lt;hex&gt;                         CRC-32C of all characters before the blank in front of it
 * </pre>
 *
 * @param offset the committed offset that this belongs to
 * @param watermark milliseconds since the epoch, {@link Long#MIN_VALUE} before the first record
 * @param recoveryOffset the committed offset itself when nothing needs replay
 * @param rowsLeft how many rows have left of the window that closes next, since there was no room for all; 0 as a rule
 * @param cutWatermark the watermark at the recovery offset, if the state topic holds a cut and records are to be run
 *     again from there; null otherwise
 * @param latestTime the greatest event time before the recovery offset if what records say depends on it,
 *     {@link Long#MIN_VALUE} if there was none; null if each record is read by itself
 */
public record CommitMetadata(
        long offset,
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

    private static final String FAMILY = "tally";
    private static final String VERSION = "tally1";
    /** A version that would not know of cuts must not go on with one. */
    private static final String VERSION_WITH_CUT = "tally2";
    /** Nor one with records that it would read by themselves. */
    private static final String VERSION_WITH_ORDER = "tally3";
    /** A version that would not know of rows that have left must not send them once more. */
    private static final String VERSION_WITH_ROWS = "tally4";

    public CommitMetadata {
        if (transactionalId.isEmpty() || transactionalId.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "a transactional id without blanks is needed, not '" + transactionalId + "'");
        }
    }

    /** What is committed where each record is read by itself and windows have left whole. */
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

    /** Whether the text claims to be of this family, in whatever version or state. */
    public static boolean isOurs(String text) {
        return text.startsWith(FAMILY);
    }

    public String format() {
        StringBuilder text = new StringBuilder(240).append(version());
        text.append(" o=").append(offset).append(" w=").append(time(watermark));
        text.append(" r=").append(recoveryOffset);
        if (rowsLeft > 0) {
            text.append(" n=").append(rowsLeft);
        }
        if (cutWatermark != null) {
            text.append(" v=").append(time(cutWatermark));
        }
        if (latestTime != null) {
            text.append(" m=").append(time(latestTime));
        }
        text.append(" b=").append(birthOffset);
        text.append(" l=").append(ledger.folded()).append(',').append(ledger.late());
        text.append(',').append(ledger.deadLettered()).append(',').append(ledger.filtered());
        if (ledger.missing() > 0) {
            text.append(" q=").append(ledger.missing());
        }
        text.append(" s=").append(storedEntries).append(',').append(Long.toHexString(storedDigest));
        text.append(" k=").append(fingerprint.structure()).append(" p=").append(fingerprint.replay());
        text.append(" i=").append(transactionalId);
        String checksum = checksum(text.toString());
        return text.append(" c=").append(checksum).toString();
    }

    private String version() {
        if (rowsLeft > 0) {
            return VERSION_WITH_ROWS;
        }
        if (latestTime != null) {
            return VERSION_WITH_ORDER;
        }
        return cutWatermark == null ? VERSION : VERSION_WITH_CUT;
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException if the text is of another version, damaged or not ours; the message says which
     */
    public static CommitMetadata parse(String text) {
        boolean withRows = text.startsWith(VERSION_WITH_ROWS + " ");
        boolean withOrder = text.startsWith(VERSION_WITH_ORDER + " ");
        boolean withCut = text.startsWith(VERSION_WITH_CUT + " ");
        if (!withRows && !withOrder && !withCut && !text.startsWith(VERSION + " ")) {
            throw new IllegalArgumentException(
                    isOurs(text)
                            ? "it is of format '" + text.split(" ", 2)[0] + "', and this version knows only '" + VERSION
                                    + "', '" + VERSION_WITH_CUT + "', '" + VERSION_WITH_ORDER + "' and '"
                                    + VERSION_WITH_ROWS + "'"
                            : "it was not written by Tally");
        }
        int end = text.lastIndexOf(" c=");
        if (end < 0 || !text.substring(end + 3).equals(checksum(text.substring(0, end)))) {
            throw new IllegalArgumentException("its checksum is wrong: the text was damaged or edited");
        }
        Map<String, String> fields = fields(text.substring(0, end));
        String[] ledger = parts(fields, "l=", 4);
        String[] stored = parts(fields, "s=", 2);
        return new CommitMetadata(
                number("o=", field(fields, "o=")),
                time("w=", field(fields, "w=")),
                number("r=", field(fields, "r=")),
                withRows ? rows(field(fields, "n=")) : 0,
                withCut || ((withOrder || withRows) && fields.containsKey("v="))
                        ? time("v=", field(fields, "v="))
                        : null,
                withOrder || (withRows && fields.containsKey("m=")) ? time("m=", field(fields, "m=")) : null,
                number("b=", field(fields, "b=")),
                new Ledger(
                        number("l=", ledger[0]),
                        number("l=", ledger[1]),
                        number("l=", ledger[2]),
                        number("l=", ledger[3]),
                        fields.containsKey("q=") ? number("q=", field(fields, "q=")) : 0),
                number("s=", stored[0]),
                digest(stored[1]),
                new Fingerprint(field(fields, "k="), field(fields, "p=")),
                field(fields, "i="));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        String[] parts = text.split(" ", -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i];
            if (part.length() < 2 || part.charAt(1) != '=') {
                throw new IllegalArgumentException("'" + part + "' is not a field of it");
            }
            if (fields.put(part.substring(0, 2), part.substring(2)) != null) {
                throw new IllegalArgumentException("its field '" + part.substring(0, 2) + "' is there twice");
            }
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("its field '" + name + "' is missing");
        }
        return value;
    }

    private static String[] parts(Map<String, String> fields, String name, int count) {
        String[] parts = field(fields, name).split(",", -1);
        if (parts.length != count) {
            throw new IllegalArgumentException(
                    "its field '" + name + "' has " + parts.length + " parts instead of " + count);
        }
        return parts;
    }

    private static String time(long watermark) {
        return watermark == Long.MIN_VALUE ? "-" : Long.toString(watermark);
    }

    private static long time(String name, String text) {
        return text.equals("-") ? Long.MIN_VALUE : number(name, text);
    }

    private static int rows(String text) {
        long rows = number("n=", text);
        if (rows <= 0 || rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("its field 'n=' holds '" + text + "', which is no number of rows");
        }
        return (int) rows;
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its field '" + name + "' holds '" + text + "', not a number", e);
        }
    }

    private static long digest(String text) {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its field 's=' holds '" + text + "', not a digest", e);
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
