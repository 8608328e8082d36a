package io.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DeepStackTest {
    /** Lanes do not wait for each other, and those that come after them make no more threads. */
    @Test
    void callersAtTheSameTimeHaveAThreadEach() throws Exception {
        Set<Thread> first = threadsOf(3);
        assertThat(first).hasSize(3);
        assertThat(threadsOf(3)).isEqualTo(first);
        assertThat(first).containsAll(threadsOf(2));
    }

    /** The threads of so many tasks, each of which ends only when all run. */
    private static Set<Thread> threadsOf(int callers) throws Exception {
        CyclicBarrier allRun = new CyclicBarrier(callers);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        ExecutorService lanes = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(lanes.submit(() -> DeepStack.call(() -> {
                    threads.add(Thread.currentThread());
                    await(allRun);
                    return true;
                })));
            }
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        } finally {
            lanes.shutdownNow();
        }
        return threads;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closing a lane interrupts it. Its current line still gets the right verdict. */
    @Test
    void anInterruptedCallerGetsTheAnswerAndStaysInterrupted() throws ExecutionException {
        Thread.currentThread().interrupt();
        assertThat(DeepStack.call(() -> true)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aThreadOutlivesWhatATaskThrows() throws ExecutionException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        assertThatThrownBy(() -> DeepStack.call(() -> {
                    threads.add(Thread.currentThread());
                    throw new StackOverflowError("expected by this test");
                }))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(DeepStack.call(() -> threads.contains(Thread.currentThread())))
                .isTrue();
    }
}
