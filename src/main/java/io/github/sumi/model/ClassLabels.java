// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The classes that a network can be told to make.
 *
 * @param names what each is called, by its index; empty where the network takes no class
 * @param unconditional the class that stands for "no label", which classifier-free guidance needs; null where there is none
 */
public record ClassLabels(List<String> names, Integer unconditional) {

    /** Of a network without classes. */
    public static final ClassLabels NONE = new ClassLabels(List.of(), null);
    /** No class, by this name: the value of the key label that takes the classes in turn. */
    public static final String ALL = "all";

    private static final String COUNT = "num_class_embeds";
    private static final String NAMES = "labels";
    private static final int MAX_CLASSES = 100_000;
    private static final int SHOWN = 20;

    public ClassLabels {
        names = List.copyOf(names);
    }

    /** @throws ModelException where the names are not those of the network's classes */
    static ClassLabels read(Json unet, Json sumi) {
        int named = sumi.length(NAMES);
        if (!unet.has(COUNT)) {
            if (named > 0) {
                throw sumi.fault(NAMES, "none, since unet/config.json has no " + COUNT);
            }
            return NONE;
        }
        int count = unet.integer(COUNT, 0, 1, MAX_CLASSES);
        if (!sumi.has(NAMES)) {
            return new ClassLabels(IntStream.range(0, count).mapToObj(String::valueOf).toList(), null);
        }
        if (named == 0 || named != count && named != count - 1) {
            throw sumi.fault(NAMES, count + " names, or " + (count - 1) + " where the last class is that of no label");
        }
        List<String> names = new ArrayList<>();
        for (JsonElement element : sumi.object().getAsJsonArray(NAMES)) {
            names.add(name(sumi, element));
        }
        if (new HashSet<>(names).size() < named) {
            throw sumi.fault(NAMES, "names that differ");
        }
        return new ClassLabels(names, named < count ? named : null);
    }

    private static String name(Json sumi, JsonElement element) {
        boolean text = element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
        if (!text || !element.getAsString().matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}") || element.getAsString().toLowerCase(Locale.ROOT).equals(ALL)) {
            throw sumi.fault(NAMES, "texts of up to 100 letters, digits, spaces, dots, _ and -, none of them \"" + ALL + "\"");
        }
        return element.getAsString();
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * The class of a label.
     *
     * @param label a name, or the index of one
     * @throws IllegalArgumentException with the names, if it is neither
     */
    public int index(String label) {
        int named = names.indexOf(label);
        if (named >= 0) {
            return named;
        }
        if (label.matches("[0-9]{1,6}") && Integer.parseInt(label) < names.size()) {
            return Integer.parseInt(label);
        }
        throw new IllegalArgumentException("label is \"" + ModelException.printable(label) + "\"; it must be " + ALL + ", or one of " + describe() + ".");
    }

    /** The names, of many the first ones. */
    public String describe() {
        return names.size() <= SHOWN ? String.join(", ", names)
                : String.join(", ", names.subList(0, SHOWN)) + ", ... (" + names.size() + " in all)";
    }
}
