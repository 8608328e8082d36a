package io.tally.search;

/** All steps out of a state. */
final class Moves {
    interface Output {
        /** @param number as {@link Step#text} takes it */
        void accept(Step step, int instance, int number, World next);
    }

    private final BrokerMoves broker;
    private final LaneMoves lanes;
    private final RestoreMoves restores;
    private final GroupMoves groups;
    private final FaultMoves faults;

    Moves(Model model) {
        broker = new BrokerMoves(model);
        lanes = new LaneMoves(model);
        restores = new RestoreMoves(model, broker);
        groups = new GroupMoves(model);
        faults = new FaultMoves(broker, lanes);
    }

    /** What can happen without a fault; where nothing can, an open transaction times out. */
    void regular(World world, Output output) {
        boolean[] any = {false};
        Output out = settled((step, instance, number, next) -> {
            any[0] = true;
            output.accept(step, instance, number, next);
        });
        for (int instance = 0; instance < 2; instance++) {
            broker.from(world, instance, out);
            lanes.from(world, instance, out);
            restores.from(world, instance, out);
            groups.from(world, instance, out);
        }
        for (int instance = 0; instance < 2 && !any[0]; instance++) {
            faults.timeOut(world, instance, out);
        }
    }

    void faults(World world, Output output) {
        Output out = settled(output);
        for (int instance = 0; instance < 2; instance++) {
            faults.from(world, instance, out);
        }
    }

    private static Output settled(Output output) {
        return (step, instance, number, next) -> {
            next.settleWhatIsDecided();
            output.accept(step, instance, number, next);
        };
    }
}
