package io.tally.config.property;

import io.tally.pipeline.status.DataVisibility;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code tally.} as the user wrote it. Binding only converts. What the values mean together is checked
 * when {@link io.tally.config.PipelineDefinitions} is made, so that all problems are reported at once. The description
 * of each component documents that property; it becomes configuration metadata.
 *
 * @param instanceId Identity of this process, stable across restarts and different from that of every other running
 *     process of the same pipelines; 1 to 100 characters of letters, digits, dot, underscore and hyphen. It is part of
 *     the transactional ids and of the group membership. Default: the host name and a slot number, the lowest one that
 *     no other process of this host holds.
 * @param page The live page.
 * @param tracing Traces of transactions.
 * @param pipelines The pipelines by name; a name consists of lower-case letters, digits and hyphens, and is part of
 *     metrics and of default names of topics and groups. At least one must be enabled.
 */
@ConfigurationProperties(prefix = "tally", ignoreUnknownFields = false)
public record TallyProperties(
        @Nullable String instanceId,
        @DefaultValue PageProperties page,
        @DefaultValue TracingProperties tracing,
        @DefaultValue Map<String, PipelineProperties> pipelines) {
    /**
     * The live page.
     *
     * @param enabled Whether there is a live page at / of the server's port. It shows states, numbers and event times.
     * @param values Whether the page shows keys and values: a sample of rows, the keys with the largest results,
     *     records that were not counted, and what the text of a problem quotes. Either hide or show.
     */
    public record PageProperties(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("hide") DataVisibility values) {}

    /**
     * Traces of transactions.
     *
     * @param enabled Whether each transaction becomes a span. That takes a tracing library, which Tally does not bring:
     *     org.springframework.boot:spring-boot-starter-opentelemetry, for example.
     * @param links The most links of a span, 0 to 128. They lead to the traces that some of the transaction's records
     *     come from, by their header traceparent; with 0 no header is read.
     */
    public record TracingProperties(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("8") int links) {}

    public TallyProperties {
        instanceId = Texts.blankToNull(instanceId);
        pipelines = withoutAliases(pipelines);
    }

    /**
     * An environment variable cannot spell a hyphen: {@code TALLY_PIPELINES_IPCOUNT_...} overrides a property of the
     * pipeline {@code ip-count}, but the binder also reports a second pipeline {@code ipcount}, bound from the same
     * values. If names differ only in hyphens, the one with the most hyphens is what the user chose.
     */
    private static Map<String, PipelineProperties> withoutAliases(Map<String, PipelineProperties> pipelines) {
        Map<String, String> chosen = new LinkedHashMap<>();
        for (String name : pipelines.keySet()) {
            chosen.merge(name.replace("-", ""), name, (a, b) -> b.length() > a.length() ? b : a);
        }
        Map<String, PipelineProperties> result = new LinkedHashMap<>();
        chosen.values().forEach(name -> result.put(name, pipelines.get(name)));
        return Collections.unmodifiableMap(result);
    }
}
