// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

/** The inputs of a command that are still open once its services are in place. */
final class Inputs {

    private final Module module;
    private final List<Option> options = new ArrayList<>();
    private final Option image;

    /**
     * @param pool the objects that there are of a type
     * @throws IllegalArgumentException if an input is required that ImageJ cannot ask for
     */
    Inputs(Module module, Function<Class<?>, List<?>> pool) {
        this.module = module;
        for (ModuleItem<?> item : module.getInfo().inputs()) {
            if (!module.isInputResolved(item.getName())) {
                Option.of(module, item, pool).ifPresentOrElse(options::add, () -> checkSpare(item));
            }
        }
        List<Option> images = options.stream().filter(option -> option.kind() == Option.Kind.IMAGE).toList();
        image = images.size() == 1 ? images.get(0) : null;
        options.remove(image);
    }

    private void checkSpare(ModuleItem<?> item) {
        if (item.isRequired() && item.getVisibility() != ItemVisibility.INVISIBLE && module.getInput(item.getName()) == null) {
            throw new IllegalArgumentException("The input " + item.getName() + " is a " + item.getType().getSimpleName()
                    + ", which ImageJ cannot ask for.");
        }
    }

    /** What a dialog shows; a single image is not among them, since it is the current one. */
    List<Option> asked() {
        return List.copyOf(options);
    }

    /** What a macro may give. */
    List<Option> given() {
        List<Option> given = new ArrayList<>(valued());
        if (image != null) {
            given.add(image);
        }
        return given;
    }

    /** The command's own values as texts. */
    Map<String, String> initial() {
        Map<String, String> texts = new LinkedHashMap<>();
        valued().forEach(option -> texts.put(option.key(), option.text(option.initial())));
        return texts;
    }

    /** @throws IllegalArgumentException with a sentence, if an image is needed and none is open */
    void checkImage(Set<String> given) {
        if (image != null && image.required() && !given.contains(image.key())) {
            Images.current();
        }
    }

    /**
     * Hands the values to the command.
     *
     * @param texts by key; for a missing one the command's own value stays, for a single image it is the current one
     * @throws IllegalArgumentException if a text is wrong, or a required value missing
     */
    void fill(Map<String, String> texts) {
        set(texts);
        // runs the command's validaters, if it names some
        valued().forEach(option -> module.resolveInput(option.name()));
        if (image != null) {
            module.resolveInput(image.name());
        }
    }

    /**
     * Hands over the values of a dialog that is still open.
     *
     * @throws IllegalArgumentException if a text is wrong, or a required value missing
     */
    void set(Map<String, String> texts) {
        for (Option option : valued()) {
            String text = texts.get(option.key());
            set(option, text == null ? option.initial() : option.parse(text));
        }
        if (image != null) {
            set(image, texts.containsKey(image.key()) ? image.parse(texts.get(image.key())) : active());
        }
    }

    /** What the command itself finds wrong with the values that it has. */
    Optional<String> problem() {
        return valued().stream().map(option -> module.getInfo().getInput(option.name()).validateMessage(module)).filter(Objects::nonNull)
                .findFirst();
    }

    /** The values as a macro would give them; one that was and is null is left out. */
    Map<String, String> recorded() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Option option : valued()) {
            Object value = module.getInput(option.name());
            if (value != null || option.initial() != null) {
                texts.put(option.key(), option.text(value));
            }
        }
        return texts;
    }

    /** Leaves out what the command has taken back while it ran: as in Fiji, a value that then is null is not recorded. */
    void forget(Map<String, String> recorded) {
        valued().stream().filter(option -> module.getInput(option.name()) == null && !recorded.getOrDefault(option.key(), "").isEmpty())
                .forEach(option -> recorded.remove(option.key()));
    }

    private List<Option> valued() {
        return options.stream().filter(option -> option.kind() != Option.Kind.MESSAGE).toList();
    }

    private ImagePlus active() {
        return image.required() ? Images.current() : WindowManager.getCurrentImage();
    }

    private void set(Option option, Object value) {
        if (value == null && option.required()) {
            throw new IllegalArgumentException(option.key() + " is missing; it has no value of its own.");
        }
        module.setInput(option.name(), value);
    }
}
