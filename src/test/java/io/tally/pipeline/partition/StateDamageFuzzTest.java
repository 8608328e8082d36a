package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.StateFormat;
import io.tally.pipeline.Committed;
import io.tally.pipeline.RefusedException;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimSettings;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to a state partition, a restore ends in exactly the committed state or in a refusal. Repeat one case
 * with {@code -Dtally.seed=N}.
 */
class StateDamageFuzzTest {
    private static final int SEEDS = Integer.getInteger("tally.seeds", 400);
    private static final int DAMAGES = 20;

    private enum Damage {
        NONE,
        BIT_IN_VALUE,
        BIT_IN_KEY,
        BIT_IN_METADATA,
        CUT_VALUE,
        LOST_RECORD,
        LOST_TAIL,
        LOST_HEAD,
        DOUBLED_RECORD,
        OLD_VERSION_PUT_LAST,
        SWAPPED_RECORDS,
        FOREIGN_RECORD,
        FOREIGN_TOMBSTONE,
        SOURCE_TRIMMED,
        OFFSET_MOVED
    }

    private final AtomicIntegerArray exact = new AtomicIntegerArray(Damage.values().length);
    private final AtomicIntegerArray refused = new AtomicIntegerArray(Damage.values().length);

    @Test
    void endsInTheExactStateOrInARefusal() {
        Long only = Long.getLong("tally.seed");
        long first = only != null ? only : new Random().nextInt();
        int seeds = only != null ? 1 : SEEDS;
        System.out.println("StateDamageFuzzTest: " + seeds + " seeds from " + first);
        LongStream.range(first, first + seeds).parallel().forEach(this::damage);
        for (Damage damage : Damage.values()) {
            System.out.println(
                    damage + ": exact " + exact.get(damage.ordinal()) + ", refused " + refused.get(damage.ordinal()));
        }
        assertThat(refused.get(Damage.NONE.ordinal()))
                .as("refusals of what is intact")
                .isZero();
        if (seeds >= 100) {
            for (Damage damage : Damage.values()) {
                if (damage != Damage.NONE) {
                    assertThat(refused.get(damage.ordinal()))
                            .as("refusals of " + damage)
                            .isPositive();
                }
            }
        }
    }

