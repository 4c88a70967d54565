// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Looks through an ONNX file for weights that lie elsewhere, before ONNX Runtime sees it: such a tensor names a file of
 * this machine, or an address of its memory. The file is a protobuf message (onnx.proto); only what can lead to a tensor
 * is entered.
 */
final class OnnxFile {

    /** What protobuf itself allows. */
    private static final int MAX_DEPTH = 100;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** The messages on the way to a tensor. */
    private enum Kind {
        MODEL, TRAINING, FUNCTION, GRAPH, NODE, ATTRIBUTE, SPARSE_TENSOR, TENSOR;

        /** The message in a field, or null where no tensor can be in it. */
        Kind inside(int field) {
            return switch (this) {
                case MODEL -> field == 7 ? GRAPH : field == 20 ? TRAINING : field == 25 ? FUNCTION : null;
                case TRAINING -> field == 1 || field == 2 ? GRAPH : null;
                case FUNCTION -> field == 7 ? NODE : field == 11 ? ATTRIBUTE : null;
                case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : field == 15 ? SPARSE_TENSOR : null;
                case NODE -> field == 5 ? ATTRIBUTE : null;
                case ATTRIBUTE -> switch (field) {
                    case 5, 10 -> TENSOR;
                    case 6, 11 -> GRAPH;
                    case 22, 23 -> SPARSE_TENSOR;
                    default -> null;
                };
                case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : null;
                case TENSOR -> null;
            };
        }
    }

    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int TENSOR_DATA_LOCATION = 14;

    private final String file;

    private OnnxFile(String file) {
        this.file = file;
    }

    /** @throws ModelException if a tensor's values lie outside the file, or the file is cut short or no protobuf */
    static void check(String file, byte[] onnx) {
        new OnnxFile(file).message(ByteBuffer.wrap(onnx), Kind.MODEL, 0);
    }

    private void message(ByteBuffer bytes, Kind kind, int depth) {
        if (depth > MAX_DEPTH) {
            throw damaged();
        }
        String name = "";
        boolean external = false;
        while (bytes.hasRemaining()) {
            long tag = varint(bytes);
            int field = (int) (tag >>> 3);
            if (field == 0 || tag >>> 32 != 0) {
                throw damaged();
            }
            switch ((int) (tag & 7)) {
                case VARINT -> external |= (int) varint(bytes) != 0 && kind == Kind.TENSOR && field == TENSOR_DATA_LOCATION;
                case FIXED64 -> take(bytes, Long.BYTES);
                case FIXED32 -> take(bytes, Integer.BYTES);
                case BYTES -> {
                    ByteBuffer content = take(bytes, varint(bytes));
                    if (kind.inside(field) != null) {
                        message(content, kind.inside(field), depth + 1);
                    }
                    external |= kind == Kind.TENSOR && field == TENSOR_EXTERNAL_DATA;
                    name = kind == Kind.TENSOR && field == TENSOR_NAME ? printable(content) : name;
                }
                default -> throw damaged();
            }
        }
        if (external) {
            throw new ModelException(file + " keeps the values of \"" + name + "\" in another file, and Sumi reads none but this one. "
                    + "Save it as one file: onnx.save_model(onnx.load(\"model.onnx\"), \"whole.onnx\").");
        }
    }

    private ByteBuffer take(ByteBuffer bytes, long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged();
        }
        ByteBuffer content = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return content;
    }

    private long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 70 && bytes.hasRemaining(); shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static String printable(ByteBuffer text) {
        String name = StandardCharsets.UTF_8.decode(text.slice(0, Math.min(text.remaining(), 80))).toString();
        return name.replaceAll("[^\\p{Print}]", "?");
    }

    private ModelException damaged() {
        return new ModelException(file + " is not a whole ONNX file. Copy or export it again.");
    }
}
