// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/** Generates on request and says how long it took, so that another program can take turns with it: sumi_train.speed. */
public final class ChainClock {

    private ChainClock() {
    }

    /**
     * Reads lines "MODEL SAMPLER STEPS COUNT SIZE" and answers each with the seconds of these images: all of {@link Generator#generate}, without
     * loading the model.
     */
    public static void main(String[] arguments) throws IOException {
        Scanner requests = new Scanner(System.in, StandardCharsets.UTF_8);
        while (requests.hasNextLine()) {
            String[] words = requests.nextLine().split(" ");
            Model model = ModelLibrary.standard(null).find(words[0]);
            int size = Integer.parseInt(words[4]);
            GenerateOptions options = new GenerateOptions(Integer.parseInt(words[3]), size, size, Integer.parseInt(words[2]), 1, 0, null, null)
                    .withSampling(Sampling.of(words[1], 0));
            try (Generator generator = new Generator(model, options)) {
                long begin = System.nanoTime();
                generator.generate(Progress.NONE);
                System.out.println("seconds " + (System.nanoTime() - begin) / 1e9);
            }
        }
    }
}