    private void damage(long seed) {
        Simulation simulation = lived(seed);
        Random random = new Random(seed);
        for (int i = 0; i < DAMAGES; i++) {
            Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
            try {
                damage(simulation, damage, random);
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + " fails at damage " + damage + "; repeat with mvn test"
                                + " -Dtest=StateDamageFuzzTest -Dtally.seed=" + seed + "\n" + simulation + "\n"
                                + e.getMessage(),
                        e);
            }
        }
    }

    /** A partition in the middle of its life. */
    private static Simulation lived(long seed) {
        Simulation simulation = new Simulation(seed);
        for (int life = 0; life < 4 || !simulation.born && life < 50; life++) {
            simulation.live(10);
        }
        simulation.kafka.state.deliverMarkers();
        return simulation;
    }

    private void damage(Simulation simulation, Damage damage, Random random) {
        List<StateLog.Message> state = new ArrayList<>(simulation.kafka.state.committed(0));
        Committed committed = simulation.kafka.committed();
        if (!state.isEmpty()) {
            damage(state, damage, random);
        }
        if (damage == Damage.BIT_IN_METADATA && !committed.metadata().isEmpty()) {
            byte[] metadata = committed.metadata().getBytes(StandardCharsets.ISO_8859_1);
            metadata[random.nextInt(metadata.length)] ^= (byte) (1 << random.nextInt(8));
            committed = new Committed(
                    true,
                    committed.offset(),
                    new String(metadata, StandardCharsets.ISO_8859_1),
                    committed.logStart(),
                    committed.logEnd());
        } else if (damage == Damage.SOURCE_TRIMMED) {
            committed = new Committed(
                    committed.present(),
                    committed.offset(),
                    committed.metadata(),
                    committed.offset() + 1 - random.nextInt(2),
                    committed.logEnd());
            if (committed.logStart() <= simulation.recovery) {
                return;
            }
        } else if (damage == Damage.OFFSET_MOVED) {
            long moved = Math.max(0, committed.offset() + random.nextInt(21) - 10);
            if (moved == committed.offset()) {
                return;
            }
            committed = new Committed(
                    committed.present(), moved, committed.metadata(), committed.logStart(), committed.logEnd());
            if (!simulation.born) {
                return;
            }
        }
        PartitionProcessor processor;
        try {
            processor = restore(simulation, state, committed);
        } catch (RefusedException e) {
            refused.incrementAndGet(damage.ordinal());
            assertThat(e.refusal().remedy()).isNotBlank();
            return;
        }
        exact.incrementAndGet(damage.ordinal());
        simulation.check.restored(processor, simulation.committed);
    }

    private static void damage(List<StateLog.Message> state, Damage damage, Random random) {
        int at = random.nextInt(state.size());
        StateLog.Message message = state.get(at);
        switch (damage) {
            case BIT_IN_VALUE -> {
                if (message.value() != null) {
                    state.set(
                            at,
                            new StateLog.Message(message.offset(), message.key(), flipped(message.value(), random)));
                }
            }
            case BIT_IN_KEY ->
                state.set(at, new StateLog.Message(message.offset(), flipped(message.key(), random), message.value()));
            case CUT_VALUE -> {
                if (message.value() != null) {
                    byte[] cut = Arrays.copyOf(message.value(), random.nextInt(message.value().length));
                    state.set(at, new StateLog.Message(message.offset(), message.key(), cut));
                }
            }
            case LOST_RECORD -> state.remove(at);
            case LOST_TAIL -> state.subList(at, state.size()).clear();
            case LOST_HEAD -> state.subList(0, at + 1).clear();
            case DOUBLED_RECORD -> state.add(random.nextInt(at, state.size()) + 1, message);
            case OLD_VERSION_PUT_LAST -> state.add(message);
            case SWAPPED_RECORDS -> {
                int other = random.nextInt(state.size());
                state.set(at, state.get(other));
                state.set(other, message);
            }
            case FOREIGN_RECORD -> {
                List<StateLog.Message> foreign =
                        lived(random.nextInt(1000)).kafka.state.committed(0);
                if (!foreign.isEmpty()) {
                    addForeign(state, foreign.get(random.nextInt(foreign.size())), random);
                }
            }
            case FOREIGN_TOMBSTONE -> state.add(new StateLog.Message(0, message.key(), null));
            default -> {}
        }
    }

    /**
     * Another partition's record, unless it is a twin: the digest covers key and offset of an entry, so an entry of the
     * same key, window and offset with another content is beyond what it promises to notice.
     */
    private static void addForeign(List<StateLog.Message> state, StateLog.Message foreign, Random random) {
        StateFormat format = new StateFormat();
        if (foreign.value() != null && format.kind(foreign.key()) == StateFormat.Kind.ENTRY) {
            long applied = format.readEntry(foreign.key(), foreign.value()).appliedUpTo();
            for (StateLog.Message message : state) {
                if (message.value() != null
                        && Arrays.equals(message.key(), foreign.key())
                        && format.readEntry(message.key(), message.value()).appliedUpTo() == applied) {
                    return;
                }
            }
        }
        state.add(random.nextInt(state.size() + 1), foreign);
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        return result;
    }

    private static PartitionProcessor restore(
            Simulation simulation, List<StateLog.Message> state, Committed committed) {
        Restoration restoration =
                new Restoration(Simulation.SOURCE, simulation.rules.spec(simulation.policy, SimSettings.FOREVER));
        for (StateLog.Message message : state) {
            restoration.state(message.offset(), message.key(), message.value());
        }
        restoration.load(committed);
        for (SimRecord record :
                simulation.kafka.fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE)) {
            restoration.replay(record);
        }
        return restoration.complete(Simulation.ID);
    }
}
