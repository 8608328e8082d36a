package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.command.recount.SideIndex.Side;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a row that redrive has written says of itself, in a header: {@code 2 late-topic-0@17}. So the row shows how far
 * its side topic was re-driven, even when the broker has forgotten the group's offsets, as it does after a week.
 *
 * @param revision number of the row among those of its key and window, from 1
 * @param topic the late or dead-letter topic
 * @param partition of that topic
 * @param next the first offset of it that was not yet re-driven
 */
public record RedriveMark(long revision, String topic, int partition, long next) {
    /** The header's name. */
    public static final String HEADER = "tally_redrive";

    /** A side record with this header was put at the end of its topic again, since it could not be counted. */
    public static final String REQUEUED = "tally_redrive-requeued";

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (.+)-(\\d{1,9})@(\\d{1,18})");

    /** The group whose offsets in the side topics say how far these were re-driven. */
    public static String group(String pipelineGroup) {
        return pipelineGroup + "-redrive";
    }

    /** The transactional id of all redrives of a pipeline: of two, the later one ends the other. */
    public static String transactionalId(String pipelineGroup) {
        return pipelineGroup + ":redrive";
    }

    /** How far the side topics were re-driven, by the group's offsets; the broker forgets these after a week or so. */
    public static Map<Side, Long> committed(PipelineDefinition pipeline, LogReader log) {
        Map<Side, Long> found = new HashMap<>();
        String group = group(pipeline.groupId());
        for (String topic : List.of(pipeline.topics().late(), pipeline.topics().deadLetter())) {
            log.committed(group, topic)
                    .forEach((partition, committed) -> found.put(new Side(topic, partition), committed.offset()));
        }
        return found;
    }

    /** The side partition that the mark is about. */
    public Side side() {
        return new Side(topic, partition);
    }

    /** The mark of a row; null if redrive has not written the row. */
    public static @Nullable RedriveMark of(SourceRecord row) {
        @Nullable RedriveMark[] found = {null};
        row.headers((name, value) -> {
            if (name.equals(HEADER) && value != null) {
                Matcher parts = FORM.matcher(new String(value, StandardCharsets.UTF_8));
                if (parts.matches()) {
                    found[0] = new RedriveMark(
                            Long.parseLong(parts.group(1)),
                            parts.group(2),
                            Integer.parseInt(parts.group(3)),
                            Long.parseLong(parts.group(4)));
                }
            }
        });
        return found[0];
    }

    /** The header's value. */
    public byte[] format() {
        return (revision + " " + upTo()).getBytes(StandardCharsets.UTF_8);
    }

    /** The mark's end as a place in a topic. */
    public String upTo() {
        return topic + "-" + partition + "@" + next;
    }
}
