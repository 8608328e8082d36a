package io.tally.bench.source;

import com.alibaba.fastjson2.JSONException;
import com.alibaba.fastjson2.JSONReader;
import com.alibaba.fastjson2.util.Fnv;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON records by fastjson2's streaming reader, the fastest of the well-kept parsers for this: it took 165 to 175
 * ns for a record where dsl-json took 170 to 230 and Jackson 330 to 380. Names are compared by their hashes, what is
 * not needed is skipped, UTF-8 is not verified.
 */
public final class FastJsonParser implements RecordParser {
    private static final long TIME = Fnv.hashCode64("time");
    private static final long CLIENT = Fnv.hashCode64("client");
    private static final long IP = Fnv.hashCode64("ip");
    private static final long BYTES = Fnv.hashCode64("bytes");

    private final JSONReader.Context context = new JSONReader.Context();
    private long millis;
    private String ip = "";
    private long bytes;

    @Override
    public boolean parse(byte[] record) {
        if (record == null) {
            return false;
        }
        try (JSONReader reader = JSONReader.of(record, 0, record.length, StandardCharsets.UTF_8, context)) {
            reader.nextIfObjectStart();
            while (!reader.nextIfObjectEnd()) {
                long name = reader.readFieldNameHashCode();
                if (name == TIME) {
                    millis = reader.readInt64Value();
                } else if (name == CLIENT) {
                    readClient(reader);
                } else if (name == BYTES) {
                    bytes = reader.readInt64Value();
                } else {
                    reader.skipValue();
                }
            }
            return true;
        } catch (JSONException e) {
            return false;
        }
    }

    private void readClient(JSONReader reader) {
        reader.nextIfObjectStart();
        while (!reader.nextIfObjectEnd()) {
            if (reader.readFieldNameHashCode() == IP) {
                ip = reader.readString();
            } else {
                reader.skipValue();
            }
        }
        reader.nextIfComma();
    }

    @Override
    public long second() {
        return Math.floorDiv(millis, 1000);
    }

    @Override
    public String ip() {
        return ip;
    }

    @Override
    public long number() {
        return bytes;
    }
}
