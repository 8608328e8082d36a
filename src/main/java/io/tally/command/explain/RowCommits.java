package io.tally.command.explain;

import io.tally.command.recount.Patience;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.ShuffleDefinition;
import io.tally.plan.TransactionalId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which commit brought which row, and so which instance. If that cannot be found out, the rest of the answer stays as
 * it is.
 */
final class RowCommits {
    private final Scene scene;
    private final LogReader log;
    private final Patience patience;
    private final String group;
    private final Map<Integer, CommitHistory> histories = new HashMap<>();
    private final Map<SinkRow, Explanation.Commit> found = new HashMap<>();
    private @Nullable String problem;

    private RowCommits(Scene scene, LogReader log, Patience patience) {
        this.scene = scene;
        this.log = log;
        this.patience = patience;
        String sources = scene.pipeline().groupId();
        group = scene.hasShuffle() ? sources + ShuffleDefinition.MERGE_SUFFIX : sources;
    }

    /** Looks for the commits of these rows. */
    static RowCommits of(Scene scene, List<SinkRow> rows, LogReader log, Patience patience) {
        RowCommits commits = new RowCommits(scene, log, patience);
        try {
            rows.forEach(commits::look);
        } catch (LogException e) {
            commits.problem(String.valueOf(e.getMessage()));
        } catch (Patience.OverException e) {
            commits.problem("there was no time to look for it: run the command explain");
        }
        return commits;
    }

    /**
     * The commit of a row; null if it is not known, or if redrive has written the row, which says itself what it
     * counts.
     */
    Explanation.@Nullable Commit of(SinkRow row) {
        return found.get(row);
    }

    /** Why the commit of some row is not known; null if all are known. */
    @Nullable
    String problem() {
        return problem;
    }

    private void problem(String text) {
        if (problem == null) {
            problem = text;
        }
    }

    private void look(SinkRow row) {
        if (row.mark != null) {
            return;
        }
        if (row.match == null) {
            problem("the source does not give each of the rows, so it is not known where the others came from");
            return;
        }
        int partition = row.closing;
        try {
            PastCommit commit = histories
                    .computeIfAbsent(
                            partition, number -> new CommitHistory(group, scene.closingTopic(), number, log, patience))
                    .first(row.timestamp, brings(row, row.match.isFinal()));
            found.put(row, shown(partition, commit));
        } catch (CommitHistory.UnknownCommitException e) {
            problem(String.valueOf(e.getMessage()));
        }
    }

    /** What holds for the commit that brought the row and for all later ones, but for none before it. */
    private Predicate<PastCommit> brings(SinkRow row, boolean isFinal) {
        Predicate<PastCommit> later = commit -> commit.time() >= row.timestamp;
        if (!scene.window().hasRevisions()) {
            return closed(later);
        }
        EventPlace last = row.last;
        if (scene.hasShuffle() || last == null) {
            // Offsets of the source say nothing about those of the shuffle topic.
            return isFinal ? closed(later).and(later) : later;
        }
        Predicate<PastCommit> counted = commit -> commit.offset() > last.offset();
        return counted.and(isFinal ? closed(later) : later);
    }

    /**
     * The watermark has passed the window's end, so that all its rows have left. If these were too many for one
     * transaction, the row may have left with an earlier one of them: which, only the time tells.
     */
    private Predicate<PastCommit> closed(Predicate<PastCommit> later) {
        long end = scene.question().end();
        return commit -> commit.watermark() >= end
                || (commit.rowsLeft() > 0
                        && commit.watermark() != WindowEngine.NO_WATERMARK
                        && scene.windowing().nextWindowEnd(commit.watermark()) == end
                        && later.test(commit));
    }

    private Explanation.Commit shown(int partition, PastCommit commit) {
        TransactionalId id = TransactionalId.parse(group, commit.writer());
        return new Explanation.Commit(
                group,
                scene.closingTopic(),
                partition,
                commit.offset(),
                Instant.ofEpochMilli(commit.time()),
                id == null ? null : id.instance(),
                id == null ? null : (Integer) id.lane(),
                commit.writer());
    }
}
