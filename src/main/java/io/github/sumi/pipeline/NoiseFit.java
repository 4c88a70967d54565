// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * A camera's noise fitted to variances over means: weighted least squares with Tukey's weights against structure that was
 * taken for noise.
 *
 * @param model what fits; Gaussian where the variance doesn't rise with the mean
 * @param confident whether there were enough brightnesses and they lie near the fit
 * @param curve what was fitted
 */
public record NoiseFit(NoiseModel model, boolean confident, VarianceCurve curve) {

    private static final int ROUNDS = 20;
    /** Relative error of a point's variance beyond that of its number of pixels: structure, rounding. */
    private static final double MODEL_ERROR = 0.05;
    private static final double TUKEY = 4.7;
    /** How much wider the limit is at first, so that the first line throws nothing good away. */
    private static final double START = 64;
    private static final int LEAST_POINTS = 4;
    private static final double LARGEST_SCATTER = 0.25;
    /** Share of the brightnesses at either end that needs no point of its own. */
    private static final double MARGIN = 0.15;

    /** Noise that needs no fit. */
    static NoiseFit given(NoiseModel model) {
        return new NoiseFit(model, true, new VarianceCurve(List.of(), 0, 0));
    }

    /**
     * The noise of planes that one camera took.
     *
     * @param curves of the planes, from {@link Denoiser#curve}
     * @throws IllegalArgumentException if the noise can't be estimated
     */
    public static NoiseFit of(List<VarianceCurve> curves) {
        return of(VarianceCurve.pool(curves));
    }

    /** @throws IllegalArgumentException if there is no point */
    static NoiseFit of(VarianceCurve curve) {
        List<VarianceCurve.Point> points = curve.points();
        if (points.isEmpty()) {
            throw new IllegalArgumentException("The noise can't be estimated: no place is flat enough, or the image is constant or very small."
                    + " Give the noise yourself: sigma, or gain, offset and readnoise.");
        }
        double[] robust = new double[points.size()];
        java.util.Arrays.fill(robust, 1);
        double[] line = {0, weightedMedianVariance(points)};
        double slopeError = Double.POSITIVE_INFINITY;
        double scatter = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double s = 0;
            double sx = 0;
            double sy = 0;
            double sxx = 0;
            double sxy = 0;
            for (int i = 0; i < robust.length; i++) {
                VarianceCurve.Point point = points.get(i);
                double w = robust[i] / square(error(point, line));
                s += w;
                sx += w * point.mean();
                sy += w * point.variance();
                sxx += w * point.mean() * point.mean();
                sxy += w * point.mean() * point.variance();
            }
            double determinant = s * sxx - sx * sx;
            boolean rises = robust.length > 2 && determinant > 1e-12 * s * sxx;
            double slope = rises ? (s * sxy - sx * sy) / determinant : 0;
            slopeError = rises ? Math.sqrt(s / determinant) : Double.POSITIVE_INFINITY;
            line = slope > 0 ? new double[] {slope, (sy - slope * sx) / s} : new double[] {0, sy / s};
            scatter = reweight(points, line, robust, TUKEY * Math.max(1, START / Math.pow(2, round)));
        }
        boolean gaussian = !(line[0] > 2.5 * slopeError);
        if (gaussian) {
            line = new double[] {0, mean(points, robust)};
        }
        boolean confident = count(robust) >= LEAST_POINTS && scatter < LARGEST_SCATTER && covered(curve, robust);
        return new NoiseFit(model(line, points), confident, curve);
    }

    /** What a user should look at, in sentences; may be empty. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!confident) {
            warnings.add("The noise could be estimated with little confidence (" + model.describe() + "): check it, or give it yourself.");
        }
        warnings.addAll(curve.pattern().warnings());
        return warnings;
    }

    /**
     * From slope and intercept, which leave open how much of the variance of the darkest places is of reading and how much of
     * light. Their brightness is taken for the offset, their variance for that of reading, which stabilises as well.
     */
    private static NoiseModel model(double[] line, List<VarianceCurve.Point> points) {
        VarianceCurve.Point darkest = points.get(0);
        for (VarianceCurve.Point point : points) {
            darkest = point.mean() < darkest.mean() ? point : darkest;
        }
        double fitted = line[0] * darkest.mean() + line[1];
        double dark = fitted < darkest.variance() / 2 ? darkest.variance() : fitted;
        return line[0] == 0 ? NoiseModel.gaussian(Math.sqrt(dark)) : new NoiseModel(line[0], darkest.mean(), Math.sqrt(dark));
    }

    private static double error(VarianceCurve.Point point, double[] line) {
        double fitted = Math.max(line[0] * point.mean() + line[1], 0.5 * point.variance() + 1e-30);
        return fitted * Math.sqrt(2.0 / point.count() + MODEL_ERROR * MODEL_ERROR);
    }

    /** Tukey's weights; returns the relative scatter of the points that count. */
    private static double reweight(List<VarianceCurve.Point> points, double[] line, double[] robust, double limit) {
        double squares = 0;
        double weights = 0;
        for (int i = 0; i < robust.length; i++) {
            VarianceCurve.Point point = points.get(i);
            double fitted = line[0] * point.mean() + line[1];
            double off = (point.variance() - fitted) / error(point, line) / limit;
            robust[i] = Math.abs(off) < 1 ? square(1 - off * off) : 0;
            squares += robust[i] * square(point.variance() / Math.max(fitted, 1e-30) - 1);
            weights += robust[i];
        }
        if (weights == 0) {
            java.util.Arrays.fill(robust, 1);
            return Double.POSITIVE_INFINITY;
        }
        return Math.sqrt(squares / weights);
    }

    /** Whether the fit isn't carried far beyond the brightnesses that it was made from. */
    private static boolean covered(VarianceCurve curve, double[] robust) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < robust.length; i++) {
            if (robust[i] > 0.1) {
                lowest = Math.min(lowest, curve.points().get(i).mean());
                highest = Math.max(highest, curve.points().get(i).mean());
            }
        }
        double margin = MARGIN * (curve.high() - curve.low());
        return lowest <= curve.low() + margin && highest >= curve.high() - margin;
    }

    private static int count(double[] robust) {
        int count = 0;
        for (double weight : robust) {
            count += weight > 0.1 ? 1 : 0;
        }
        return count;
    }

    private static double mean(List<VarianceCurve.Point> points, double[] robust) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < robust.length; i++) {
            double weight = (robust[i] + 1e-9) * points.get(i).count();
            sum += weight * points.get(i).variance();
            weights += weight;
        }
        return sum / weights;
    }

    private static double weightedMedianVariance(List<VarianceCurve.Point> points) {
        List<VarianceCurve.Point> sorted = points.stream().sorted(java.util.Comparator.comparingDouble(VarianceCurve.Point::variance)).toList();
        long half = points.stream().mapToLong(VarianceCurve.Point::count).sum() / 2;
        for (VarianceCurve.Point point : sorted) {
            half -= point.count();
            if (half <= 0) {
                return point.variance();
            }
        }
        return sorted.get(sorted.size() - 1).variance();
    }

    private static double square(double value) {
        return value * value;
    }
}
