package io.tally.codec.bytes;

/**
 * The five bytes that serializers with a schema registry write before a document: a zero, and the number of its schema.
 * No JSON document begins with a zero, so behind them one is read as if they were not there.
 */
public final class SchemaPrefix {
    private static final int LENGTH = 5;

    private SchemaPrefix() {}

    /** Whether a document of such a serializer may follow. */
    public static boolean begins(ByteRange document) {
        return document.length() > LENGTH && document.bytes()[document.start()] == 0;
    }

    /** What follows the prefix; the same range if there is none. */
    public static ByteRange skip(ByteRange document) {
        return begins(document)
                ? new ByteRange().show(document.bytes(), document.start() + LENGTH, document.end())
                : document;
    }
}
