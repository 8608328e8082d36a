package io.tally.plan.cluster;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as its coordinator describes it.
 *
 * @param exists whether the coordinator knows it
 * @param isReadable whether this principal may describe it
 * @param protocol classic or consumer; "" if that is not known
 * @param members who is in it now
 * @param operations what this principal may do with it, as READ; null if the broker does not tell
 */
public record GroupFacts(
        String name,
        boolean exists,
        boolean isReadable,
        String protocol,
        List<Member> members,
        @Nullable Set<String> operations) {
    public GroupFacts {
        members = List.copyOf(members);
        operations = operations == null ? null : Set.copyOf(operations);
    }

    /**
     * A member of the group.
     *
     * @param clientId what its client calls itself
     * @param partitions how many partitions it has
     */
    public record Member(String clientId, String host, int partitions) {}

    /** A group of which the coordinator knows nothing. */
    public static GroupFacts unknown(String name) {
        return new GroupFacts(name, false, true, "", List.of(), null);
    }

    /** A group that this principal may not describe. */
    public static GroupFacts hidden(String name) {
        return new GroupFacts(name, true, false, "", List.of(), null);
    }
}
