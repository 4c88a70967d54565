// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Does units of a run that another process began. Keeps its network loaded. One thread at a time. */
public final class UnitRunner implements AutoCloseable {

    private final Work work;
    private final Denoiser denoiser;
    private final Map<String, Stage> stages = new LinkedHashMap<>();

    /**
     * Loads the model and what is known of the run.
     *
     * @throws IOException in a sentence, if the run or its image can't be read here, or the model is another than the run's
     * @throws ModelException if the network can't be loaded
     */
    public UnitRunner(RunPlace place, Model model) throws IOException {
        RunStorage storage = Places.at(place.part());
        if (!model.sha256().equals(storage.spec().model())) {
            throw new ZarrException("The model " + model.id() + " has other weights here than where the run began; use one version of Sumi and of the model everywhere.");
        }
        OmeImage image = OmeImage.open(Places.input(place.in()), place.in());
        denoiser = new Denoiser(model, storage.spec().options());
        String device = RunSpec.deviceOnly(denoiser.device());
        if (!device.equals(storage.spec().device())) {
            denoiser.close();
            throw new ZarrException("The network runs on " + device + " here and on " + storage.spec().device() + " where the run began, which gives other bits;"
                    + " choose one with --device that all have.");
        }
        work = new Work(image, storage.spec(), storage.results(), storage.state(), denoiser);
        for (Stage stage : work.stages()) {
            stages.put(stage.name(), stage);
        }
    }

    /**
     * Does a unit of a stage, and keeps what is known then.
     *
     * @throws IOException in a sentence, if the image can't be read or the result not be written
     * @throws CancellationException if the progress says so
     */
    public void run(String stage, int unit, Progress progress) throws IOException {
        work.state().write(Run.key(stages.get(stage), unit), stages.get(stage).run(unit, progress));
    }

    @Override
    public void close() {
        denoiser.close();
    }
}
