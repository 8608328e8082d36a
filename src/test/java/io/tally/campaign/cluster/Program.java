package io.tally.campaign.cluster;

import java.io.IOException;

/** A program of the system, of which only the exit code matters. */
final class Program {
    private Program() {}

    /**
     * Runs it to its end, and gives its exit code.
     *
     * @throws IOException if there is no such program
     */
    static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
