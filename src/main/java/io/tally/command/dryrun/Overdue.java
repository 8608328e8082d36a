package io.tally.command.dryrun;

import io.tally.window.Windowing;
import java.time.Duration;
import java.util.List;

/**
 * How late a partition's events are under any grace, from one reading. The watermark is the highest event time so far
 * minus the grace; an event is late if its last window has ended by then. So it is late under each grace up to the time
 * by which the highest event time has passed the end of that window.
 */
final class Overdue {
    private final Windowing windowing;
    private final long lateness;
    private final long[] graces;
    private final long[] late;
    private final LogHistogram histogram;
    private long sliceStart;
    private long sliceEnd;
    private long lastWindowEnd;

    /**
     * Of one partition.
     *
     * @param lateness how long windows are kept after they have closed, in milliseconds
     * @param graces the graces that are counted exactly
     * @param late takes how many events are late under each of them; shared by the partitions
     * @param histogram takes how long overdue events are; shared by the partitions
     */
    Overdue(Windowing windowing, long lateness, List<Duration> graces, long[] late, LogHistogram histogram) {
        this.windowing = windowing;
        this.lateness = lateness;
        this.graces = graces.stream().mapToLong(Duration::toMillis).toArray();
        this.late = late;
        this.histogram = histogram;
    }

    /**
     * Takes an event that is to be counted.
     *
     * @param highest the highest event time of the partition, that of this event included
     */
    void add(long time, long highest) {
        if (time == highest) {
            return;
        }
        if (time < sliceStart || time >= sliceEnd) {
            sliceStart = windowing.sliceStart(time);
            sliceEnd = windowing.sliceEnd(sliceStart);
            lastWindowEnd = windowing.lastWindowEnd(sliceStart);
        }
        if (lastWindowEnd > highest || highest - lastWindowEnd < lateness) {
            return;
        }
        long overdue = highest - lastWindowEnd - lateness;
        for (int grace = 0; grace < graces.length; grace++) {
            if (graces[grace] <= overdue) {
                late[grace]++;
            }
        }
        histogram.add(overdue);
    }
}
