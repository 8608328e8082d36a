package io.tally.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The superblock: what travels in the metadata of each committed offset, atomic with it by construction. Everything
 * that recovery needs to know beside the state topic's entries, in one line that an operator can read.
 *
 * <p>Grammar, fields separated by one blank, in this order:
 *
 * <pre>
 * tally1                          format version
 * w=&lt;millis&gt;|-                    watermark, '-' before the first record
 * r=&lt;offset&gt;                      recovery offset: a replay begins here
 * b=&lt;offset&gt;                      birth offset: the pipeline began here
 * l=&lt;folded&gt;,&lt;late&gt;,&lt;dead&gt;,&lt;filtered&gt;   ledger
 * s=&lt;count&gt;,&lt;hex&gt;                 live entries in the state topic: number and digest
 * k=&lt;hex&gt;                         structure fingerprint
 * p=&lt;hex&gt;                         replay fingerprint
 * i=&lt;id&gt;                          transactional id of the writer
 * c=&lt;hex&gt;                         CRC-32C of all characters before the blank in front of it
 * </pre>
 *
 * @param watermark milliseconds since the epoch, {@link Long#MIN_VALUE} before the first record
 * @param recoveryOffset the committed offset itself when nothing needs replay
 */
public record CommitMetadata(
        long watermark,
        long recoveryOffset,
        long birthOffset,
        Ledger ledger,
        long storedEntries,
        long storedDigest,
        Fingerprint fingerprint,
        String transactionalId) {

    private static final String FAMILY = "tally";
    private static final String VERSION = "tally1";

    /** Whether the text claims to be of this family, in whatever version or state. */
    public static boolean isOurs(String text) {
        return text.startsWith(FAMILY);
    }

    public String format() {
        StringBuilder text = new StringBuilder(220).append(VERSION);
        text.append(" w=");
        if (watermark == Long.MIN_VALUE) {
            text.append('-');
        } else {
            text.append(watermark);
        }
        text.append(" r=").append(recoveryOffset).append(" b=").append(birthOffset);
        text.append(" l=").append(ledger.folded()).append(',').append(ledger.late());
        text.append(',').append(ledger.deadLettered()).append(',').append(ledger.filtered());
        text.append(" s=").append(storedEntries).append(',').append(Long.toHexString(storedDigest));
        text.append(" k=").append(fingerprint.structure()).append(" p=").append(fingerprint.replay());
        text.append(" i=").append(transactionalId);
        String checksum = checksum(text.toString());
        return text.append(" c=").append(checksum).toString();
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException if the text is of another version, damaged or not ours; the message says which
     */
    public static CommitMetadata parse(String text) {
        if (!text.startsWith(VERSION + " ")) {
            throw new IllegalArgumentException(
                    isOurs(text)
                            ? "it is of format '" + text.split(" ", 2)[0] + "', and this version knows only '" + VERSION
                                    + "'"
                            : "it was not written by Tally");
        }
        int end = text.lastIndexOf(" c=");
        if (end < 0 || !text.substring(end + 3).equals(checksum(text.substring(0, end)))) {
            throw new IllegalArgumentException("its checksum is wrong: the text was damaged or edited");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : text.substring(VERSION.length() + 1, end).split(" ")) {
            fields.put(field.substring(0, 2), field.substring(2));
        }
        long[] ledger = numbers(field(fields, "l="), 4);
        String[] stored = field(fields, "s=").split(",");
        String watermark = field(fields, "w=");
        return new CommitMetadata(
                watermark.equals("-") ? Long.MIN_VALUE : Long.parseLong(watermark),
                Long.parseLong(field(fields, "r=")),
                Long.parseLong(field(fields, "b=")),
                new Ledger(ledger[0], ledger[1], ledger[2], ledger[3]),
                Long.parseLong(stored[0]),
                Long.parseUnsignedLong(stored[1], 16),
                new Fingerprint(field(fields, "k="), field(fields, "p=")),
                field(fields, "i="));
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("its field '" + name + "' is missing");
        }
        return value;
    }

    private static long[] numbers(String text, int count) {
        String[] parts = text.split(",");
        if (parts.length != count) {
            throw new IllegalArgumentException("'" + text + "' should be " + count + " numbers");
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Long.parseLong(parts[i]);
        }
        return numbers;
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
