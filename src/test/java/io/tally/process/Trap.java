package io.tally.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Waits for requests of one kind, and does something to them or to whoever sent them. */
public final class Trap {
    /** When in the life of a request. */
    public enum Moment {
        /** The broker does not know of it. */
        BEFORE_THE_REQUEST,
        /** The broker has done it; the client does not know. */
        BEFORE_THE_REPLY,
        /** The client knows. */
        AFTER_THE_REPLY
    }

    /** What happens then. */
    public enum Effect {
        /** Nothing passes on this connection any more, and nobody says so. */
        LOSE,
        /** It comes late, as does all that is behind it. */
        HOLD,
        /** What the trap was given. */
        ACT
    }

    private final ApiKeys kind;
    private final Moment moment;
    private final Effect effect;
    private final AtomicInteger skip;
    private final AtomicInteger hits;
    private final AtomicInteger toSpring;
    private final AtomicInteger met = new AtomicInteger();
    private Duration hold = Duration.ZERO;
    private boolean withdrawn;
    private int springing;
    private Runnable act = () -> {};
    private Runnable told = () -> {};
    private @Nullable String client;
    private byte @Nullable [] content;

    /**
     * Makes a trap.
     *
     * @param skip how many requests pass before
     * @param hits how many meet the effect
     */
    public Trap(ApiKeys kind, Moment moment, Effect effect, int skip, int hits) {
        this.kind = kind;
        this.moment = moment;
        this.effect = effect;
        this.skip = new AtomicInteger(skip);
        this.hits = new AtomicInteger(hits);
        toSpring = new AtomicInteger(hits);
    }

    public Trap holding(Duration time) {
        hold = time;
        return this;
    }

    public Trap acting(Runnable action) {
        act = action;
        return this;
    }

    /** Told of each request that it catches. */
    public Trap telling(Runnable listener) {
        told = listener;
        return this;
    }

    /** Only requests of clients whose ids end so. */
    public Trap ofClient(String ending) {
        client = ending;
        return this;
    }

    /** Only requests that contain these bytes. */
    public Trap containing(byte[] bytes) {
        content = bytes;
        return this;
    }

    Moment moment() {
        return moment;
    }

    Effect effect() {
        return effect;
    }

    Duration hold() {
        return hold;
    }

    void act() {
        act.run();
    }

    /** How many requests it has caught. */
    public int met() {
        return met.get();
    }

    /** No more. */
    public void disarm() {
        hits.set(0);
    }

    /** Whether the request meets the effect; counts it. */
    boolean catches(byte[] request) {
        ByteBuffer header = ByteBuffer.wrap(request);
        if (header.getShort() != kind.id || hits.get() == 0) {
            return false;
        }
        if (client != null && !clientId(header).endsWith(client)) {
            return false;
        }
        if (content != null && !contains(request, content)) {
            return false;
        }
        if (skip.getAndUpdate(n -> Math.max(0, n - 1)) > 0 || hits.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return false;
        }
        met.incrementAndGet();
        return true;
    }

    /** Whether it is to do so; not if it was withdrawn meanwhile. */
    boolean springs() {
        synchronized (this) {
            if (withdrawn) {
                return false;
            }
            springing++;
        }
        told.run();
        return true;
    }

    synchronized void sprang() {
        springing--;
        toSpring.decrementAndGet();
    }

    /** From now on it does nothing. */
    public synchronized void withdraw() {
        withdrawn = true;
    }

    /** Whether it is about to do something: a process that it kills is gone before the trap knows. */
    public synchronized boolean isSpringing() {
        return springing > 0;
    }

    /** Whether it has done so to all that it was to catch. */
    public boolean hasSprung() {
        return toSpring.get() <= 0;
    }

    private static String clientId(ByteBuffer afterKind) {
        afterKind.getShort();
        afterKind.getInt();
        byte[] id = new byte[Math.max(0, afterKind.getShort())];
        afterKind.get(id);
        return new String(id, StandardCharsets.UTF_8);
    }

    private static boolean contains(byte[] all, byte[] part) {
        outer:
        for (int at = 0; at <= all.length - part.length; at++) {
            for (int i = 0; i < part.length; i++) {
                if (all[at + i] != part[i]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }
}
