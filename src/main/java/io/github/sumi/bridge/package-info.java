// SPDX-License-Identifier: BSD-2-Clause
/** Runs SciJava commands from the menus and macros of plain ImageJ 1.54, which knows nothing of SciJava. */
package io.github.sumi.bridge;
