package io.tally.pipeline.status;

import org.jspecify.annotations.Nullable;

/**
 * Why Tally does not process a partition: going on would be a guess.
 *
 * @param problem what was found where, with the numbers
 * @param remedy what a person can do about it
 * @param discreet the problem without the keys that it quotes, or what a function of the user's says; null if there is
 *     nothing of that in it
 */
public record Refusal(
        String problem, String remedy, @Nullable String discreet) {
    /** One that tells nothing of what records hold. */
    public Refusal(String problem, String remedy) {
        this(problem, remedy, null);
    }

    /** The same for those who may not see what records hold. */
    public Refusal withoutData() {
        return discreet == null ? this : new Refusal(discreet, remedy);
    }

    @Override
    public String toString() {
        return problem + " Remedy: " + remedy;
    }
}
