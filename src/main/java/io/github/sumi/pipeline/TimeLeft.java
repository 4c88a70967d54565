// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/** How far a run is and how long it still takes, in words; counted from its first step on, since reading and measuring come before. */
public final class TimeLeft {

    private static final double MIN_SECONDS = 2;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private double first = Double.NaN;
    private long begin;

    /**
     * Such as "42 %, about 12 s left"; without the time while there is too little to tell it from.
     *
     * @param fraction that is done, 0 to 1
     * @param nanos a clock
     */
    public String text(double fraction, long nanos) {
        if (Double.isNaN(first)) {
            first = fraction;
            begin = nanos;
        }
        String percent = Math.round(100 * fraction) + " %";
        double seconds = (nanos - begin) / 1e9;
        if (!(fraction > first) || fraction >= 1 || seconds < MIN_SECONDS) {
            return percent;
        }
        return percent + ", about " + words(Math.max(1, Math.round(seconds * (1 - fraction) / (fraction - first)))) + " left";
    }

    private static String words(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        return seconds < 2 * HOUR ? Math.round(seconds / (double) MINUTE) + " min" : Math.round(seconds / (double) HOUR) + " h";
    }
}
