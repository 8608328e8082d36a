package io.tally.checkpoint;

import io.tally.engine.Expired;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link CommitMetadata} as text: a letter, an equals sign and the value, with a blank in front. What
 * cannot be read ends in an {@link IllegalArgumentException} that names the field.
 */
final class MetadataFields {
    private static final String CHECKSUM = " c=";

    private final Map<String, String> values;
    private final int version;

    private MetadataFields(Map<String, String> values, int version) {
        this.values = values;
        this.version = version;
    }

    /**
     * Takes a text apart.
     *
     * @param version what its first word says
     * @throws IllegalArgumentException if the checksum is wrong, or something is no field or is there twice
     */
    static MetadataFields of(String text, int version) {
        int end = text.lastIndexOf(CHECKSUM);
        if (end < 0 || !text.substring(end + CHECKSUM.length()).equals(checksum(text.substring(0, end)))) {
            throw new IllegalArgumentException("its checksum is wrong: the text was damaged or edited");
        }
        Map<String, String> values = new HashMap<>();
        String[] parts = text.substring(0, end).split(" ", -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i];
            if (part.length() < 2 || part.charAt(1) != '=') {
                throw new IllegalArgumentException("'" + part + "' is not a field of it");
            }
            if (values.put(part.substring(0, 2), part.substring(2)) != null) {
                throw new IllegalArgumentException("its field '" + part.substring(0, 2) + "' is there twice");
            }
        }
        return new MetadataFields(values, version);
    }

    /** The text with its checksum behind it. */
    static String sealed(String text) {
        return text + CHECKSUM + checksum(text);
    }

    /** A time as it stands in a field. */
    static String time(long time) {
        return time == Long.MIN_VALUE ? "-" : Long.toString(time);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("its field '" + name + "' is missing");
        }
        return value;
    }

    /** A field that was added with a version. That version always has it; later ones may have it. */
    @Nullable
    String text(String name, int since) {
        if (version < since) {
            return null;
        }
        return version == since ? text(name) : values.get(name);
    }

    String[] parts(String name, int count) {
        String[] parts = text(name).split(",", -1);
        if (parts.length != count) {
            throw new IllegalArgumentException(
                    "its field '" + name + "' has " + parts.length + " parts instead of " + count);
        }
        return parts;
    }

    long number(String name) {
        return number(name, text(name));
    }

    @Nullable
    Long number(String name, int since) {
        String text = text(name, since);
        return text == null ? null : (Long) number(name, text);
    }

    long time(String name) {
        return time(name, text(name));
    }

    @Nullable
    Long time(String name, int since) {
        String text = text(name, since);
        return text == null ? null : (Long) time(name, text);
    }

    /** A number of rows, 0 if the field is not there. */
    int rows(String name, int since) {
        String text = text(name, since);
        return text == null ? 0 : (int) rows(name, text, Integer.MAX_VALUE);
    }

    @Nullable
    Expired expired(String name, int since) {
        if (text(name, since) == null) {
            return null;
        }
        String[] parts = parts(name, 2);
        return new Expired(rows(name, parts[0], Long.MAX_VALUE), number(name, parts[1]));
    }

    private static long rows(String name, String text, long most) {
        long rows = number(name, text);
        if (rows <= 0 || rows > most) {
            throw new IllegalArgumentException(
                    "its field '" + name + "' holds '" + text + "', which is no number of rows");
        }
        return rows;
    }

    private static long time(String name, String text) {
        return text.equals("-") ? Long.MIN_VALUE : number(name, text);
    }

    static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its field '" + name + "' holds '" + text + "', not a number", e);
        }
    }

    static long digest(String name, String text) {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its field '" + name + "' holds '" + text + "', not a digest", e);
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
