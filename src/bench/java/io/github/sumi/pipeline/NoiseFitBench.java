// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.ImagePlus;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;

/** How well the noise of simulated cameras is estimated, over real content: the crops of models/nuclei/testset. */
public final class NoiseFitBench {

    /** One image: its clean pixels in grey values, what the camera made of it, and the camera. */
    record Shot(String name, float[] clean, float[] noisy, int width, int height, NoiseModel camera) {
    }

    private static final int SHOTS = 240;

    private NoiseFitBench() {
    }

    /**
     * A shot of random bit depth, exposure, offset, gain and read noise: 8, 12 or 16 bits, the signal 30 to 90 % of full scale,
     * offset up to 10 %, up to 5 % saturated.
     */
    static Shot shoot(File crop, Well19937c random) {
        ImagePlus image = IJ.openImage(crop.getPath());
        int width = image.getWidth();
        int height = image.getHeight();
        float[] content = (float[]) image.getProcessor().convertToFloatProcessor().getPixels();
        // its own noise is smoothed away
        content = Planes.smooth(Planes.smooth(content, width, height), width, height);
        float[] sorted = content.clone();
        Arrays.sort(sorted);
        int bits = new int[] {8, 12, 16}[random.nextInt(3)];
        double full = (1 << bits) - 1;
        double offset = 0.1 * random.nextDouble() * full;
        double signal = (0.3 + 0.6 * random.nextDouble()) * full;
        double saturated = random.nextInt(3) == 0 ? 0.05 * random.nextDouble() : 0;
        double top = sorted[(int) Math.min(sorted.length - 1, (1 - saturated) * sorted.length)];
        double scale = (saturated > 0 ? full - offset : signal) / top;
        // photons at full signal from 30 to 10000
        double gain = scale * top / (30 * Math.pow(333, random.nextDouble()));
        double readNoise = gain * 5 * random.nextDouble();
        NoiseModel camera = new NoiseModel(gain, offset, readNoise);
        float[] clean = new float[content.length];
        float[] noisy = new float[content.length];
        for (int i = 0; i < clean.length; i++) {
            double photons = Math.max(0, content[i]) * scale / gain;
            clean[i] = (float) (photons * gain + offset);
            double count = photons < 1e-9 ? 0 : photons > 1000 ? photons + Math.sqrt(photons) * random.nextGaussian()
                    : new PoissonDistribution(random, photons, 1e-12, 100_000).sample();
            double value = count * gain + offset + readNoise * random.nextGaussian();
            noisy[i] = (float) Math.rint(Math.max(0, Math.min(full, value)));
        }
        return new Shot(crop.getName() + " " + bits + " bit", clean, noisy, width, height, camera);
    }

    /** Mean relative error of sigma(x) over the clean pixels between their 5th and 95th percentile. */
    static double error(Shot shot, NoiseModel found) {
        float[] sorted = shot.clean().clone();
        Arrays.sort(sorted);
        double sum = 0;
        int count = 0;
        for (int i = sorted.length / 20; i < sorted.length * 19 / 20; i += 16) {
            double truth = Math.hypot(shot.camera().sigma(sorted[i]), Math.sqrt(1 / 12.0));
            sum += Math.abs(found.sigma(sorted[i]) / truth - 1);
            count++;
        }
        return sum / count;
    }

    /** Prints median and 95th percentile of the error, and the share without confidence; with an argument each image too. */
    public static void main(String[] arguments) {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        Well19937c random = new Well19937c(1);
        double[] errors = new double[SHOTS];
        int sure = 0;
        double millis = 0;
        for (int i = 0; i < SHOTS; i++) {
            Shot shot = shoot(crops[i % crops.length], random);
            long begin = System.nanoTime();
            VarianceCurve curve = FlatPlaces.curve(shot.noisy(), shot.width(), shot.height());
            NoiseFit fit = curve.points().isEmpty() ? new NoiseFit(NoiseModel.gaussian(0), false, curve) : NoiseFit.of(curve);
            millis += (System.nanoTime() - begin) / 1e6;
            double error = error(shot, fit.model());
            if (fit.confident()) {
                errors[sure++] = error;
            }
            if (arguments.length > 0) {
                System.out.printf(Locale.ROOT, "%.3f %s %s true %s found %s%n", error, shot.name(), curve.points().size() + (fit.confident() ? "" : " unsure"), shot.camera(), fit.model());
            }
        }
        double[] found = Arrays.copyOf(errors, sure);
        Arrays.sort(found);
        System.out.printf(Locale.ROOT, "%d images: error of sigma(x) median %.1f %%, 95th percentile %.1f %%, largest %.1f %%; %.1f %% without confidence; %.0f ms each%n",
                SHOTS, 100 * found[sure / 2], 100 * found[sure * 95 / 100], 100 * found[sure - 1], 100.0 * (SHOTS - sure) / SHOTS, millis / SHOTS);
    }
}
