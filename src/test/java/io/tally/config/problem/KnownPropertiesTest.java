package io.tally.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownPropertiesTest {
    private final KnownProperties known = new KnownProperties("app", Root.class);

    @Test
    void listsNamesWithWildcards() {
        assertThat(known.all())
                .containsExactly(
                        "app.node-id",
                        "app.jobs.*.topic",
                        "app.jobs.*.steps[*].name",
                        "app.jobs.*.labels.*",
                        "app.jobs.*.keys");
    }

    @Test
    void findsTheNearestName() {
        assertThat(known.nearest(List.of("app", "nodeid"))).contains("app.node-id");
        assertThat(known.nearest(List.of("app", "jobs", "a", "tpic"))).contains("app.jobs.a.topic");
        assertThat(known.nearest(List.of("app", "jobs", "a", "steps", "[2]", "nam")))
                .contains("app.jobs.a.steps[2].name");
        assertThat(known.nearest(List.of("app", "job", "a", "topic"))).contains("app.jobs.a.topic");
    }

    @Test
    void findsTheRightNameInTheWrongPlace() {
        assertThat(known.nearest(List.of("app", "topic"))).contains("app.jobs.*.topic");
    }

    @Test
    void findsNothingForSomethingElse() {
        assertThat(known.nearest(List.of("app", "jobs", "a", "unrelated"))).isEmpty();
    }

    @Test
    void knowsWhatAGroupHas() {
        assertThat(known.children(List.of("app", "jobs", "a"))).containsExactly("topic", "steps", "labels", "keys");
        assertThat(known.children(List.of("app", "jobs", "a", "topic"))).isEmpty();
    }

    @Test
    void knowsItsPropertiesAndGroups() {
        assertThat(known.isKnown(List.of("app", "nodeId"))).isTrue();
        assertThat(known.isKnown(List.of("app", "jobs", "a", "steps"))).isTrue();
        assertThat(known.isKnown(List.of("app", "jobs", "a", "labels", "x"))).isTrue();
        assertThat(known.isKnown(List.of("app", "jobs", "a", "step"))).isFalse();
    }

    record Root(String nodeId, Map<String, Job> jobs) {}

    record Job(String topic, List<Step> steps, Map<String, String> labels, List<String> keys) {}

    record Step(String name) {}
}
