// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Processes on other machines that see the same disks. Found by {@link java.util.ServiceLoader}, in a jar of its own. */
public interface FileCluster {

    /** What is done with a batch; the same again when it is done twice. */
    @FunctionalInterface
    interface Task extends Serializable {
        /** @return what became of it */
        String run(List<String> batch);
    }

    /**
     * Has each batch done by one process or another.
     *
     * @return what became of each, in their order
     * @throws IOException in a sentence, if that couldn't be
     * @throws CancellationException if the user cancels
     */
    List<String> run(List<List<String>> batches, Task task, Progress progress) throws IOException;
}
