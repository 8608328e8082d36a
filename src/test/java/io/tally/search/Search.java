package io.tally.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all states that can be reached, breadth first: first those without a fault, then those with one, and so
 * on. So what it finds it finds with as few faults as that takes.
 *
 * <p>In each state {@link Check} looks. From each, what happens once nothing goes wrong any more must lead to the end:
 * all records committed, both instances at work.
 */
final class Search {
    private static final boolean PROGRESS = Boolean.getBoolean("tally.search.progress");
    private static final int NOT_YET = -1;
    private static final int END = -2;

    /**
     * How it ended.
     *
     * @param ends states in which nothing is left to do
     * @param faults how many the last states took
     * @param trace the shortest way to what must not be, empty if there is nothing
     * @param steps how often each was taken
     */
    record Result(int states, int ends, int faults, List<String> trace, Map<Step, Long> steps, String model) {
        long transitions() {
            return steps.values().stream().mapToLong(count -> count).sum();
        }

        @Override
        public String toString() {
            return states + " states, " + transitions() + " transitions, up to " + faults + " faults, " + ends
                    + " ends; " + model + "; " + steps;
        }
    }

    private final Model model;
    private final Moves moves;
    private final Check check;
    private final States states = new States();
    /** By state, the one that follows if nothing goes wrong. */
    private int[] healing = new int[1 << 12];

    private final Map<Step, Long> steps = new EnumMap<>(Step.class);
    private int ends;
    /** The state whose steps are taken. */
    private int current;
    /** The state that is looked at. */
    private int looked;

    private int best;
    private int bestStep;

    Search(Scope scope, @Nullable Bug bug) {
        model = new Model(scope, bug);
        moves = new Moves(model);
        check = new Check(model);
    }

    /** Goes through all states that so many faults can lead to. */
    Result run(int mostFaults) {
        int faults = 0;
        try {
            begin();
            for (int first = 0; first < states.size() && faults <= mostFaults; faults++) {
                long begin = System.nanoTime();
                for (current = first; current < states.size(); current++) {
                    regular();
                }
                if (PROGRESS) {
                    System.out.printf(
                            "%d faults: %d states, %d s; %s%n",
                            faults, states.size(), (System.nanoTime() - begin) / 1_000_000_000, model);
                }
                if (faults == mostFaults) {
                    break;
                }
                int end = states.size();
                for (current = first; current < end; current++) {
                    moves.faults(model.world(states.key(current)), (step, instance, number, next) -> find(step, next));
                }
                first = end;
            }
            int astray = astray();
            if (astray >= 0) {
                looked = astray;
                throw new Violation("it goes round and round for ever");
            }
            model.memories.checkMerged();
            return result(faults, List.of());
        } catch (Violation e) {
            return result(faults, trace(looked, e));
        }
    }

    private Result result(int faults, List<String> trace) {
        return new Result(states.size(), ends, faults, trace, steps, model.toString());
    }

    private void begin() {
        World beginning = World.beginning();
        states.add(model.key(beginning), 0);
        check.state(beginning);
    }

    /** Its number. */
    private int find(Step step, World world) {
        steps.merge(step, 1L, Long::sum);
        int found = states.add(model.key(world), current);
        if (found < 0) {
            found = -1 - found;
            looked = found;
            check.state(world);
            looked = current;
        }
        return found;
    }

    private void regular() {
        World world = model.world(states.key(current));
        looked = current;
        best = NOT_YET;
        bestStep = Integer.MAX_VALUE;
        moves.regular(world, (step, instance, number, next) -> {
            int found = find(step, next);
            if (step.ordinal() < bestStep) {
                bestStep = step.ordinal();
                best = found;
            }
        });
        if (best == NOT_YET) {
            check.end(world);
            ends++;
            best = END;
        }
        while (current >= healing.length) {
            healing = Arrays.copyOf(healing, healing.length + (healing.length >> 1));
        }
        healing[current] = best;
    }

    /** A state from which healing does not come to an end; -1 if there is none. */
    private int astray() {
        byte[] seen = new byte[states.size()];
        for (int start = 0; start < states.size(); start++) {
            int state = start;
            while (state != END && seen[state] == 0) {
                seen[state] = 1;
                state = healing[state];
            }
            if (state != END && seen[state] == 1) {
                return state;
            }
            state = start;
            while (state != END && seen[state] == 1) {
                seen[state] = 2;
                state = healing[state];
            }
        }
        return -1;
    }

    private List<String> trace(int last, Violation violation) {
        List<Integer> path = new ArrayList<>();
        for (int state = last; state > 0; state = states.parent(state)) {
            path.add(0, state);
        }
        List<String> steps = new ArrayList<>();
        World world = World.beginning();
        for (int state : path) {
            world = step(world, state, steps);
        }
        steps.add(String.valueOf(violation.getMessage()));
        return steps;
    }

    /** How a state follows from the one before it. Instances keep their names, which a state does not tell. */
    private World step(World before, int after, List<String> steps) {
        List<World> found = new ArrayList<>();
        Moves.Output output = (step, instance, number, next) -> {
            if (found.isEmpty() && model.key(next).equals(states.key(after))) {
                steps.add(step.text(instance, number));
                found.add(next);
            }
        };
        moves.regular(before, output);
        moves.faults(before, output);
        return found.get(0);
    }
}
