package io.tally.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndAllTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void runsEveryStepWhateverOthersThrow() {
        InternalError first = new InternalError("first");
        IllegalStateException second = new IllegalStateException("second");

        assertThatThrownBy(() -> EndAll.all(step("a", first), step("b", null), step("c", second), step("d", first)))
                .isSameAs(first)
                .hasSuppressedException(second);
        assertThat(done).containsExactly("a", "b", "c", "d");
    }

    private Runnable step(String name, @Nullable Throwable failure) {
        return () -> {
            done.add(name);
            if (failure instanceof Error e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
        };
    }
}
