// SPDX-License-Identifier: BSD-2-Clause
/** Sumi: diffusion models for ImageJ and Fiji. */
package io.github.sumi;
