package io.tally.testkit;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Damaged state. A checksum guards each record of the state topic, so this is the second line of defence: a reader that
 * meets nonsense says so, and neither hangs nor takes all memory.
 */
final class Damage {
    private static final int LONGEST_READ_SECONDS = 20;

    private final Supplier<Accumulator> empty;
    private final Random random;

    Damage(Supplier<Accumulator> empty, Random random) {
        this.empty = empty;
        this.random = random;
    }

    void check(Accumulator accumulator) {
        byte[] sound = accumulator.bytes();
        int own = empty.get().readFrom(Arrays.copyOf(sound, sound.length + 5));
        LawException.unless(
                "bytes behind the accumulator's own are left alone",
                Integer.toString(sound.length),
                Integer.toString(own));
        within(() -> {
            if (sound.length > 0) {
                cut(Arrays.copyOf(sound, random.nextInt(sound.length)));
                byte[] flipped = sound.clone();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                survive(flipped);
            }
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            survive(noise);
        });
    }

    private void cut(byte[] bytes) {
        try {
            empty.get().read(bytes);
        } catch (IllegalStateException e) {
            return;
        } catch (RuntimeException e) {
            throw unexpected("cut", bytes, e);
        }
        throw new LawException("bytes that are cut are refused, but these are not: " + hex(bytes));
    }

    private void survive(byte[] bytes) {
        Accumulator read = empty.get();
        try {
            read.readFrom(bytes);
        } catch (IllegalStateException e) {
            return;
        } catch (RuntimeException e) {
            throw unexpected("damaged", bytes, e);
        }
        try {
            Accumulator again = empty.get().read(read.bytes());
            LawException.unless("what was read from damaged bytes works", read.result(), again.result());
            again.merge(read).result();
        } catch (IllegalStateException e) {
            throw unexpected("damaged", bytes, e);
        }
    }

    private static LawException unexpected(String how, byte[] bytes, RuntimeException e) {
        return new LawException(
                "bytes that are " + how
                        + " are refused with IllegalStateException when they are read, or work; these give " + e + ": "
                        + hex(bytes),
                e);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 100));
    }

    private static void within(Runnable reading) {
        FutureTask<Object> task = new FutureTask<>(reading, "done");
        Thread thread = new Thread(task, "damaged-state");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(LONGEST_READ_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new LawException("reading damaged bytes ends, but not within " + LONGEST_READ_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LawException("reading was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LawException law) {
                throw law;
            }
            throw new LawException("bytes that are damaged are refused or work, but there was " + e.getCause(), e);
        }
    }
}
