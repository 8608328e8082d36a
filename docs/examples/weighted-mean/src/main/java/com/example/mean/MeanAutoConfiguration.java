package com.example.mean;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Gives Tally the functions of this jar. The name of a bean is the name of the function. */
@AutoConfiguration
public class MeanAutoConfiguration {
    @Bean
    WeightedMean weightedMean() {
        return new WeightedMean();
    }
}
