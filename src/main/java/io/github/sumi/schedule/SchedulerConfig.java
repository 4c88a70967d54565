// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Locale;
import java.util.Objects;

/**
 * scheduler_config.json as diffusers writes it; the names and defaults of the fields are diffusers'. What all schedulers
 * share is read here, what only one of them has is the {@code Config} record of that one.
 *
 * <p>A model that was trained with one scheduler can be sampled with another ({@link #with}): fields of the new class that the
 * file has keep their values, the others get the class's defaults, as in diffusers' {@code from_config}. So the file may hold
 * fields of other classes, without effect on its own. The noise schedule and the prediction type are the network's, so they
 * always stay.
 */
public final class SchedulerConfig {

    private final SchedulerType type;
    private final ConfigFields fields;
    private final double eta;
    private final BetaConfig betas;
    private final PredictionType predictionType;
    private final X0Config x0;
    private final SpacingConfig spacing;
    private final Record solver;

    private SchedulerConfig(SchedulerType type, ConfigFields fields, double eta) {
        this.type = type;
        this.fields = fields;
        this.eta = eta;
        predictionType = fields.choice("prediction_type", PredictionType.EPSILON, PredictionType.values());
        betas = type.edm() ? null : switch (type) {
            case HEUN_DISCRETE -> BetaConfig.read(fields, 0.00085, 0.012, BetaSchedule.LINEAR);
            case LCM -> BetaConfig.read(fields, 0.00085, 0.012, BetaSchedule.SCALED_LINEAR);
            default -> BetaConfig.read(fields, 1e-4, 0.02, BetaSchedule.LINEAR);
        };
        x0 = switch (type) {
            case DDPM, DDIM -> X0Config.both(fields, true);
            case LCM -> X0Config.both(fields, false);
            case HEUN_DISCRETE -> X0Config.clipping(fields, false);
            case DPM_SOLVER_MULTISTEP, UNIPC_MULTISTEP, EDM_DPM_SOLVER_MULTISTEP -> X0Config.thresholding(fields);
            case EULER_DISCRETE, EULER_ANCESTRAL_DISCRETE, PNDM, EDM_EULER -> X0Config.FREE;
        };
        spacing = switch (type) {
            case DDPM, DDIM, PNDM, LCM -> SpacingConfig.read(fields, TimestepSpacing.LEADING);
            case EDM_EULER, EDM_DPM_SOLVER_MULTISTEP -> null;
            default -> SpacingConfig.read(fields, TimestepSpacing.LINSPACE);
        };
        solver = switch (type) {
            case DDPM -> DdpmScheduler.Config.read(fields);
            case DDIM -> DdimScheduler.Config.read(fields, eta);
            case DPM_SOLVER_MULTISTEP -> DpmSolver.Config.read(fields);
            case UNIPC_MULTISTEP -> UniPc.Config.read(fields);
            case EULER_DISCRETE -> Euler.Config.read(fields);
            case EULER_ANCESTRAL_DISCRETE -> Euler.Config.ancestral();
            case HEUN_DISCRETE -> Heun.Config.read(fields);
            case PNDM -> Pndm.Config.read(fields);
            case LCM -> Lcm.Config.read(fields);
            case EDM_EULER -> EdmConfig.read(fields, false);
            case EDM_DPM_SOLVER_MULTISTEP -> EdmConfig.read(fields, true);
        };
        if (type.edm()) {
            fields.integer("num_train_timesteps", 1000);
            ConfigFields.check(predictionType != PredictionType.SAMPLE, "prediction_type", "sample", "epsilon or v_prediction for an EDM network");
        } else {
            ConfigFields.check(spacing.stepsOffset() < betas.numTrainTimesteps(), "steps_offset", spacing.stepsOffset(),
                    "from 0 to num_train_timesteps - 1");
        }
    }

    /** diffusers' defaults of a DDPMScheduler. */
    public static SchedulerConfig ddpm() {
        return parse("{}");
    }

    /**
     * Reads the text of scheduler_config.json; a DDPMScheduler's where it names no class.
     *
     * @throws IllegalArgumentException if it isn't a JSON object, or a field or value isn't known; it is named
     */
    public static SchedulerConfig parse(String json) {
        ConfigFields fields = ConfigFields.parse(json);
        SchedulerConfig config = new SchedulerConfig(SchedulerType.of(fields.text("_class_name", SchedulerType.DDPM.className())), fields, 0);
        SigmaConfig.refuseFlow(fields);
        fields.refuseUnknown();
        return config;
    }

