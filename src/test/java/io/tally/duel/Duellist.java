package io.tally.duel;

/** A system that counts a log in a duel: its instances, as far as Kafka can tell. */
interface Duellist extends AutoCloseable {
    /** Starts an instance that counts each record that it takes. */
    void start(String instance, int poll, Runnable taking);

    /** From now on nothing of it reaches the broker; from any thread, also its own. */
    void die(String instance);

    /** Ends one that runs or is dead. */
    void end(String instance);

    @Override
    void close();
}
