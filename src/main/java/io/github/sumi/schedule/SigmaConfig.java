// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the noise levels of a chain are spread, where timesteps alone don't say it; sigma is the noise over the signal.
 *
 * @param spread how
 * @param finalSigmasType where the chain ends
 * @param sigmaMin last sigma of a spread; null for the network's
 * @param sigmaMax first sigma of a spread; null for the network's
 * @param lambdaMinClipped timesteps of a smaller lambda are left out
 */
record SigmaConfig(Spread spread, FinalSigmas finalSigmasType, Double sigmaMin, Double sigmaMax, double lambdaMinClipped) {

    /** Of n levels between the largest and the smallest sigma. */
    enum Spread {
        /** Those of the timesteps. */
        TIMESTEPS,
        /** Even in sigma^(1/7) (Karras et al. 2022, eq. 5). */
        KARRAS,
        /** Even in log sigma. */
        EXPONENTIAL,
        /** Quantiles of the beta distribution (Lee et al. 2024, "Beta sampling is all you need"). */
        BETA,
        /** Even in lambda (Lu et al. 2022), at whole timesteps. */
        LU
    }

    /** By diffusers' names. */
    enum FinalSigmas {
        /** The image itself. */
        ZERO,
        /** The noise of timestep 0. */
        SIGMA_MIN
    }

    /** The levels of the timesteps, to the image. */
    static final SigmaConfig PLAIN = new SigmaConfig(Spread.TIMESTEPS, FinalSigmas.ZERO, null, null, Double.NEGATIVE_INFINITY);

    private static final Map<String, Spread> FLAGS = Map.of("use_karras_sigmas", Spread.KARRAS, "use_exponential_sigmas",
            Spread.EXPONENTIAL, "use_beta_sigmas", Spread.BETA, "use_lu_lambdas", Spread.LU);

    /** Of a DPMSolverMultistepScheduler. */
    static SigmaConfig solver(ConfigFields fields) {
        return new SigmaConfig(spread(fields, true), finals(fields), null, null, fields.numberOrMinusInfinity("lambda_min_clipped"));
    }

    /** Of a UniPCMultistepScheduler or an EulerDiscreteScheduler. */
    static SigmaConfig ended(ConfigFields fields) {
        return new SigmaConfig(spread(fields, false), finals(fields), sigma(fields, "sigma_min"), sigma(fields, "sigma_max"),
                Double.NEGATIVE_INFINITY);
    }

    /** Of a HeunDiscreteScheduler. */
    static SigmaConfig spreadOnly(ConfigFields fields) {
        return new SigmaConfig(spread(fields, false), FinalSigmas.ZERO, null, null, Double.NEGATIVE_INFINITY);
    }

    static FinalSigmas finals(ConfigFields fields) {
        return fields.choice("final_sigmas_type", FinalSigmas.ZERO, FinalSigmas.values());
    }

    private static Spread spread(ConfigFields fields, boolean lu) {
        List<Spread> spreads = new ArrayList<>();
        FLAGS.forEach((flag, spread) -> {
            if ((lu || spread != Spread.LU) && fields.flag(flag, false)) {
                spreads.add(spread);
            }
        });
        if (spreads.size() > 1) {
            throw new IllegalArgumentException("Of use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas and use_lu_lambdas"
                    + " only one may be true; these are: " + spreads + ".");
        }
        return spreads.isEmpty() ? Spread.TIMESTEPS : spreads.get(0);
    }

    private static Double sigma(ConfigFields fields, String key) {
        if (!fields.has(key)) {
            return null;
        }
        double sigma = fields.number(key, 1);
        ConfigFields.check(sigma > 0, key, sigma, "above 0");
        return sigma;
    }

    /** Refuses the flow models that share some classes; their other fields have no effect without. */
    static void refuseFlow(ConfigFields fields) {
        for (String flag : List.of("use_flow_sigmas", "use_dynamic_shifting")) {
            if (fields.flag(flag, false)) {
                throw fields.fault(flag, "false: flow models aren't known");
            }
        }
        fields.text("time_shift_type", "exponential");
    }
}
