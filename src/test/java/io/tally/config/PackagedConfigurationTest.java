package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.property.PipelineProperties;
import io.tally.config.property.TallyProperties;
import io.tally.plan.PipelineDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;

/** The packaged application.yml is the reference of all properties, so it must be complete and true. */
class PackagedConfigurationTest {
    /** A property that is not set has its comment sign right in front; explanations have one space between. */
    private static final Pattern UNSET = Pattern.compile("(?m)^( *)#(?! \\S)(.*)$");

    @Test
    void describesEveryProperty() throws IOException {
        assertThat(metadata())
                .isNotEmpty()
                .allSatisfy(property -> assertThat(property.path("description").asString(""))
                        .as(property.get("name").asString())
                        .hasSizeGreaterThan(20));
    }

    @Test
    void mentionsEveryProperty() throws IOException {
        Set<String> mentioned = mentioned();

        List<String> names = metadata().stream()
                .map(property -> property.get("name").asString())
                .toList();

        assertThat(names)
                .contains("tally.instance-id", "tally.pipelines.*.filter[*].op")
                .allSatisfy(name -> assertThat(mentioned)
                        .as(name)
                        .anyMatch(other ->
                                other.equals(name) || other.startsWith(name + ".") || other.startsWith(name + "[")));
    }

    @Test
    void showsTheDefaultsOfUnsetProperties() {
        String sound = """
                tally:
                  pipelines:
                    ip-count:
                      source: {topic: ip_count_source, columns: [time, ip]}
                      timestamp: {field: time, format: "yyyy-MM-dd_HH:mm:ss"}
                      key: {fields: [ip]}
                      window: {size: 5s}
                      sink: {topic: ip_count_sink, template: "{start} {key} {count}"}
                """;
        List<PipelineProperties> pipelines = new ArrayList<>();
        List<PipelineDefinition> definitions = new ArrayList<>();
        Startup.packaged(context -> collect(context, pipelines, definitions));
        Startup.yaml(sound, context -> collect(context, pipelines, definitions));

        assertThat(pipelines.get(0))
                .usingRecursiveComparison()
                .ignoringFields("source.format", "source.separator", "source.split", "sink.format")
                .isEqualTo(pipelines.get(1));
        assertThat(definitions.get(0).topics()).isEqualTo(definitions.get(1).topics());
        assertThat(definitions.get(0).spec().fingerprint())
                .isEqualTo(definitions.get(1).spec().fingerprint());
    }

    private static void collect(
            org.springframework.context.ApplicationContext context,
            Collection<PipelineProperties> pipelines,
            Collection<PipelineDefinition> definitions) {
        pipelines.addAll(context.getBean(TallyProperties.class).pipelines().values());
        definitions.addAll(context.getBean(PipelineDefinitions.class).enabled());
    }

    private static List<JsonNode> metadata() throws IOException {
        return PropertyReference.metadata().values().stream()
                .filter(property -> property.get("name").asString().startsWith("tally."))
                .toList();
    }

    private static Set<String> mentioned() throws IOException {
        String text;
        try (InputStream in = TallyProperties.class.getResourceAsStream("/application.yml")) {
            assertThat(in).as("packaged by the build").isNotNull();
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text = text.substring(text.indexOf("\ntally:"));
        }
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(
                new ByteArrayResource(UNSET.matcher(text).replaceAll("$1$2").getBytes(StandardCharsets.UTF_8)));
        Properties properties = yaml.getObject();
        assertThat(properties).isNotNull();
        return properties.keySet().stream()
                .map(Object::toString)
                .map(PackagedConfigurationTest::withWildcards)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String withWildcards(String name) {
        String result = name;
        for (Map.Entry<String, String> wildcard : Map.of(
                        "\\[\\d+]",
                        "[*]",
                        "pipelines\\.[^.]+",
                        "pipelines.*",
                        "aggregates\\.[^.]+",
                        "aggregates.*",
                        "source\\.values\\.[^.]+",
                        "source.values.*")
                .entrySet()) {
            result = result.replaceAll(wildcard.getKey(), wildcard.getValue());
        }
        return result;
    }
}
