package io.tally.codec.json;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.SchemaPrefix;
import io.tally.codec.bytes.Utf8;
import io.tally.setting.Setting;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Each JSON document of a value is an event, or each element of an array. The value must be well-formed to its end: if
 * a part is damaged, nobody can tell what the rest means.
 */
public final class JsonFraming implements Framing {
    /** A document that has too many tokens is refused by itself, when it is read. */
    private final JsonFactory factory = JsonReader.newFactory(Long.MAX_VALUE);

    private final boolean elements;

    /** @param elements whether elements of an array are events; a value that is no array is one event, too */
    public JsonFraming(boolean elements) {
        this.elements = elements;
    }

    @Override
    public ByteRange prepare(ByteRange value) {
        return SchemaPrefix.skip(value);
    }

    @Override
    public void cut(ByteRange value, Cuts cuts) {
        byte[] bytes = value.bytes();
        if (!Utf8.isValid(bytes, value.start(), value.length())) {
            throw JsonReader.notUtf8(value);
        }
        try (JsonParser parser =
                factory.createParser(ObjectReadContext.empty(), bytes, value.start(), value.length())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw JsonReader.malformed("only white space");
            }
            if (elements) {
                cutArray(parser, first, value, cuts);
            } else {
                for (JsonToken token = first; token != null; token = parser.nextToken()) {
                    cut(parser, value, cuts);
                }
            }
        } catch (JacksonException e) {
            throw JsonReader.malformed(e);
        }
    }

    private static void cutArray(JsonParser parser, JsonToken first, ByteRange value, Cuts cuts) {
        if (first == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                cut(parser, value, cuts);
            }
        } else {
            cut(parser, value, cuts);
        }
        if (parser.nextToken() != null) {
            throw new RejectedException(
                    Reason.SEVERAL_EVENTS,
                    "the value is more than one JSON document, and " + Setting.SOURCE_SPLIT + ": array cuts one array");
        }
    }

    /** Notes the value whose first token was read, and goes to its end. */
    private static void cut(JsonParser parser, ByteRange value, Cuts cuts) {
        int from = value.start() + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = value.start() + (int) parser.currentLocation().getByteOffset();
        // After a number that is a document of its own, the parser has looked at one character more.
        while (to > from && isSpace(value.bytes()[to - 1])) {
            to--;
        }
        cuts.add(from, to);
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }
}
