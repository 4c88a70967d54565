// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

/** A device can't be used here. */
public final class DeviceException extends ModelException {

    private static final long serialVersionUID = 1L;

    private final String device;
    private final String reason;

    /**
     * @param device its name, such as CUDA
     * @param reason what is wrong, a clause such as "libcuda.so.1 is missing"
     * @param remedy a sentence
     */
    DeviceException(String device, String reason, String remedy, Throwable cause) {
        super(device + " can't be used: " + reason + ". " + remedy, cause);
        this.device = device;
        this.reason = printable(reason);
    }

    /** Device and reason in a few words, such as "CUDA: libcuda.so.1 is missing". */
    public String brief() {
        return device + ": " + reason;
    }
}
