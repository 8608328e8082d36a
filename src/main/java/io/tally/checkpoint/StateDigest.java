package io.tally.checkpoint;

/**
 * The number of a partition's live records in the state topic, without the birth marker, and a checksum over them. The
 * checksum says which entries there are and how far each is applied, whatever their order. Both are in the commit
 * metadata, and recovery computes them again from what it reads. So it notices a state topic that has lost an entry,
 * gained one, or kept an old version of one.
 *
 * <p>The checksum is the sum of one mixed 64-bit value per entry (SplitMix64's finisher), so an entry can be taken out
 * again by subtraction. It guards against accidents, not against an adversary.
 */
public final class StateDigest {
    private long entries;
    private long sum;

    public long entries() {
        return entries;
    }

    public long sum() {
        return sum;
    }

    /**
     * Adds an entry.
     *
     * @param keyChecksum of its state key
     * @param revision how many of its rows have left, which tells versions with the same offset apart; 0 if not counted
     */
    public void add(int keyChecksum, long appliedUpTo, long revision) {
        entries++;
        sum += mix(keyChecksum, appliedUpTo, revision);
    }

    public void remove(int keyChecksum, long appliedUpTo, long revision) {
        entries--;
        sum -= mix(keyChecksum, appliedUpTo, revision);
    }

    private static long mix(int keyChecksum, long appliedUpTo, long revision) {
        long z = ((long) keyChecksum << 32) + appliedUpTo * 0x9E3779B97F4A7C15L + revision * 0xD1B54A32D192ED03L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
