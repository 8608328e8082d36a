package io.tally.campaign.check;

import io.tally.campaign.check.StateRecord.Content;
import io.tally.campaign.check.StateRecord.Id;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The state of one partition in a {@link SampleRun}. Every second commit writes all that is open and has changed. */
final class SampleState {
    private final Rules rules;
    private final PartitionFold fold;
    private final StateModel model;
    private final int partition;
    private final List<Message> log;
    private final Map<Id, StateRecord> live = new HashMap<>();
    private boolean writes;
    private long written;

    /** @param log takes the records */
    SampleState(Rules rules, PartitionFold fold, StateModel model, int partition, List<Message> log) {
        this.rules = rules;
        this.fold = fold;
        this.model = model;
        this.partition = partition;
        this.log = log;
    }

    /** Commits offsets, one after the other. Gives what their metadata say of the state. */
    List<String> commit(List<Long> offsets) {
        model.prepare(offsets);
        return offsets.stream().map(this::commit).toList();
    }

    private String commit(long offset) {
        writes = !writes;
        long watermark = fold.watermarkBefore(offset);
        // Windows that close leave at once, sessions with the next cut.
        if (writes || rules.kind() != Rules.Kind.SESSION) {
            Map<Id, Content> open = model.open(offset, watermark);
            for (Id id : List.copyOf(live.keySet())) {
                if (!open.containsKey(id)) {
                    live.remove(id);
                    add(message(partition, key(id), null));
                }
            }
            if (writes) {
                open.forEach((id, content) -> write(id, content, offset));
                written = offset;
            }
        }
        String text = " w=" + time(watermark) + " r=" + written;
        if (!writes && rules.kind() == Rules.Kind.SESSION) {
            text += " v=" + time(fold.watermarkBefore(written));
        }
        long digest = live.values().stream().mapToLong(StateRecord::digest).sum();
        return text + " s=" + live.size() + "," + Long.toHexString(digest);
    }

    private static String time(long time) {
        return time == Long.MIN_VALUE ? "-" : Long.toString(time);
    }

    private void write(Id id, Content content, long offset) {
        StateRecord before = live.get(id);
        if (before == null || !content.equals(before.content())) {
            Message message = entry(partition, id, offset, 1, content, rules);
            live.put(id, StateRecord.of(message, rules));
            add(message);
        }
    }

    private void add(Message message) {
        log.add(new Message(partition, log.size(), message.key(), message.value(), null));
    }

    private static byte[] key(Id id) {
        byte[] name = id.key().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(StateRecord.ENTRY_PREFIX + name.length)
                .put((byte) 1)
                .put((byte) 'E')
                .putLong(id.start())
                .put(name)
                .array();
    }

    /** An entry as Tally writes it. */
    static Message entry(int partition, Id id, long appliedUpTo, long revision, Content content, Rules rules) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        unsigned(out, appliedUpTo);
        unsigned(out, 0);
        if (rules.kind() == Rules.Kind.SESSION) {
            signed(out, content.last() - id.start());
        }
        if (rules.revised()) {
            unsigned(out, revision);
        }
        Cell.Totals totals = content.totals();
        for (long extreme : new long[] {totals.high(), totals.low()}) {
            out.write(1);
            decimal(out, extreme);
        }
        unsigned(out, totals.count());
        decimal(out, totals.sum());
        byte[] key = key(id);
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(out.toByteArray());
        return message(
                partition,
                key,
                ByteBuffer.allocate(Long.BYTES + out.size())
                        .putLong(crc.getValue())
                        .put(out.toByteArray())
                        .array());
    }

    private static void decimal(ByteArrayOutputStream out, long value) {
        out.write(0);
        signed(out, value);
    }

    private static void signed(ByteArrayOutputStream out, long value) {
        unsigned(out, value << 1 ^ value >> 63);
    }

    private static void unsigned(ByteArrayOutputStream out, long value) {
        long rest = value;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            out.write((int) (rest | 0x80));
        }
        out.write((int) rest);
    }

    private static Message message(int partition, byte[] key, byte @Nullable [] value) {
        return new Message(partition, 0, text(key), value == null ? null : text(value), null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
