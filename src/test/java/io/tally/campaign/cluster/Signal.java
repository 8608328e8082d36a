package io.tally.campaign.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A signal for a process. */
public enum Signal {
    STOP,
    CONT,
    KILL;

    public void send(long pid) {
        try {
            int code = Program.run("kill", "-" + name(), Long.toString(pid));
            if (code != 0 && ProcessHandle.of(pid).isPresent()) {
                throw new IllegalStateException("kill -" + name() + " " + pid + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
