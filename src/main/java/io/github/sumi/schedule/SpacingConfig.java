// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * Which timesteps a short chain visits.
 *
 * @param timestepSpacing how they are spread
 * @param stepsOffset added to the timesteps of leading spacing
 */
record SpacingConfig(TimestepSpacing timestepSpacing, int stepsOffset) {

    SpacingConfig {
        ConfigFields.check(stepsOffset >= 0, "steps_offset", stepsOffset, "from 0 to num_train_timesteps - 1");
    }

    static SpacingConfig read(ConfigFields fields, TimestepSpacing fallback) {
        return new SpacingConfig(fields.choice("timestep_spacing", fallback, TimestepSpacing.values()), fields.integer("steps_offset", 0));
    }
}
