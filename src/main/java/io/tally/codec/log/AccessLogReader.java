package io.tally.codec.log;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;

/** Walks along a line of an access log, once and without allocation. */
final class AccessLogReader implements FieldReader {
    private final boolean combined;
    private final int host;
    private final int ident;
    private final int user;
    private final int time;
    private final int request;
    private final int status;
    private final int bytesSent;
    private final int method;
    private final int target;
    private final int protocol;
    private final int referer;
    private final int agent;

    private byte[] bytes = {};
    private int lineStart;
    private int end;
    private int position;

    AccessLogReader(boolean combined, FieldNames fields) {
        this.combined = combined;
        host = fields.slotOrNone("host");
        ident = fields.slotOrNone("ident");
        user = fields.slotOrNone("user");
        time = fields.slotOrNone("time");
        request = fields.slotOrNone("request");
        status = fields.slotOrNone("status");
        bytesSent = fields.slotOrNone("bytes");
        method = fields.slotOrNone("method");
        target = fields.slotOrNone("target");
        protocol = fields.slotOrNone("protocol");
        referer = fields.slotOrNone("referer");
        agent = fields.slotOrNone("agent");
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        bytes = value.bytes();
        lineStart = value.start();
        end = ByteScan.withoutLineEnds(value);
        position = lineStart;
        fields.reset(bytes);
        word("host", host, fields);
        word("ident", ident, fields);
        user(fields);
        time(fields);
        request(fields);
        word("status", status, fields);
        word("bytes", bytesSent, fields);
        if (combined) {
            quoted("referer", referer, fields);
            quoted("agent", agent, fields);
        }
    }

    private void word(String name, int slot, Fields fields) {
        int stop = ByteScan.indexOf(bytes, position, end, (byte) ' ');
        if (stop <= position) {
            throw malformed(name);
        }
        set(slot, position, stop, fields);
        position = stop + 1;
    }

    /** A user's name may have blanks. */
    private void user(Fields fields) {
        int stop = position;
        do {
            stop = ByteScan.indexOf(bytes, stop + 1, end, (byte) '[');
        } while (stop < end && bytes[stop - 1] != ' ');
        if (stop >= end || stop - 1 <= position) {
            throw malformed("user and [time]");
        }
        // No user is called so, but the line of another server's name would be read with its columns shifted.
        if (bytes[position] == '-' && bytes[position + 1] == ' ' && bytes[position + 2] != '[') {
            throw new RejectedException(
                    Reason.MALFORMED,
                    "a word too many before the time, as in vhost_combined, whose lines begin with a server; "
                            + Setting.SOURCE_PATTERN + " can read it: "
                            + Excerpt.quote(bytes, lineStart, end - lineStart));
        }
        set(user, position, stop - 1, fields);
        position = stop + 1;
    }

    private void time(Fields fields) {
        int stop = ByteScan.indexOf(bytes, position, end, (byte) ']');
        if (stop + 1 >= end || bytes[stop + 1] != ' ') {
            throw malformed("[time]");
        }
        set(time, position, stop, fields);
        position = stop + 2;
    }

    private void request(Fields fields) {
        int start = position + 1;
        quoted("request", request, fields);
        int stop = position - 2;
        int first = ByteScan.indexOf(bytes, start, stop, (byte) ' ');
        int last = stop - 1;
        while (last > first && bytes[last] != ' ') {
            last--;
        }
        if (first < last) {
            set(method, start, first, fields);
            set(target, first + 1, last, fields);
            set(protocol, last + 1, stop, fields);
        }
    }

    /** Goes behind the blank that follows the closing quote. */
    private void quoted(String name, int slot, Fields fields) {
        if (position >= end || bytes[position] != '"') {
            throw malformed("\"" + name + "\"");
        }
        int stop = position + 1;
        while (stop < end && bytes[stop] != '"') {
            stop += bytes[stop] == '\\' ? 2 : 1;
        }
        if (stop >= end || (stop + 1 < end && bytes[stop + 1] != ' ')) {
            throw malformed("\"" + name + "\"");
        }
        set(slot, position + 1, stop, fields);
        position = stop + 2;
    }

    private void set(int slot, int from, int to, Fields fields) {
        if (slot != FieldNames.NONE) {
            fields.set(slot, from, to - from);
        }
    }

    private RejectedException malformed(String expected) {
        return new RejectedException(
                Reason.MALFORMED,
                "no " + expected + " where the " + (combined ? "combined" : "common") + " log format has it: "
                        + Excerpt.quote(bytes, lineStart, end - lineStart));
    }
}
