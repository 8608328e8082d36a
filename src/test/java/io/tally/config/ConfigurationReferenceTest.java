package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.PropertyReference.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference of all properties and the schema for editors, made of the javadoc of the property classes. */
class ConfigurationReferenceTest {
    private static final Path REFERENCE = Path.of("docs", "configuration.md");
    private static final Path SCHEMA = Path.of("docs", "application.schema.json");
    private static final String WRITE = "tally.reference.write";
    private static final String COMMAND = "./mvnw test -Dtest=ConfigurationReferenceTest -D" + WRITE + "=true";

    @Test
    void everyPropertySaysAllOfIt() throws IOException {
        assertThat(PropertyReference.read()).hasSizeGreaterThan(90).allSatisfy(property -> {
            assertThat(property.meaning())
                    .as("description of " + property.name())
                    .hasSizeGreaterThan(20);
            assertThat(property.defaultText())
                    .as("default of " + property.name())
                    .isNotBlank();
            if (property.hasRange()) {
                assertThat(property.range()).as("range of " + property.name()).isNotNull();
            }
            if (property.isNumber()) {
                assertThat(property.unit()).as("unit of " + property.name()).isNotNull();
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "How long it waits. | default",
                "How long it waits. Default: never. | range",
                "How long it waits, at least 1ms. Default: never. | nothing",
            })
    void sees(String description, String missing) {
        Property property = new Property("tally.x", "java.time.Duration", description, null);
        assertThat(property.defaultText() == null ? "default" : property.range() == null ? "range" : "nothing")
                .isEqualTo(missing);
    }

    @Test
    void isUpToDate() throws IOException {
        check(REFERENCE, document(PropertyReference.read()));
    }

    @Test
    void hasASchemaThatIsUpToDate() throws IOException {
        String schema = PropertySchema.of(PropertyReference.read());
        JsonNode window = new JsonMapper()
                .readTree(schema)
                .at("/properties/tally/properties/pipelines/additionalProperties/properties/window");
        assertThat(window.at("/additionalProperties").asBoolean(true)).isFalse();
        assertThat(window.at("/properties/type/anyOf/0/enum").valueStream().map(JsonNode::asString))
                .contains("tumbling", "session");
        check(SCHEMA, schema);
    }

    private static void check(Path file, String expected) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, expected);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as(file + " is out of date; regenerate it: " + COMMAND)
                .isEqualTo(expected);
    }

    private static String document(List<Property> properties) {
        StringBuilder text = new StringBuilder("# All properties\n\nGenerated from the javadoc of the property classes"
                + " by `" + COMMAND + "`; do not edit it.\nReasons, measured figures and examples are in"
                + " [application.yml](../application.yml). Properties of the endpoint: [endpoints](endpoints.md);\n"
                + "of Kafka's clients: [operations](operations.md#settings-of-the-kafka-clients). Editors complete"
                + " names and values from\n[application.schema.json](application.schema.json).\n\n`*` is a name of"
                + " yours, `[*]` stands for the elements of a list. Units of durations: ms, s, m, h, d; of sizes: B,"
                + " KB, MB, GB, TB.\n");
        Map<String, List<Property>> groups = new LinkedHashMap<>();
        properties.forEach(property -> groups.computeIfAbsent(property.group(), name -> new ArrayList<>())
                .add(property));
        groups.forEach((group, members) -> {
            text.append("\n## ")
                    .append(group)
                    .append("\n\n| Property | Value | Default | Meaning |\n|---|---|---|---|\n");
            members.forEach(property -> text.append("| `")
                    .append(property.last())
                    .append("` | ")
                    .append(cell(property.value()))
                    .append(" | ")
                    .append(cell(String.valueOf(property.defaultText())))
                    .append(" | ")
                    .append(cell(property.meaning()))
                    .append(" |\n"));
        });
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }
}
