package io.tally.checkpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The parts of a pipeline's configuration that its committed state depends on.
 *
 * @param structure hash of what gives stored entries their meaning: key, window, aggregates. Entries of another
 *     structure cannot be continued
 * @param replay hash of everything that decides how a record is classified and folded: format, timestamp, filter,
 *     grace. With another one, a replay would not rebuild what was committed. If nothing is to be replayed, it may
 *     change
 */
public record Fingerprint(String structure, String replay) {
    /** Hashes canonical descriptions of both parts to 16 hexadecimal digits each. */
    public static Fingerprint of(String structure, String replay) {
        return new Fingerprint(hash(structure), hash(replay));
    }

    /** The same, with a structure that depends on more. */
    public Fingerprint withStructure(String more) {
        return new Fingerprint(hash(structure + " " + more), replay);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
