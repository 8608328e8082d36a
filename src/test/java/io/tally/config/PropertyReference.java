package io.tally.config;

import io.tally.config.problem.KnownProperties;
import io.tally.config.property.TallyProperties;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All properties under {@code tally} in the order in which they are declared, from the metadata that the annotation
 * processor makes of the javadoc. Range, unit and default are parts of the description, in a form that this reads.
 */
final class PropertyReference {
    private static final String AMOUNT = "-?\\d+(?:\\.\\d+)?[a-zA-Z]*";
    private static final Pattern RANGE =
            Pattern.compile("(?i)more than " + AMOUNT + ", at most " + AMOUNT + "|" + AMOUNT
                    + " to (" + AMOUNT + "|the \\w+)|(at least|more than) " + AMOUNT + "|" + AMOUNT
                    + " or more|at most the size, or a day");
    private static final Pattern UNIT = Pattern.compile("(?i)logarithm"
            + "|\\b(bytes|threads|records|events|rows|entries|partitions|texts|links|share|error|quantiles)\\b");
    private static final Pattern DEFAULT = Pattern.compile("(?s) ?\\bDefault: (.*?)\\.(?= |$)");
    private static final Pattern REQUIRED = Pattern.compile("(?s)[^.;]*\\b([Rr]equired[^.;]*)[.;]");

    /**
     * One property.
     *
     * @param name full name with wildcards
     * @param type Java type as the processor writes it
     * @param description the javadoc
     * @param set the default that the binder has; null if there is none
     */
    record Property(
            String name,
            String type,
            String description,
            @Nullable String set) {
        String group() {
            return name.substring(0, name.lastIndexOf('.'));
        }

        String last() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** The javadoc without the sentence about the default, which has a column of its own. */
        String meaning() {
            return DEFAULT.matcher(description).replaceAll("").strip();
        }

        /** Null if nobody says what holds if it is not set. */
        @Nullable
        String defaultText() {
            Matcher sentence = DEFAULT.matcher(description);
            if (sentence.find()) {
                return sentence.group(1);
            }
            if (set != null) {
                return set;
            }
            Matcher required = REQUIRED.matcher(description);
            return required.find() ? required.group(1).toLowerCase(Locale.ROOT) : null;
        }

        boolean isNumber() {
            return element().matches("java\\.lang\\.(Integer|Long|Double)|java\\.math\\.BigDecimal");
        }

        boolean hasRange() {
            return isNumber() || element().endsWith("Duration") || element().endsWith("DataSize");
        }

        @Nullable
        String range() {
            Matcher range = RANGE.matcher(description);
            return range.find() ? range.group() : null;
        }

        /** What a number counts; durations and sizes are written with their unit. */
        @Nullable
        String unit() {
            // The part before a colon says to what it belongs.
            Matcher unit = UNIT.matcher(description.replaceFirst("^[\\w, -]+: ", ""));
            return unit.find() ? unit.group().toLowerCase(Locale.ROOT) : null;
        }

        /** The type of what a list or an open map holds, else its own. */
        String element() {
            Matcher generic =
                    Pattern.compile("<(?:java\\.lang\\.String,)?(.*)>").matcher(type);
            return generic.find() ? generic.group(1) : type;
        }

        boolean isList() {
            return type.startsWith("java.util.List");
        }

        boolean isMap() {
            return type.startsWith("java.util.Map");
        }

        /** The values of an enumeration as users write them; empty for other types. */
        List<String> values() {
            try {
                Class<?> type = Class.forName(element());
                return type.isEnum()
                        ? Arrays.stream(type.getEnumConstants())
                                .map(constant -> ((Enum<?>) constant)
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'))
                                .toList()
                        : List.of();
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("the type of " + name + " is not known", e);
            }
        }

        /** What may be written, in words. */
        String value() {
            String one = switch (element()) {
                case "java.lang.Boolean" -> "true or false";
                case "java.lang.Integer", "java.lang.Long" -> "number (" + unit() + "), " + range();
                case "java.lang.Double", "java.math.BigDecimal" -> "decimal (" + unit() + "), " + range();
                case "java.time.Duration" -> "duration with unit, " + range();
                case "org.springframework.util.unit.DataSize" -> "size with unit, " + range();
                case "java.time.Instant" -> "time, ISO-8601";
                case "java.time.ZoneId" -> "time zone";
                case "java.lang.String" -> "text";
                default -> values().stream().collect(Collectors.joining("`, `", "`", "`"));
            };
            return isList() ? "list: " + one : isMap() ? "by name: " + one : one;
        }
    }

    private PropertyReference() {}

    static List<Property> read() throws IOException {
        Map<String, JsonNode> metadata = metadata();
        List<Property> properties = new ArrayList<>();
        for (String name : new KnownProperties("tally", TallyProperties.class).all()) {
            String documented = name.endsWith(".*") ? name.substring(0, name.length() - 2) : name;
            // All sinks have the same properties.
            JsonNode found = metadata.get(documented.replace("further-sinks[*]", "sink"));
            if (found == null) {
                throw new IllegalStateException(
                        "no metadata of " + documented + ": its type lacks an annotation for the metadata processor");
            }
            properties.add(new Property(
                    documented,
                    found.get("type").asString(),
                    found.path("description").asString("").replaceAll("\\s+", " "),
                    set(found.path("defaultValue"))));
        }
        return properties;
    }

    private static @Nullable String set(JsonNode value) {
        if (value.isMissingNode()) {
            return null;
        }
        return value.isArray()
                ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
                : value.asString();
    }

    /** By name; from every file of that name on the class path: the demo's properties have one of their own. */
    static Map<String, JsonNode> metadata() throws IOException {
        Map<String, JsonNode> properties = new HashMap<>();
        for (URL file : Collections.list(
                TallyProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = file.openStream()) {
                new JsonMapper()
                        .readTree(in)
                        .path("properties")
                        .valueStream()
                        .forEach(property -> properties.put(property.get("name").asString(), property));
            }
        }
        return properties;
    }
}
