// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.Sampler;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.SchedulerType;

/**
 * What takes a chain's steps.
 *
 * @param sampler null for the model's own
 * @param eta 0 to 1, how much noise ddim adds
 */
public record Sampling(Sampler sampler, double eta) {

    /** The value of the key sampler that means the model's own. */
    public static final String MODEL = "model";

    /** @throws IllegalArgumentException if eta is out of range */
    public Sampling {
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException("eta is " + eta + "; it must be from 0 to 1.");
        }
    }

    /**
     * What the values of the keys sampler and eta mean.
     *
     * @throws IllegalArgumentException if there is no such sampler, or eta is out of range
     */
    public static Sampling of(String sampler, double eta) {
        return new Sampling(sampler.equals(MODEL) ? null : Sampler.of(sampler), eta);
    }

    /** The value of the key sampler. */
    public String key() {
        return sampler == null ? MODEL : sampler.key();
    }

    /** The model's configuration for this sampler. */
    SchedulerConfig of(SchedulerConfig config) {
        boolean own = sampler == null && config.type() != SchedulerType.DDIM;
        if (own && eta != 0) {
            throw new IllegalArgumentException("eta is " + eta + ", but the model's own sampler is " + config.describe() + "; only ddim has an eta.");
        }
        return own ? config : config.with(sampler == null ? Sampler.DDIM : sampler, eta);
    }

    /**
     * The same for denoising, which needs a chain that draws from the posterior.
     *
     * @throws IllegalArgumentException if this one doesn't
     */
    SchedulerConfig ofPosterior(SchedulerConfig config) {
        boolean ddim = sampler == Sampler.DDIM || sampler == null && config.type() == SchedulerType.DDIM;
        SchedulerConfig chosen = new Sampling(sampler, ddim ? eta : 0).of(config);
        if (!chosen.drawsPosterior()) {
            throw new IllegalArgumentException((sampler == null ? "the model's own sampler, " + chosen.describe() : "the sampler " + sampler.key()
                    + (ddim ? " with eta " + eta : "")) + ", draws no samples of what the clean image may be; ddpm, ddim with eta 1 and dpmpp-sde do.");
        }
        return chosen;
    }
}
