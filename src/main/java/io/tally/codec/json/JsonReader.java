package io.tally.codec.json;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.SchemaPrefix;
import io.tally.codec.bytes.Utf8;
import io.tally.setting.Setting;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Finds fields in a JSON document in one pass, without a tree.
 *
 * <p>The document is always read to its end, although the fields may come early. It is rejected if any part of it is
 * malformed, if it has a needed field twice, or if anything but white space follows it. Otherwise the verdict on a
 * record would depend on the order of its members. Members that no pointer leads to may be repeated.
 */
final class JsonReader implements FieldReader {
    static final int MAX_DEPTH = 100;
    static final int MAX_NAME = 4096;
    static final int MAX_STRING = 4 << 20;
    static final int MAX_NUMBER = 1000;
    /** Each name that a document has is kept while it is read, also if nothing needs it. */
    static final int MAX_TOKENS = 200_000;

    /** What programmers could do, but not users of Tally. */
    private static final Pattern ADVICE =
            Pattern.compile("(?s): enable `.*| \\((consider enabling `|not recognized as one since Feature ).*");

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final int REPLACEMENT = 0xFFFD;

    private final JsonFactory factory = newFactory(MAX_TOKENS);
    private final PointerNode root = new PointerNode();
    private final boolean takesArrays;
    private final boolean repairs;
    /** Whether the value came from a serializer with a schema registry. */
    private boolean registered;

    private long document;
    /** Unescaped texts end to end; never longer than the document that they come from. */
    private byte[] texts = new byte[256];

    private int used;

    JsonReader(JsonFormat json, FieldNames names) {
        takesArrays = json.takesArrays();
        repairs = json.repairs();
        json.fields().forEach((name, pointer) -> {
            int slot = names.slotOrNone(name);
            if (slot != FieldNames.NONE) {
                root.add(PointerNode.tokens(name, pointer), slot);
            }
        });
    }

