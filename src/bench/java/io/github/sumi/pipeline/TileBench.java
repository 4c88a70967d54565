// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.Tensor;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.random.Well19937c;

/** What tile, overlap and batch cost and spoil: a plane of the crops of models/nuclei/testset, mean mode. */
public final class TileBench {

    private static final int CROP = 256;
    private static final int SIDE = 6 * CROP;
    private static final double[] SIGMAS = {10, 40};
    private static final int[][] LAYOUTS = {{256, 64}, {256, 96}, {512, 32}, {512, 64}, {512, 96}, {704, 64}, {704, 96}, {704, 128}, {1024, 96}};
    /** Tile and number of tiles. */
    private static final int[][] BATCHES = {{64, 1}, {64, 8}, {64, 16}, {64, 64}, {128, 1}, {128, 2}, {128, 4}, {256, 1}, {256, 2}, {256, 4},
        {512, 1}, {512, 2}, {704, 1}};
    private static final int CALLS = 5;

    private final OnnxNoisePredictor unet;
    private final NoiseSchedule schedule;
    private final float[] clean = plane();

    private TileBench(Model model, OnnxNoisePredictor unet) {
        this.unet = unet;
        this.schedule = NoiseSchedule.of(model.scheduler());
    }

    /** Prints two Markdown tables: time of a call of the network by batch; time, PSNR and seam error by tile and overlap. */
    public static void main(String[] arguments) {
        Model model = ModelLibrary.standard(null).find("nuclei");
        try (OnnxNoisePredictor unet = model.open()) {
            TileBench bench = new TileBench(model, unet);
            bench.batches();
            bench.layouts();
        }
    }

    private void batches() {
        System.out.println("| tile | tiles at once | median of " + CALLS + ", µs a pixel |");
        System.out.println("|---|---|---|");
        for (int[] batch : BATCHES) {
            Tensor x = Tensor.allocate(batch[1], 1, batch[0], batch[0]);
            Tensor out = Tensor.allocate(batch[1], 1, batch[0], batch[0]);
            new NoiseField(1).fill(0, 0, x);
            double[] micros = new double[CALLS];
            unet.predict(x, 100, out);
            for (int call = 0; call < CALLS; call++) {
                micros[call] = seconds(() -> unet.predict(x, 100, out)) * 1e6 / x.size();
            }
            Arrays.sort(micros);
            System.out.printf(Locale.ROOT, "| %d | %d | %.2f |%n", batch[0], batch[1], micros[CALLS / 2]);
        }
    }

    private void layouts() {
        System.out.println("| tile, overlap | tiles, their size | pixels seen per pixel | time | σ | PSNR, dB | largest difference, of the range | RMS |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (double sigma : SIGMAS) {
            double timestep = schedule.timestep(2 * sigma / 255);
            Tensor x = noisy(sigma, timestep);
            Tensor whole = Tensor.allocate(1, 1, SIDE, SIDE);
            double alone = seconds(() -> unet.predict(x, timestep, whole));
            System.out.printf(Locale.ROOT, "| one tile | 1 of %d | 1.00 | %.1f s | %.0f | %.3f | | |%n", SIDE, alone, sigma,
                    psnr(x, whole, timestep));
            for (int[] layout : LAYOUTS) {
                Tensor out = Tensor.allocate(1, 1, SIDE, SIDE);
                NoisePredictor tiled = new TiledNoisePredictor(unet, layout[0], layout[1], Progress.NONE);
                double time = seconds(() -> tiled.predict(x, timestep, out));
                TileAxis axis = TileAxis.of(SIDE, layout[0], layout[1], unet.sizeMultiple());
                System.out.printf(Locale.ROOT, "| %d, %d | %d of %d | %.2f | %.1f s | %.0f | %.3f | %s |%n", layout[0], layout[1],
                        axis.count() * axis.count(), axis.length(), Math.pow((double) axis.count() * axis.length() / SIDE, 2), time, sigma,
                        psnr(x, out, timestep), seams(whole, out, timestep));
            }
        }
    }

    /** The crops side by side, each mirrored at its neighbours so that the plane has no edges of its own. */
    private static float[] plane() {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        float[] plane = new float[SIDE * SIDE];
        int perRow = SIDE / CROP;
        for (int i = 0; i < perRow * perRow; i++) {
            ImageProcessor crop = IJ.openImage(crops[i % crops.length].getPath()).getProcessor();
            int left = i % perRow;
            int top = i / perRow;
            for (int y = 0; y < CROP; y++) {
                for (int x = 0; x < CROP; x++) {
                    plane[(top * CROP + y) * SIDE + left * CROP + x] = crop.getf(left % 2 == 0 ? x : CROP - 1 - x, top % 2 == 0 ? y : CROP - 1 - y);
                }
            }
        }
        return plane;
    }

    private Tensor noisy(double sigma, double timestep) {
        Well19937c random = new Well19937c(1);
        double alpha = Math.sqrt(schedule.alphaCumprod(timestep));
        Tensor x = Tensor.allocate(1, 1, SIDE, SIDE);
        for (int i = 0; i < clean.length; i++) {
            x.buffer().put(i, (float) (alpha * ((clean[i] + sigma * random.nextGaussian()) / 127.5 - 1)));
        }
        return x;
    }

    /** Of the estimate of x_0, in grey values of 0 to 255. */
    private double psnr(Tensor x, Tensor epsilon, double timestep) {
        double alpha = Math.sqrt(schedule.alphaCumprod(timestep));
        double sigma = Math.sqrt(1 - schedule.alphaCumprod(timestep));
        double sum = 0;
        for (int i = 0; i < clean.length; i++) {
            double x0 = (x.buffer().get(i) - sigma * epsilon.buffer().get(i)) / alpha;
            sum += Math.pow((x0 + 1) * 127.5 - clean[i], 2);
        }
        return 10 * Math.log10(255.0 * 255 * clean.length / sum);
    }

    private String seams(Tensor whole, Tensor tiled, double timestep) {
        double alphaCumprod = schedule.alphaCumprod(timestep);
        double scale = 100 * Math.sqrt((1 - alphaCumprod) / alphaCumprod) / 2;
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < whole.size(); i++) {
            double difference = scale * (tiled.buffer().get(i) - whole.buffer().get(i));
            largest = Math.max(largest, Math.abs(difference));
            squares += difference * difference;
        }
        return String.format(Locale.ROOT, "%.3f %% | %.4f %%", largest, Math.sqrt(squares / whole.size()));
    }

    private static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }
}
