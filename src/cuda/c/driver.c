// SPDX-License-Identifier: BSD-2-Clause
// Stands in for NVIDIA's driver on a machine that has none: it has no GPU, and the version that STUB_DRIVER says (12090 is CUDA 12.9).
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, NO_DEVICE = 100 };

int cuDriverGetVersion(int *version) {
    const char *text = getenv("STUB_DRIVER");
    *version = text ? atoi(text) : 12090;
    return SUCCESS;
}

int cuInit(unsigned flags) {
    return NO_DEVICE;
}

static int without_gpu(void) {
    return NO_DEVICE;
}

int cuGetProcAddress_v2(const char *symbol, void **function, int version, unsigned long flags, void *status) {
    *function = strcmp(symbol, "cuDriverGetVersion") == 0 ? (void *) cuDriverGetVersion : strcmp(symbol, "cuInit") == 0 ? (void *) cuInit
            : strcmp(symbol, "cuGetProcAddress") == 0 ? (void *) cuGetProcAddress_v2 : (void *) without_gpu;
    return SUCCESS;
}

int cuGetProcAddress(const char *symbol, void **function, int version, unsigned long flags) {
    return cuGetProcAddress_v2(symbol, function, version, flags, 0);
}
