package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HeapSharesTest {
    private static final long MB = 1 << 20;

    private final Map<String, PipelineProperties> pipelines = new LinkedHashMap<>();
    private final Problems problems = new Problems();

    @Test
    void onePipelineHasHalfOfTheHeap() {
        pipeline("a", Map.of());
        assertShare("a", 128, "half of the heap of 256MB");
    }

    @Test
    void pipelinesThatSayNothingShareWhatIsLeftOfHalf() {
        pipeline("a", Map.of());
        pipeline("b", Map.of("max-open-bytes", "28MB"));
        pipeline("c", Map.of());
        pipeline("off", Map.of("enabled", "false", "max-open-bytes", "1TB"));
        assertShare("a", 50, "an equal part for each of 2 pipelines of what others leave of half of the heap of 256MB");
        assertShare("b", 28, "tally.pipelines.b.max-open-bytes");
        assertShare("c", 50, "an equal part");
    }

    @Test
    void nothingIsLeftForTheOthers() {
        pipeline("a", Map.of());
        pipeline("b", Map.of("max-open-bytes", "128MB"));
        HeapShares.of(pipelines, 256 * MB, problems);
        assertThat(problems.failure())
                .hasMessageContaining("tally.pipelines.a.max-open-bytes")
                .hasMessageContaining("leave nothing of half of the heap of 256MB");
    }

    @Test
    void togetherTheyAreTooLarge() {
        pipeline("a", Map.of("max-open-bytes", "100MB"));
        pipeline("b", Map.of("max-open-bytes", "100MB"));
        HeapShares.of(pipelines, 256 * MB, problems);
        assertThat(problems.failure())
                .hasMessageContaining("tally.pipelines.b.max-open-bytes")
                .hasMessageContaining("at most three quarters of the heap of 256MB");
    }

    private void pipeline(String name, Map<String, String> settings) {
        pipelines.put(
                name,
                new Binder(new MapConfigurationPropertySource(settings))
                        .bindOrCreate("", Bindable.of(PipelineProperties.class)));
    }

    private void assertShare(String name, long megabytes, String reason) {
        var share = HeapShares.of(pipelines, 256 * MB, problems).of(name, pipelines.get(name));
        assertThat(problems.isEmpty()).isTrue();
        assertThat(share.limit()).isEqualTo(megabytes * MB);
        assertThat(share.reason()).startsWith(reason);
    }
}