    /**
     * Reads what RFC 8259 allows and no more, within limits.
     *
     * @param maxTokens the most names, values and brackets of a document
     */
    static JsonFactory newFactory(long maxTokens) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNameLength(MAX_NAME)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .maxTokenCount(maxTokens)
                        .build())
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                // Some UTF-16 would be well-formed, too, but the other formats do not take it either.
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                // That check depends on all names that the factory ever saw, not on the record alone.
                .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
    }

    @Override
    public ByteRange payload(ByteRange value) {
        registered = SchemaPrefix.begins(value);
        return SchemaPrefix.skip(value);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        int start = value.start();
        int length = value.length();
        if (!Utf8.isValid(bytes, start, length)) {
            throw registered ? otherSchema() : notUtf8(value);
        }
        if (texts.length < length) {
            texts = new byte[length];
        }
        used = 0;
        document++;
        fields.reset(texts);
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes, start, length)) {
            readDocument(parser, fields);
        } catch (JacksonException e) {
            throw registered ? otherSchema() : malformed(e);
        }
    }

    private static RejectedException otherSchema() {
        return malformed(
                "it begins with the number of a schema in a registry, and then there is no JSON; Avro and Protobuf"
                        + " are not read");
    }

    /** What begins like JSON may be read all the same; anything else is not even text. */
    static RejectedException notUtf8(ByteRange value) {
        byte first = value.bytes()[value.start()];
        return malformed(
                first == '{' || first == '['
                        ? "not UTF-8; " + Setting.SOURCE_INVALID_UTF8 + ": replace reads it all the same"
                        : "not UTF-8");
    }

    static RejectedException malformed(JacksonException e) {
        return malformed(position(e.getLocation())
                + ADVICE.matcher(String.valueOf(e.getOriginalMessage())).replaceFirst(""));
    }

    /** Violated constraints have no location; their messages tell it. */
    private static String position(@Nullable TokenStreamLocation location) {
        return location == null ? "" : "at byte " + location.getByteOffset() + ": ";
    }

    private void readDocument(JsonParser parser, Fields fields) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw malformed("only white space");
        }
        if (first == JsonToken.START_ARRAY && !takesArrays && !root.hasElements()) {
            throw array(parser);
        }
        read(parser, first, root, fields);
        if (parser.nextToken() != null) {
            throw new RejectedException(
                    Reason.SEVERAL_EVENTS,
                    "the value is more than one JSON document; " + Setting.SOURCE_SPLIT
                            + ": lines makes an event of each line," + " " + Setting.SOURCE_SPLIT
                            + ": values of each document");
        }
    }

    private static RejectedException array(JsonParser parser) {
        int elements = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            elements++;
        }
        return new RejectedException(
                Reason.SEVERAL_EVENTS,
                "the value is a JSON array with " + elements + (elements == 1 ? " element" : " elements")
                        + ", and no pointer of " + Setting.SOURCE_FIELDS + " leads to one of them; "
                        + Setting.SOURCE_SPLIT + ": array makes an event"
                        + " of each");
    }

    private void read(JsonParser parser, JsonToken token, PointerNode node, Fields fields) {
        if (!node.visit(document)) {
            throw malformed("member '" + parser.currentName() + "' twice in one object");
        }
        switch (token) {
            case START_OBJECT -> readObject(parser, node, fields);
            case START_ARRAY -> readArray(parser, node, fields);
            case VALUE_TRUE -> set(node, TRUE, fields);
            case VALUE_FALSE -> set(node, FALSE, fields);
            case VALUE_NULL -> {}
            default -> setText(parser, node, fields);
        }
    }

    private void readObject(JsonParser parser, PointerNode node, Fields fields) {
        node.setStructure(fields);
        if (!node.hasMembers()) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            PointerNode member = node.member(parser.currentName());
            JsonToken token = parser.nextToken();
            if (member == null) {
                parser.skipChildren();
            } else {
                read(parser, token, member, fields);
            }
        }
    }

    private void readArray(JsonParser parser, PointerNode node, Fields fields) {
        node.setStructure(fields);
        if (!node.hasElements()) {
            parser.skipChildren();
            return;
        }
        JsonToken token = parser.nextToken();
        for (int index = 0; token != JsonToken.END_ARRAY; index++, token = parser.nextToken()) {
            PointerNode element = node.element(index);
            if (element == null) {
                parser.skipChildren();
            } else {
                read(parser, token, element, fields);
            }
        }
    }

    private void set(PointerNode node, byte[] text, Fields fields) {
        System.arraycopy(text, 0, texts, used, text.length);
        node.set(fields, used, text.length);
        used += text.length;
    }

    private void setText(JsonParser parser, PointerNode node, Fields fields) {
        char[] chars = parser.getStringCharacters();
        int start = parser.getStringOffset();
        int end = start + parser.getStringLength();
        int position = used;
        for (int i = start; i < end; i++) {
            char c = chars[i];
            if (c < 0x80) {
                texts[position++] = (byte) c;
            } else if (Character.isSurrogate(c)) {
                if (i + 1 < end && Character.isSurrogatePair(c, chars[i + 1])) {
                    position = append(Character.toCodePoint(c, chars[++i]), position);
                } else if (repairs) {
                    position = append(REPLACEMENT, position);
                } else {
                    throw malformed(String.format(
                            "unpaired surrogate \\u%04x in a text; %s: replace reads it as U+FFFD",
                            (int) c, Setting.SOURCE_INVALID_UTF8));
                }
            } else {
                position = append(c, position);
            }
        }
        node.set(fields, used, position - used);
        used = position;
    }

    /** Appends a code point of two to four bytes. */
    private int append(int codePoint, int position) {
        int next = position;
        if (codePoint < 0x800) {
            texts[next++] = (byte) (0xC0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                texts[next++] = (byte) (0xE0 | (codePoint >> 12));
            } else {
                texts[next++] = (byte) (0xF0 | (codePoint >> 18));
                texts[next++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            }
            texts[next++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        }
        texts[next++] = (byte) (0x80 | (codePoint & 0x3F));
        return next;
    }

    static RejectedException malformed(String what) {
        return new RejectedException(Reason.MALFORMED, "value that is no JSON document: " + what);
    }
}
