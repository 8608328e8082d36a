package io.tally.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "abc, abc, 0", "'', abc, 3", "abc, '', 3", "kitten, sitting, 3", "gruop, group, 2"})
    void countsEdits(String a, String b, int distance) {
        assertThat(EditDistance.between(a, b)).isEqualTo(distance);
    }
}
