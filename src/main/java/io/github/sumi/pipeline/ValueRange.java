// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/** What the grey values of a plane tell of the camera that made them. */
final class ValueRange {

    private ValueRange() {
    }

    /** Whether all are whole numbers, as a camera gives them. */
    static boolean isWhole(float[] pixels) {
        for (float value : pixels) {
            if (value != Math.rint(value)) {
                return false;
            }
        }
        return true;
    }

    /** The extreme grey value where many pixels share it, which then is the end of the camera's range; or else none. @param step 1 from the dark end, -1 from the bright one */
    static double clipLevel(float[] sorted, int end, int step) {
        int count = 0;
        while (count < sorted.length && sorted[end + step * count] == sorted[end]) {
            count++;
        }
        int inward = Math.min(count, sorted.length - 1);
        boolean spike = count > sorted.length / 2000 && count > 2 * inwardCount(sorted, end + step * inward, step);
        return spike ? sorted[end] : step > 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static int inwardCount(float[] sorted, int from, int step) {
        int count = 0;
        for (int i = from; i >= 0 && i < sorted.length && sorted[i] == sorted[from]; i += step) {
            count++;
        }
        return count;
    }
}
