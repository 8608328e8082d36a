package io.tally.process;

/** The {@link BareLoop} as a process. */
final class BareLoopProcess {
    private BareLoopProcess() {}

    public static void main(String[] arguments) {
        new BareLoop(new BareLoop.Place(arguments[0], arguments[1], arguments[2], arguments[3])).run();
    }
}
