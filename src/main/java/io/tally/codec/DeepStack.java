package io.tally.codec;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs tasks that recurse deeper than an ordinary stack allows, while the caller waits. Making a thread with such a
 * stack takes longer than the task, so the thread stays for the next caller. It ends when nobody has needed it for a
 * minute, since its stack keeps all memory that it has once touched. Each waiting caller has a thread. So there are
 * never more of them than threads that decode, however many decoders there are.
 */
final class DeepStack {
    /** Only the touched part of it is real memory. */
    private static final long STACK_BYTES = 512L << 20;

    private static final long IDLE_SECONDS = 60;

    /** Workers that no caller waits for, the one used last first. */
    private static final Deque<ThreadPoolExecutor> FREE = new ConcurrentLinkedDeque<>();

    private DeepStack() {}

    /**
     * Returns the answer of a task that takes a bounded time. An interrupted caller also waits, since giving up would
     * be a different answer; it is still interrupted afterwards.
     *
     * @throws ExecutionException if the task throws anything
     */
    static boolean call(BooleanSupplier task) throws ExecutionException {
        ThreadPoolExecutor worker = FREE.pollFirst();
        if (worker == null) {
            worker = newWorker();
        }
        boolean interrupted = false;
        try {
            Future<Boolean> answer = worker.submit(task::getAsBoolean);
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            FREE.addFirst(worker);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One thread, made when it is needed. */
    private static ThreadPoolExecutor newWorker() {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "tally-deep-match", STACK_BYTES, false);
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }
}
