// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerConfigTest {

    /** Class, fields, and the name that the refusal must hold. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DDIMScheduler | \"set_alpha_to_one\": 1 | set_alpha_to_one",
        "DPMSolverMultistepScheduler | \"solver_order\": 4 | solver_order",
        "DPMSolverMultistepScheduler | \"algorithm_type\": \"deis2\" | algorithm_type",
        "DPMSolverMultistepScheduler | \"algorithm_type\": \"sde-dpmsolver\" | final_sigmas_type",
        "DPMSolverMultistepScheduler | \"algorithm_type\": \"sde-dpmsolver\", \"final_sigmas_type\": \"sigma_min\", \"solver_order\": 3 | solver_order",
        "DPMSolverMultistepScheduler | \"use_flow_sigmas\": true | use_flow_sigmas",
        "DPMSolverMultistepScheduler | \"use_karras_sigmas\": true, \"use_beta_sigmas\": true | use_karras_sigmas",
        "UniPCMultistepScheduler | \"solver_p\": {} | solver_p",
        "UniPCMultistepScheduler | \"solver_type\": \"bh3\" | solver_type",
        "EulerDiscreteScheduler | \"interpolation_type\": \"cubic\" | interpolation_type",
        "EulerDiscreteScheduler | \"sigma_min\": -1 | sigma_min",
        "PNDMScheduler | \"skip_prk_steps\": \"yes\" | skip_prk_steps",
        "LCMScheduler | \"original_steps\": 50 | original_steps",
        "EulerAncestralDiscreteScheduler | \"use_flow_sigmas\": true | use_flow_sigmas",
        "EDMEulerScheduler | \"prediction_type\": \"sample\" | prediction_type",
        "EDMDPMSolverMultistepScheduler | \"algorithm_type\": \"dpmsolver\" | algorithm_type",
        "EDMEulerScheduler | \"sigma_max\": 0.001 | sigma_max"})
    void whatIsNotKnownIsRefusedByName(String className, String fields, String name) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> SchedulerConfig.parse("{\"_class_name\": \"" + className + "\", " + fields + "}")).getMessage();
        assertTrue(message.contains(name), message);
    }

    /** What diffusers' save_pretrained writes for a DPMSolverMultistepScheduler, -Infinity and null included. */
    @Test
    void whatDiffusersWritesIsRead() {
        SchedulerConfig config = SchedulerConfig.parse("""
                {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.42.1", "algorithm_type": "dpmsolver++",
                "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001, "dynamic_thresholding_ratio": 0.995,
                "euler_at_final": false, "final_sigmas_type": "zero", "flow_shift": 1.0, "lambda_min_clipped": -Infinity,
                "lower_order_final": true, "num_train_timesteps": 1000, "prediction_type": "epsilon", "rescale_betas_zero_snr": false,
                "sample_max_value": 1.0, "solver_order": 2, "solver_type": "midpoint", "steps_offset": 0, "thresholding": false,
                "time_shift_type": "exponential", "timestep_spacing": "linspace", "trained_betas": null, "use_beta_sigmas": false,
                "use_dynamic_shifting": false, "use_exponential_sigmas": false, "use_flow_sigmas": false, "use_karras_sigmas": false,
                "use_lu_lambdas": false, "variance_type": null}""");
        assertEquals("dpmsolver++, order 2", config.describe());
        assertEquals(20, Schedulers.of(config, 20).timesteps().length);
    }

    @Test
    void anotherSamplerKeepsWhatTheNetworkWasTrainedWith() {
        SchedulerConfig trained = SchedulerConfig.parse("{\"beta_end\": 0.015, \"prediction_type\": \"v_prediction\", \"timestep_spacing\": \"trailing\","
                + " \"rescale_betas_zero_snr\": true, \"variance_type\": \"fixed_large\"}");
        for (Sampler sampler : Sampler.values()) {
            if (!sampler.type().edm()) {
                SchedulerConfig config = trained.with(sampler, 0);
                assertEquals(PredictionType.V_PREDICTION, config.predictionType());
                assertArrayEquals(NoiseSchedule.of(trained).betas(), NoiseSchedule.of(config).betas(), sampler.key());
                assertEquals(TimestepSpacing.TRAILING, config.spacing().timestepSpacing());
            }
        }
        assertEquals(TimestepSpacing.LINSPACE, SchedulerConfig.ddpm().with(Sampler.DPMPP, 0).spacing().timestepSpacing());
        assertEquals(SchedulerConfig.ddpm().toString(), "DDPMScheduler{}");
    }

    /** As diffusers writes it after two conversions: each class's fields wait for it. */
    @Test
    void fieldsOfOtherClassesAreKeptForThem() {
        SchedulerConfig config = SchedulerConfig.parse("{\"_class_name\": \"EulerAncestralDiscreteScheduler\", \"variance_type\": \"fixed_large\","
                + " \"solver_order\": 3, \"set_alpha_to_one\": false, \"use_karras_sigmas\": true}");
        assertEquals(Schedulers.of(SchedulerConfig.ddpm().with(Sampler.EULER_ANCESTRAL, 0), 9).timesteps()[4],
                Schedulers.of(config, 9).timesteps()[4]);
        assertEquals(VarianceType.FIXED_LARGE, config.with(Sampler.DDPM, 0).solver(DdpmScheduler.Config.class).varianceType());
        assertEquals("dpmsolver++, order 3", config.with(Sampler.DPMPP, 0).describe());
        assertFalse(config.with(Sampler.DDIM, 0).solver(DdimScheduler.Config.class).setAlphaToOne());
    }

    @Test
    void edmNetworksAndTheOthersDoNotMix() {
        SchedulerConfig edm = SchedulerConfig.parse("{\"_class_name\": \"EDMEulerScheduler\"}");
        assertThrows(IllegalArgumentException.class, () -> edm.with(Sampler.DDIM, 0));
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.ddpm().with(Sampler.EDM_EULER, 0));
        assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.of(edm));
        assertEquals("edm dpmsolver++, order 2", edm.with(Sampler.EDM_DPMPP, 0).describe());
    }

    @Test
    void limitsOfX0GoAwayForGood() {
        SchedulerConfig config = SchedulerConfig.ddpm();
        assertTrue(config.x0().limits());
        assertFalse(config.withoutClipping().with(Sampler.DDIM, 1).x0().limits());
    }

    @Test
    void etaIsDdimsAlone() {
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.ddpm().with(Sampler.EULER, 0.5));
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.ddpm().with(Sampler.DDIM, 1.5));
    }

    /** The limit of dpmsolver's last step to no noise at all is x_0 as the network sees it; diffusers refuses it. */
    @Test
    void dpmsolverEndsAtTheImage() {
        SchedulerConfig config = SchedulerConfig.parse("{\"_class_name\": \"DPMSolverMultistepScheduler\", \"algorithm_type\": \"dpmsolver\"}");
        Scheduler scheduler = Schedulers.of(config, 1);
        Tensor x = Tensor.allocate(1, 1, 1, 1);
        Tensor epsilon = Tensor.allocate(1, 1, 1, 1);
        x.buffer().put(0, 0.5f);
        epsilon.buffer().put(0, 0.4f);
        scheduler.start(1, 1, 1, 1).step(0, epsilon, x, (step, z) -> { });
        double a = NoiseSchedule.of(config).alphaCumprod(999);
        assertEquals((0.5 - Math.sqrt(1 - a) * 0.4) / Math.sqrt(a), x.buffer().get(0), 1e-5);
    }
}
