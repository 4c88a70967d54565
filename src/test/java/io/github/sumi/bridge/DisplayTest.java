// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A test in a real ImageJ window, which has no other windows before and after. */
@Tag("display")
abstract class DisplayTest {

    @BeforeAll
    static void start() throws Exception {
        Desktop.start();
    }

    @BeforeEach
    @AfterEach
    void closeAll() {
        Desktop.closeAll();
    }
}