    /**
     * The configuration to sample the same network with another scheduler.
     *
     * @param eta 0 to 1, how much of the posterior's noise ddim adds (Song et al. 2021, eq. 16); 0 for every other sampler
     * @throws IllegalArgumentException if the network doesn't go with the sampler, or eta is out of range or not the sampler's
     */
    public SchedulerConfig with(Sampler sampler, double eta) {
        ConfigFields.check(eta >= 0 && eta <= 1, "eta", eta, "from 0 to 1");
        if (eta != 0 && sampler != Sampler.DDIM) {
            throw new IllegalArgumentException("eta is " + eta + ", but the sampler is " + sampler.key() + "; only ddim has an eta.");
        }
        if (sampler.type().edm() != type.edm()) {
            throw new IllegalArgumentException("the sampler " + sampler.key() + " doesn't go with the network of an " + type.className()
                    + "; " + (type.edm() ? "edm-euler, edm-dpmpp and edm-dpmpp-sde do." : "those without edm do."));
        }
        ConfigFields network = (type.edm() ? fields : betas.pin(fields)).with("prediction_type", predictionType);
        return new SchedulerConfig(sampler.type(), sampler.pin(network), eta);
    }

    /** The same without clipping or thresholding of x_0, as denoising needs it. */
    public SchedulerConfig withoutClipping() {
        return new SchedulerConfig(type, fields.with("clip_sample", false).with("thresholding", false), eta);
    }

    public SchedulerType type() {
        return type;
    }

    /** What the network predicts. */
    public PredictionType predictionType() {
        return predictionType;
    }

    /** Whether the network predicts the variance too, in as many channels again; also where the class of scheduler makes no use of it. */
    public boolean learnsVariance() {
        return fields.isOneOf("variance_type", VarianceType.LEARNED, VarianceType.LEARNED_RANGE);
    }

    /** Whether a chain that is entered in the middle, at a noisy image, draws from the posterior of x_0 given that image. */
    public boolean drawsPosterior() {
        return type == SchedulerType.DDPM || type == SchedulerType.DDIM && eta == 1
                || type == SchedulerType.DPM_SOLVER_MULTISTEP && algorithm() == DpmSolver.Algorithm.SDE_DPMSOLVER_PP;
    }

    private DpmSolver.Algorithm algorithm() {
        return (type.edm() ? solver(EdmConfig.class).solver() : solver(DpmSolver.Config.class)).algorithm();
    }

    /** Scheduler and variant in a few words. */
    public String describe() {
        return switch (type) {
            case DDIM -> "ddim, eta " + eta;
            case DPM_SOLVER_MULTISTEP -> algorithm() + ", order " + solver(DpmSolver.Config.class).order();
            case EDM_DPM_SOLVER_MULTISTEP -> "edm " + algorithm() + ", order " + solver(EdmConfig.class).solver().order();
            case UNIPC_MULTISTEP -> "unipc, order " + solver(UniPc.Config.class).order();
            default -> type.name().toLowerCase(Locale.ROOT).replace('_', '-').replace("-discrete", "");
        };
    }

    /** Null for EDM networks. */
    BetaConfig betas() {
        return betas;
    }

    X0Config x0() {
        return x0;
    }

    /** Null for EDM networks. */
    SpacingConfig spacing() {
        return spacing;
    }

    /** What only this class of scheduler has. */
    <C extends Record> C solver(Class<C> config) {
        if (!config.isInstance(solver)) {
            throw new IllegalArgumentException("the configuration is that of a " + type.className() + ".");
        }
        return config.cast(solver);
    }

    /** Whether the other makes the same scheduler; what it keeps for other classes doesn't count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulerConfig that && type == that.type && eta == that.eta && predictionType == that.predictionType
                && Objects.equals(betas, that.betas) && x0.equals(that.x0) && Objects.equals(spacing, that.spacing)
                && solver.equals(that.solver);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, predictionType, betas, spacing, solver);
    }

    @Override
    public String toString() {
        return type.className() + "[" + describe() + ", " + predictionType.name().toLowerCase(Locale.ROOT) + (type.edm() ? ""
                : ", " + betas.describe() + ", " + spacing.timestepSpacing().name().toLowerCase(Locale.ROOT)) + "]";
    }
}
