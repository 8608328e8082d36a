package io.tally.kafka.log;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How long to wait for a broker. On a busy machine there may be no answer in time, though the broker is well. The
 * service asks again when it next has reason to. People who run a command would rather wait.
 *
 * @param patience how long a question is asked again and again; zero for once
 * @param told gets a sentence each time that there was no answer
 */
public record AskAgain(Duration patience, Consumer<String> told) {
    /** Asks once. */
    public static final AskAgain NEVER = new AskAgain(Duration.ZERO, text -> {});

    /** As long as people are likely to wait for a command, with a line for each try. */
    public static AskAgain forPeople(Consumer<String> told) {
        return new AskAgain(Duration.ofMinutes(2), told);
    }
}
