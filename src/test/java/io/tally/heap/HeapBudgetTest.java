package io.tally.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeapBudgetTest {
    private static final long LIMIT = 1 << 20;

    private final HeapBudget budget = new HeapBudget(LIMIT, "a test");

    @Test
    void givesOneAccountAllOfIt() {
        HeapAccount only = budget.open("only");
        only.take(LIMIT);
        assertThatThrownBy(() -> only.take(1))
                .isInstanceOf(HeapLimitExceededException.class)
                .hasMessageContaining("take 1.00 MB of heap, 1.00 of them in this partition, of the 1.00")
                .hasMessageContaining("that they may in this process (a test)");
    }

    @Test
    void stopsTheOneThatOutgrewItsPartAndNotTheOthers() {
        HeapAccount small = budget.open("small");
        HeapAccount large = budget.open("large");
        HeapAccount other = budget.open("other");
        large.take(LIMIT);
        small.take(LIMIT / 8);
        assertThatThrownBy(() -> large.take(LIMIT / 100)).isInstanceOf(HeapLimitExceededException.class);
        large.close();
        assertThat(budget.taken()).isLessThan(LIMIT / 7);
        small.take(LIMIT / 4);
        other.take(LIMIT / 4);
    }

    @Test
    void neverGivesMoreThanAQuarterAbove() {
        HeapAccount large = budget.open("large");
        HeapAccount small = budget.open("small");
        large.take(LIMIT - LIMIT / 100);
        small.take(LIMIT / 5);
        assertThatThrownBy(() -> small.take(LIMIT / 10)).isInstanceOf(HeapLimitExceededException.class);
        assertThat(budget.taken()).isLessThanOrEqualTo(LIMIT + LIMIT / 4);
    }

    @Test
    void hasARestoreUseTheQuarterAbove() {
        HeapAccount restored = budget.open("restored");
        restored.restoring(true);
        restored.take(LIMIT + LIMIT / 5);
        restored.take(-LIMIT / 2);
        restored.restoring(false);
        restored.take(LIMIT / 4);
        assertThatThrownBy(() -> restored.take(LIMIT / 4)).isInstanceOf(HeapLimitExceededException.class);
    }

    @Test
    void takesBackWhatIsNotUsed() {
        HeapAccount first = budget.open("first");
        first.take(LIMIT);
        first.take(-LIMIT);
        budget.open("second").take(LIMIT * 9 / 10);
        assertThat(budget.taken()).isLessThanOrEqualTo(LIMIT);
    }

    /** A partition that was lost without a word is restored: there is no memory of before. */
    @Test
    void closesAnAccountWhoseNameIsTakenAgain() {
        HeapAccount lost = budget.open("partition");
        lost.take(LIMIT);
        HeapAccount again = budget.open("partition");
        again.take(LIMIT);
        lost.take(LIMIT);
        lost.close();
        assertThat(budget.taken()).isEqualTo(LIMIT);
        again.close();
        assertThat(budget.taken()).isZero();
    }
}
