// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    @DisplayName("Pain 36: nobody knows how long it will take")
    void isCountedFromTheFirstStep() {
        TimeLeft time = new TimeLeft();
        assertEquals("10 %", time.text(0.1, 50 * SECOND));
        assertEquals("11 %", time.text(0.11, 51 * SECOND), "too early to tell");
        assertEquals("40 %, about 20 s left", time.text(0.4, 60 * SECOND));
        assertEquals("100 %", time.text(1, 80 * SECOND));
    }

    @Test
    void longTimesAreRounded() {
        assertEquals("50 %, about 5 min left", half(300));
        assertEquals("50 %, about 3 h left", half(10_000));
        assertEquals("50 %, about 119 s left", half(119));
    }

    private static String half(int seconds) {
        TimeLeft time = new TimeLeft();
        time.text(0, 0);
        return time.text(0.5, seconds * SECOND);
    }
}
