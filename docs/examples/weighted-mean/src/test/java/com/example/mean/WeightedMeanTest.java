package com.example.mean;

import io.tally.aggregate.AggregateInput;
import io.tally.testkit.AggregateLaws;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {
    @Test
    void keepsTheLaws() {
        AggregateLaws.of(
                        new WeightedMean(),
                        2,
                        random -> AggregateInput.of(0, "" + random.nextInt(9), "" + (random.nextInt(9) - 1)))
                .commutative()
                .check();
    }
}
