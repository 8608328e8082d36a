package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.heap.HeapBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/**
 * How the heap is divided among the pipelines of this process. A pipeline with a limit of its own gets that. The others
 * share the rest of half of the heap in equal parts. The other half is for the Kafka clients, for rows on their way to
 * the sink, and for the garbage collector.
 */
final class HeapShares {
    private static final DataSize LEAST = DataSize.ofMegabytes(1);

    private final long heap;
    private final long part;
    private final int sharers;
    private final boolean isRest;

    private HeapShares(long heap, long part, int sharers, boolean isRest) {
        this.heap = heap;
        this.part = part;
        this.sharers = sharers;
        this.isRest = isRest;
    }

    /**
     * Divides the heap.
     *
     * @param pipelines all that are configured
     * @param heap the most bytes that this process may have
     */
    static HeapShares of(Map<String, PipelineProperties> pipelines, long heap, Problems problems) {
        long given = 0;
        List<String> sharers = new ArrayList<>();
        for (Map.Entry<String, PipelineProperties> entry : pipelines.entrySet()) {
            if (!entry.getValue().enabled()) {
                continue;
            }
            DataSize size = entry.getValue().maxOpenBytes();
            if (size == null) {
                sharers.add(entry.getKey());
                continue;
            }
            given += size.toBytes();
            check(property(entry.getKey()), size, given, heap, problems);
        }
        long part = (heap / 2 - given) / Math.max(1, sharers.size());
        if (!sharers.isEmpty() && part < LEAST.toBytes()) {
            problems.add(
                    property(sharers.get(0)),
                    null,
                    "must be set, since the other pipelines' leave nothing of half of the heap of " + megabytes(heap)
                            + ", which those without share",
                    "64MB");
        }
        return new HeapShares(heap, part, sharers.size(), given > 0);
    }

    private static void check(String property, DataSize size, long given, long heap, Problems problems) {
        if (size.compareTo(LEAST) < 0) {
            problems.add(property, size, "must be at least 1MB", "64MB");
        } else if (given > heap / 4 * 3) {
            problems.add(
                    property,
                    size,
                    "must, with those of the pipelines before it, be at most three quarters of the heap of "
                            + megabytes(heap) + ", which has to hold more than open windows; or give the process more"
                            + " heap (-Xmx)",
                    null);
        }
    }

    private static String property(String pipeline) {
        return "tally.pipelines." + pipeline + ".max-open-bytes";
    }

    /** The part of a pipeline, for both its stages if it has a shuffle. */
    HeapBudget of(String name, PipelineProperties pipeline) {
        DataSize size = pipeline.maxOpenBytes();
        if (size != null) {
            return new HeapBudget(size.toBytes(), property(name));
        }
        String half = (isRest ? "what others leave of half" : "half") + " of the heap of " + megabytes(heap);
        return new HeapBudget(
                Math.max(1, part),
                sharers == 1 ? half : "an equal part for each of " + sharers + " pipelines of " + half);
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "MB";
    }
}
