// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.List;

/**
 * The variance of a plane's noise over its local mean, from flat places alone (Foi et al. 2008, section IV, with a fixed
 * second-difference filter for the wavelet).
 *
 * @param points by rising mean; none of a plane that is too small, constant or without flat places
 * @param low 5th percentile of the local mean, grey values
 * @param high 95th percentile
 * @param pattern what of the noise isn't white
 */
public record VarianceCurve(List<Point> points, double low, double high, NoisePattern pattern) {

    /**
     * Flat places of about one brightness.
     *
     * @param mean of them, grey values
     * @param variance of the noise there
     * @param count number of pixels
     */
    public record Point(double mean, double variance, int count) {
    }

    /** Of noise whose pattern wasn't looked at. */
    VarianceCurve(List<Point> points, double low, double high) {
        this(points, low, high, NoisePattern.NONE);
    }

    /** Curves of several planes of one camera as one. @throws IllegalArgumentException if there is none */
    static VarianceCurve pool(List<VarianceCurve> curves) {
        return new VarianceCurve(curves.stream().flatMap(curve -> curve.points().stream()).toList(),
                curves.stream().mapToDouble(VarianceCurve::low).min().orElseThrow(IllegalArgumentException::new),
                curves.stream().mapToDouble(VarianceCurve::high).max().orElseThrow(IllegalArgumentException::new),
                NoisePattern.pool(curves.stream().map(VarianceCurve::pattern).toList()));
    }
}
