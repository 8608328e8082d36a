package io.tally.command.recount;

/**
 * Which event of the source it is.
 *
 * @param event its number within the record, from 1; 0 if it is the whole record
 */
public record Coordinates(int partition, long offset, int event) {
    /** The coordinates as a place in a topic. */
    public String in(String topic) {
        return topic + "-" + partition + "@" + offset + (event == 0 ? "" : ", event " + event);
    }
}
