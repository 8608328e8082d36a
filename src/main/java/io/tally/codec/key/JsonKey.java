package io.tally.codec.key;

import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.bytes.SchemaPrefix;
import io.tally.setting.Setting;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads record keys that are JSON texts. The key of a string is its characters, that of a number or boolean its text;
 * null is no key. An array of these is a key of several fields, in the form of {@link CompositeKey}.
 */
final class JsonKey {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final ByteRange value = new ByteRange();
    private final ByteOutput array = new ByteOutput();

    /**
     * The key that a record key stands for, valid until the next call; null if it is JSON's null.
     *
     * @throws RejectedException if the record key is not such a JSON text
     */
    @Nullable
    ByteRange read(ByteRange recordKey) {
        ByteRange json = SchemaPrefix.skip(recordKey);
        byte[] bytes = json.bytes();
        int start = json.start();
        int end = start + json.length();
        if (isPlainString(bytes, start, end)) {
            return value.show(bytes, start + 1, end - 1);
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes, start, json.length())) {
            JsonToken token = parser.nextToken();
            byte[] read;
            if (token == JsonToken.VALUE_NULL) {
                read = null;
            } else if (token == JsonToken.START_ARRAY) {
                read = array(parser, json);
            } else {
                read = scalar(parser, token, json);
            }
            if (parser.nextToken() != null) {
                throw refused(json, "is followed by something");
            }
            return read == null ? null : value.show(read, 0, read.length);
        } catch (JacksonException e) {
            throw refused(json, "is not JSON");
        }
    }

    /**
     * Whether this is a string without escapes, as nearly all are. A malformed one does not equal what it is compared
     * with.
     */
    private static boolean isPlainString(byte[] bytes, int start, int end) {
        if (end - start < 2 || bytes[start] != '"' || bytes[end - 1] != '"') {
            return false;
        }
        for (int i = start + 1; i < end - 1; i++) {
            byte b = bytes[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                return false;
            }
        }
        return true;
    }

    private byte[] array(JsonParser parser, ByteRange json) {
        array.reset();
        array.write('[');
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (array.size() > 1) {
                array.write(',');
            }
            byte[] element = scalar(parser, parser.currentToken(), json);
            JsonText.write(element, 0, element.length, array);
        }
        array.write(']');
        return array.toByteArray();
    }

    private static byte[] scalar(JsonParser parser, @Nullable JsonToken token, ByteRange json) {
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw refused(
                    json, "is " + (token == JsonToken.START_OBJECT ? "an object" : "not a string, number or boolean"));
        }
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(parser.getString()));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw refused(json, "has half a surrogate pair");
        }
    }

    private static RejectedException refused(ByteRange json, String what) {
        return new RejectedException(
                Reason.BAD_KEY,
                "record key " + Excerpt.quote(json.bytes(), json.start(), json.length(), KeyRules.MAX_QUOTE) + " "
                        + what + ", and " + Setting.KEY_RECORD_KEY
                        + " is json: a string, a number, a boolean, or an array of them; else set " + Setting.KEY_FIELDS
                        + " and " + Setting.KEY_VERIFY + "=false");
    }
}
