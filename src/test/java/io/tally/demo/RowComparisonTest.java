package io.tally.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowComparisonTest {
    private final RowComparison rows = new RowComparison();

    @Test
    void findsNothingWrongWithTheSameRowsWhicheverComesFirst() {
        rows.expected(0, "2026-01-01_00:00:00 a 5");
        rows.written(0, "2026-01-01_00:00:00 a 5");
        rows.written(1, "2026-01-01_00:00:00 a 7");
        rows.expected(1, "2026-01-01_00:00:00 a 7");
        rows.expected(1, "2026-01-01_00:00:05 a 7");

        assertThat(rows.compared()).isEqualTo(2);
        assertThat(rows.wrong()).isZero();
    }

    @Test
    void findsAnotherCount() {
        rows.expected(0, "2026-01-01_00:00:00 a 5");
        rows.written(0, "2026-01-01_00:00:00 a 6");

        assertThat(rows.compared()).isEqualTo(1);
        assertThat(rows.wrong()).isEqualTo(1);
    }

    @Test
    void findsARowThatIsThereTwice() {
        rows.written(0, "2026-01-01_00:00:00 a 5");
        rows.written(0, "2026-01-01_00:00:00 a 5");
        rows.expected(0, "2026-01-01_00:00:00 a 5");

        assertThat(rows.wrong()).isEqualTo(1);
    }

    /** However long it takes, a row is only missing once a later window's is there. */
    @Test
    void findsARowThatIsNotThere() {
        rows.expected(0, "2026-01-01_00:00:00 a 5");
        rows.expected(0, "2026-01-01_00:00:00 b 1");
        rows.written(0, "2026-01-01_00:00:00 b 1");
        rows.written(1, "2026-01-01_00:00:30 c 1");
        assertThat(rows.wrong()).isZero();

        rows.written(0, "2026-01-01_00:00:05 a 5");
        assertThat(rows.wrong()).isEqualTo(1);
        rows.expected(0, "2026-01-01_00:00:05 a 5");
        assertThat(rows.wrong()).isEqualTo(1);
    }
}
