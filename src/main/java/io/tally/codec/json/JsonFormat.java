package io.tally.codec.json;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.SourceFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON document (RFC 8259, UTF-8) with the fields at JSON Pointers (RFC 6901). A text field is the unescaped text,
 * a number or boolean its literal as written; null counts as missing.
 *
 * @param fields field name to pointer, for example {@code ip: /client/ip}; array elements by index, {@code /items/0}
 * @param takesArrays whether a document may be an array though no pointer leads to an element of it
 * @param repairs whether half of a surrogate pair is read as U+FFFD; otherwise it is malformed
 */
public record JsonFormat(Map<String, String> fields, boolean takesArrays, boolean repairs) implements SourceFormat {
    public JsonFormat {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fields.forEach((name, pointer) -> {
            SourceFormat.requireName(name, "fields");
            PointerNode.tokens(name, pointer);
        });
    }

    /** An array is an event only if a pointer leads to an element of it. */
    public JsonFormat(Map<String, String> fields) {
        this(fields, false, false);
    }

    @Override
    public Collection<String> fieldNames() {
        return fields.keySet();
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new JsonReader(this, needed);
    }

    /** Versions without the first fact refused documents that come with the number of a schema. */
    @Override
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>(List.of(new Fact("json-with-schema-number", List.of())));
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> facts.add(new Fact("json", List.of(field.getKey(), field.getValue()))));
        return facts;
    }
}
