// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;

/**
 * UniPC (Zhao et al. 2023, algorithms 1 and 2): a predictor UniP of order p in lambda, and a corrector UniC that redoes the
 * last step with the network's output at its end, for no further evaluation. Both have the form of eq. 3, for epsilon,
 * {@code x_t = alpha_t / alpha_s x - sigma_t (e^h - 1) m_0 - sigma_t B(h) sum of rho_k (m_k - m_0) / r_k}, or, for x_0, with the
 * roles of alpha and sigma exchanged and h negative. The rho solve the conditions of eq. 5: {@code sum of rho_k r_k^(j-1)} is
 * {@code b_j = h j! phi_(j+1)(h) / B(h)} for every j up to p.
 *
 * <p>A step to the image itself (h infinite) is of order 1, as a limit; diffusers 0.42.1 finds no number there for bh1, for
 * epsilon, and without lower_order_final. A step between equal levels (h zero) changes nothing.
 */
final class UniPc implements Scheduler {

    /** The function B(h). */
    enum SolverType {
        /** B(h) = h. */
        BH1,
        /** B(h) = e^h - 1. */
        BH2
    }

    /**
     * @param order of the predictor, 1 to 4; the corrector's is one more
     * @param predictX0 whether the polynomial is one of x_0, not of epsilon
     * @param uncorrected steps whose result isn't corrected
     */
    record Config(int order, boolean predictX0, SolverType solverType, boolean lowerOrderFinal, int[] uncorrected, SigmaConfig sigma) {

        static Config read(ConfigFields fields) {
            for (String key : new String[] {"solver_p", "shift_terminal"}) {
                if (fields.has(key)) {
                    throw fields.fault(key, "null");
                }
            }
            String solver = fields.text("solver_type", "bh2");
            double[] uncorrected = fields.numbers("disable_corrector");
            Config config = new Config(fields.integer("solver_order", 2), fields.flag("predict_x0", true),
                    // what DPM-Solver's order 2 is like, diffusers takes for its nearest here
                    solver.equals("midpoint") || solver.equals("heun") || solver.equals("logrho") ? SolverType.BH2
                            : fields.choice("solver_type", SolverType.BH2, SolverType.values()),
                    fields.flag("lower_order_final", true),
                    uncorrected == null ? new int[0] : Arrays.stream(uncorrected).mapToInt(step -> (int) step).toArray(),
                    SigmaConfig.ended(fields));
            ConfigFields.check(config.order >= 1 && config.order <= 4, "solver_order", config.order, "from 1 to 4");
            return config;
        }
    }

    private static final int BEGIN = 2;
    private static final int M0 = 3;

    private final Config config;
    private final Trajectory trajectory;
    private final X0Config x0;
    /** Of each step's terms: x, output, x where the step begins (once corrected), m_0, m_1, ... */
    private final double[][] predictor;
    /** Of the same terms, but x where the last step began; null where its result isn't corrected. */
    private final double[][] corrector;

    UniPc(Config config, Trajectory trajectory, X0Config x0) {
        this.config = config;
        this.trajectory = trajectory;
        this.x0 = config.predictX0 ? x0 : X0Config.FREE;
        int steps = trajectory.steps();
        predictor = new double[steps][];
        corrector = new double[steps][];
        for (int i = 0; i < steps; i++) {
            predictor[i] = weights(i, order(i), false);
            int before = i - 1;
            if (i > 0 && Arrays.stream(config.uncorrected).noneMatch(step -> step == before)) {
                corrector[i] = weights(before, order(before), true);
            }
        }
        Observation.fold(predictor, M0, trajectory, this.x0, !config.predictX0);
        Observation.fold(corrector, M0, trajectory, this.x0, !config.predictX0);
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        Config own = config.solver(Config.class);
        return new UniPc(own, Trajectory.preserving(Sigmas.open(config, own.sigma, numInferenceSteps), config.predictionType()), config.x0());
    }

