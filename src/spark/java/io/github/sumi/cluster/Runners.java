// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.zarr.RunPlace;
import io.github.sumi.zarr.UnitRunner;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The networks that this executor has loaded, one for each task that it does at once. Static, since Spark makes a new task object for
 * each task, and nothing else outlives it.
 */
final class Runners {

    private static final Map<RunPlace, Deque<UnitRunner>> IDLE = new HashMap<>();

    private Runners() {
    }

    /**
     * One that no other task uses.
     *
     * @param threads of each network that is loaded
     */
    static UnitRunner take(RunPlace place, String model, int threads) throws IOException {
        synchronized (IDLE) {
            UnitRunner idle = IDLE.computeIfAbsent(place, which -> new ArrayDeque<>()).poll();
            if (idle != null) {
                return idle;
            }
        }
        limitThreads(threads);
        return new UnitRunner(place, ClusterModel.receive(model));
    }

    /** Of each network that is loaded from now on; or each would take all cores for itself. */
    static void limitThreads(int threads) {
        System.setProperty("sumi.threads", String.valueOf(threads));
    }

    static void giveBack(RunPlace place, UnitRunner runner) {
        synchronized (IDLE) {
            IDLE.get(place).push(runner);
        }
    }
}
