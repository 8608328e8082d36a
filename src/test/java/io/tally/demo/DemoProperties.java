package io.tally.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the demo's source looks like.
 *
 * @param rate lines per second, 1 to 100000
 * @param keys number of distinct IPs
 * @param disorderMillis how far lines may be out of order
 * @param lateRatio share of lines that come long after their window has closed
 * @param garbageRatio share of lines that nobody can read
 * @param seed of the random choices
 */
@ConfigurationProperties("demo")
record DemoProperties(
        @DefaultValue("50") int rate,
        @DefaultValue("20") int keys,
        @DefaultValue("2000") int disorderMillis,
        @DefaultValue("0.002") double lateRatio,
        @DefaultValue("0.002") double garbageRatio,
        @DefaultValue("42") long seed) {
    DemoProperties {
        if (rate < 1 || rate > 100_000) {
            throw new IllegalArgumentException("demo.rate is 1 to 100000 lines per second, not " + rate);
        }
        if (keys < 1) {
            throw new IllegalArgumentException("demo.keys is at least 1, not " + keys);
        }
    }
}
