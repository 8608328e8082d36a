package io.tally.pipeline.status;

/**
 * Why Tally does not process a partition: going on would be a guess.
 *
 * @param problem what was found where, with the numbers
 * @param remedy what a person can do about it
 */
public record Refusal(String problem, String remedy) {
    @Override
    public String toString() {
        return problem + " Remedy: " + remedy;
    }
}
