// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.DdpmScheduler;
import io.github.sumi.schedule.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** The share of a chain's time that is not the UNet's: tiles, scheduler, noise and checks. */
public final class ChainOverhead {

    private static final int STEPS = 50;
    private static final int SIZE = 64;
    private static final int RUNS = 5;
    /** Samples that warm up: in the first chains Java still compiles. */
    private static final int WARM_UP = 32;

    private ChainOverhead() {
    }

    /**
     * Prints a Markdown row for each number of samples: median and range over the runs after those that warm up.
     *
     * @param arguments numbers of samples; 1, 8 and 64 where there are none
     */
    public static void main(String[] arguments) {
        Model model = ModelLibrary.standard(null).find("nuclei");
        System.out.println("| samples of 64 x 64 | chain of 50 steps, ms | outside the UNet, ms | share, median (range) of " + RUNS + " |");
        System.out.println("|---|---|---|---|");
        try (OnnxNoisePredictor unet = model.open()) {
            for (String samples : arguments.length == 0 ? new String[] {"1", "8", "64"} : arguments) {
                System.out.println(measure(model, unet, Integer.parseInt(samples)));
            }
        }
    }

    private static String measure(Model model, OnnxNoisePredictor unet, int samples) {
        DdpmScheduler scheduler = DdpmScheduler.of(model.scheduler(), STEPS);
        NoiseField noise = new NoiseField(1);
        double[] whole = new double[RUNS];
        double[] outside = new double[RUNS];
        double[] share = new double[RUNS];
        for (int run = -Math.max(1, WARM_UP / samples); run < RUNS; run++) {
            TimedPredictor clock = new TimedPredictor(unet);
            long begin = System.nanoTime();
            Tensor x = Tensor.allocate(samples, 1, SIZE, SIZE);
            noise.fill(NoiseField.START, 0, x);
            NoisePredictor tiled = new TiledNoisePredictor(clock, model.info().tile(), model.info().overlap(), Progress.NONE);
            new ReverseProcess(scheduler, tiled).run(x, noise.from(0), Progress.NONE, (step, now) -> { });
            double all = (System.nanoTime() - begin) / 1e6;
            if (run >= 0) {
                whole[run] = all;
                outside[run] = all - clock.calls() * clock.millisecondsPerCall();
                share[run] = 100 * outside[run] / all;
            }
        }
        Arrays.sort(whole);
        Arrays.sort(outside);
        Arrays.sort(share);
        return String.format(Locale.ROOT, "| %d | %.0f | %.1f | %.2f %% (%.2f to %.2f) |", samples, whole[RUNS / 2], outside[RUNS / 2],
                share[RUNS / 2], share[0], share[RUNS - 1]);
    }
}
