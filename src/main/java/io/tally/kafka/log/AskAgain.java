package io.tally.kafka.log;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How long whoever asks a broker waits for it. On a busy machine there may be no answer in time, though the broker is
 * well. A service asks again when it next has reason to; who sits before a command would rather wait.
 *
 * @param patience how long a question is asked again and again; zero for once
 * @param told is told of each time that there was no answer, in a sentence
 */
public record AskAgain(Duration patience, Consumer<String> told) {
    /** Asks once. */
    public static final AskAgain NEVER = new AskAgain(Duration.ZERO, text -> {});

    /** As long as it makes sense to sit before a command, with a line for each try. */
    public static AskAgain forPeople(Consumer<String> told) {
        return new AskAgain(Duration.ofMinutes(2), told);
    }
}
