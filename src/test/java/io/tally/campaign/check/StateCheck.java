package io.tally.campaign.check;

import io.tally.campaign.check.StateRecord.Content;
import io.tally.campaign.check.StateRecord.Id;
import io.tally.campaign.check.StateRecord.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one partition, at each of its commits: what is written and what a recovery replays must make together
 * what the records before the committed offset make. Not only the newest state is looked at: the topic still has
 * everything that was ever written.
 */
final class StateCheck {
    private final Rules rules;
    private final PartitionFold fold;
    private final List<Commit> commits;
    private final List<StateRecord> log = new ArrayList<>();
    private final StateModel model;
    private final Consumer<String> wrong;

    /** What a restore would find. */
    private final Map<Id, StateRecord> entries = new HashMap<>();

    private final Map<String, StateRecord> emissions = new HashMap<>();
    /** Of the entries. */
    private long digest;

    private final Iterator<StateModel.Group> groups;
    private StateModel.@Nullable Group next;
    private final List<StateModel.Group> open = new ArrayList<>();

    /**
     * Reads what is to be checked.
     *
     * @param state the messages of the state
     * @param commits those of its source
     * @param wrong takes what is wrong
     */
    StateCheck(
            Rules rules,
            PartitionFold fold,
            StateModel model,
            List<Message> state,
            List<Commit> commits,
            Consumer<String> wrong) {
        this.rules = rules;
        this.fold = fold;
        this.model = model;
        this.commits = commits;
        this.wrong = wrong;
        for (Message message : state) {
            try {
                log.add(StateRecord.of(message, rules));
            } catch (IllegalArgumentException e) {
                wrong.accept("state record " + message + ": " + e.getMessage());
            }
        }
        Set<Long> asked = new HashSet<>();
        log.forEach(record -> asked.add(record.appliedUpTo()));
        commits.forEach(commit -> asked.add(number(commit, "r")));
        model.prepare(asked);
        groups = model.groups().iterator();
        next = groups.hasNext() ? groups.next() : null;
    }

    void run() {
        log.forEach(this::says);
        int at = 0;
        for (Commit commit : commits) {
            while (!isAsCommitted(commit)) {
                if (at == log.size()) {
                    wrong.accept("no state is what was committed, or not in its order: " + commit);
                    return;
                }
                apply(log.get(at++));
            }
            watermark(commit);
            if (rules.kind() == Rules.Kind.SESSION) {
                cut(commit);
            } else {
                nothingIsLost(commit);
                nothingIsLeft(commit);
            }
        }
        for (; at < log.size(); at++) {
            // The birth marker is not counted.
            if (log.get(at).kind() != Kind.BIRTH) {
                wrong.accept("state that no commit has: " + log.get(at));
                return;
            }
        }
    }

    /** An entry says what the records before its offset make. */
    private void says(StateRecord record) {
        Content content = record.content();
        Id id = record.id();
        if (content == null || id == null) {
            return;
        }
        Content right = model.content(id, record.appliedUpTo());
        if (!content.equals(right)) {
            wrong.accept("an entry is wrong: %s where the source has %s".formatted(record, right));
        }
    }

    private void apply(StateRecord record) {
        if (record.kind() == Kind.EMISSION) {
            emissions.put(record.stateKey(), record);
            return;
        }
        Id id = record.id();
        if (id == null) {
            return;
        }
        StateRecord before = record.isTombstone() ? entries.remove(id) : entries.put(id, record);
        digest -= before == null ? 0 : before.digest();
        digest += record.isTombstone() ? 0 : record.digest();
    }

    private boolean isAsCommitted(Commit commit) {
        long count = entries.size();
        long sum = digest;
        for (StateRecord emission : emissions.values()) {
            // Others have no use any more.
            if (emission.appliedUpTo() > number(commit, "r") && emission.appliedUpTo() <= commit.offset()) {
                count++;
                sum += emission.digest();
            }
        }
        return (count + "," + Long.toHexString(sum)).equals(commit.field("s"));
    }

    private static long number(Commit commit, String field) {
        String text = commit.field(field);
        return text == null || text.equals("-") ? Long.MIN_VALUE : Long.parseLong(text);
    }

    /** Where a record closes more than a transaction takes, its watermark comes in steps before it. */
    private void watermark(Commit commit) {
        long before = fold.watermarkBefore(commit.offset());
        long behind = fold.watermarkBehind(commit.offset());
        long watermark = number(commit, "w");
        if (watermark < before || watermark > behind) {
            wrong.accept("the watermark is between %d and %d at %s".formatted(before, behind, commit));
        }
    }

    /** Each record of an open window is in an entry, or replayed. */
    private void nothingIsLost(Commit commit) {
        while (next != null && next.first() < commit.offset()) {
            open.add(next);
            next = groups.hasNext() ? groups.next() : null;
        }
        long watermark = number(commit, "w");
        open.removeIf(group -> model.isClosed(group.id(), watermark));
        long replayed = number(commit, "r");
        for (StateModel.Group group : open) {
            StateRecord entry = entries.get(group.id());
            int written = entry == null ? 0 : group.before(entry.appliedUpTo());
            if (written < group.before(replayed)) {
                wrong.accept("%s has %d records before the replay, and in its entry %d: %s"
                        .formatted(group.id(), group.before(replayed), written, commit));
            }
        }
    }

    /** There is no entry of a window that has closed, unless its rows or tombstones are still to come. */
    private void nothingIsLeft(Commit commit) {
        if (commit.field("n") != null || commit.field("z") != null) {
            return;
        }
        long watermark = number(commit, "w");
        for (StateRecord entry : entries.values()) {
            if (model.isClosed(entry.id(), watermark)) {
                wrong.accept("an entry of a window that has closed: %s, %s".formatted(entry, commit));
            }
            if (entry.appliedUpTo() > commit.offset()) {
                wrong.accept("an entry goes beyond %s: %s".formatted(commit, entry));
            }
        }
    }

    /** Entries of sessions are all as of the offset that a replay begins at. */
    private void cut(Commit commit) {
        long watermark = commit.field("v") == null ? number(commit, "w") : number(commit, "v");
        Map<Id, Content> right = model.open(number(commit, "r"), watermark);
        Map<Id, Content> found = new HashMap<>();
        entries.forEach((id, entry) -> found.put(id, entry.content()));
        if (!found.equals(right)) {
            wrong.accept("sessions %s where %s are open at %s".formatted(found, right, commit));
        }
    }
}