    private int order(int i) {
        int left = trajectory.steps() - i;
        boolean toImage = trajectory.levels()[i + 1].sigma() == 0;
        return toImage ? 1 : Math.min(config.lowerOrderFinal ? Math.min(config.order, left) : config.order, i + 1);
    }

    /** Weights of the step from level i on; a corrector's with one more estimate, that at its end. */
    private double[] weights(int i, int order, boolean correct) {
        Level s = trajectory.levels()[i];
        Level t = trajectory.levels()[i + 1];
        double h = t.lambda() - s.lambda();
        // after the step, the newest estimate is the one at its end
        int first = correct ? M0 + 1 : M0;
        double[] weights = new double[M0 + 1 + config.order];
        if (h == 0) {
            weights[BEGIN] = 1;
            return weights;
        }
        double signed = config.predictX0 ? -h : h;
        weights[BEGIN] = config.predictX0 ? t.sigma() / s.sigma() : t.alpha() / s.alpha();
        weights[first] = config.predictX0 ? -t.alpha() * Math.expm1(-h) : t.sigma() - t.alpha() * s.sigma() / s.alpha();
        int differences = correct ? order : order - 1;
        if (differences == 0) {
            return weights;
        }
        double[] r = new double[differences];
        for (int k = 0; k < order - 1; k++) {
            r[k] = (trajectory.levels()[i - 1 - k].lambda() - s.lambda()) / h;
        }
        if (correct) {
            r[differences - 1] = 1;
        }
        double b = config.solverType == SolverType.BH1 ? signed : Math.expm1(signed);
        double[] rho = rho(r, signed, b);
        double factor = -(config.predictX0 ? t.alpha() : t.sigma()) * b;
        for (int k = 0; k < differences; k++) {
            double weight = factor * rho[k] / r[k];
            weights[correct && k == differences - 1 ? M0 : first + 1 + k] += weight;
            weights[first] -= weight;
        }
        return weights;
    }

    /** Solves eq. 5. One unknown is 1/2, which every B(h) allows. */
    private static double[] rho(double[] r, double h, double b) {
        int n = r.length;
        if (n == 1) {
            return new double[] {0.5};
        }
        double[][] powers = new double[n][n];
        double[] right = new double[n];
        double phi = Math.expm1(h) / h - 1;
        double factorial = 1;
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < n; k++) {
                powers[j][k] = Math.pow(r[k], j);
            }
            right[j] = phi * factorial / b;
            factorial *= j + 2;
            phi = phi / h - 1 / factorial;
        }
        return new LUDecomposition(new Array2DRowRealMatrix(powers)).getSolver().solve(new ArrayRealVector(right)).toArray();
    }

    @Override
    public double[] timesteps() {
        return trajectory.timesteps().clone();
    }

    @Override
    public double initNoiseSigma() {
        return 1;
    }

    @Override
    public Run start(int n, int c, int h, int w) {
        return new UniPcRun(n, c, h, w);
    }

    private final class UniPcRun implements Run {

        private final Observation observation;
        private final Tensor[] terms = new Tensor[M0 + 1 + config.order];

        UniPcRun(int n, int c, int h, int w) {
            observation = new Observation(trajectory, x0, !config.predictX0, n, c, h, w);
            for (int k = BEGIN; k < terms.length; k++) {
                terms[k] = Tensor.allocate(n, c, h, w);
            }
        }

        @Override
        public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise) {
            Mix.rotate(terms, M0);
            terms[Mix.X] = sample;
            terms[Mix.OUT] = observation.observe(i, modelOutput, sample, terms[M0]);
            if (corrector[i] != null) {
                Mix.sum(corrector[i], terms, terms[BEGIN]);
            } else {
                terms[BEGIN].buffer().put(0, sample.buffer(), 0, sample.size());
            }
            Mix.sum(predictor[i], terms, sample);
        }

        @Override
        public Tensor predOriginalSample() {
            return observation.predOriginalSample();
        }
    }
}
