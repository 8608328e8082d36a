package io.tally.campaign.check;

import org.jspecify.annotations.Nullable;

/** What a record of the source says: {@code <event time> <key> <value>}. */
record Line(long time, String key, long value) {
    private static final int WORDS = 3;

    /** Null if the record cannot be counted. */
    static @Nullable Line of(Message message, Rules rules) {
        String text = Message.utf8(message.value());
        if (text == null) {
            return null;
        }
        String[] words = text.split(" ", WORDS + 1);
        if (words.length < WORDS || words[1].isEmpty() || !isNumber(words[0]) || !isNumber(words[2])) {
            return null;
        }
        if (!rules.shuffled() && !words[1].equals(Message.utf8(message.key()))) {
            return null;
        }
        long time = Long.parseLong(words[0]);
        return time < Rules.FLOOR || time > Rules.CEILING ? null : new Line(time, words[1], Long.parseLong(words[2]));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 15 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
