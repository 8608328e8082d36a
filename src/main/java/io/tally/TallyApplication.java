package io.tally;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Tally: exactly-once windowed aggregation from Kafka topics to Kafka topics, as one Spring Boot service. */
@SpringBootApplication
public class TallyApplication {
    public static void main(String[] args) {
        SpringApplication.run(TallyApplication.class, args);
    }
}
